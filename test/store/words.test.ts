/** A search asks the kept words of a message where they suffice; what it finds is what the letters say. */
import { describe, expect, test, vi } from "vitest";
import { htmlToText, type Letter, readLetter } from "../../src/mail/mod.ts";
import { compilePattern } from "../../src/notation/mod.ts";
import { LetterShelf } from "../../src/store/letter-shelf.ts";
import { MessageShelf } from "../../src/store/message-shelf.ts";
import { MemoryStore } from "../../src/store/mod.ts";
import { parseSearch, type SearchNode } from "../../src/store/search.ts";
import { StoredMessage } from "../../src/store/stored-message.ts";
import { add, noLimits, octetsOf, type Sample, transactionOf } from "./sample.ts";

const multipart = (type: string, ...parts: string[]): Pick<Sample, "header" | "body"> => ({
  header: `Subject: Parts\nMIME-Version: 1.0\nContent-Type: multipart/${type}; boundary="b"`,
  body: `${parts.map((part) => `--b\n${part}\n`).join("")}--b--`,
});
const leaf = (fields: string, body: string): string => `Content-Type: ${fields}\n\n${body}`;

const oddMails: readonly Sample[] = [
  { header: "Subject: Welcome\nFrom: Ada <ada@x.test>", body: "Please pay\n  the\tinvoice\n\ntoday." },
  { header: "Subject: the\n\tinvoice of\n  May", body: "nothing" },
  // The words of a phrase in different places are no phrase.
  { header: "Subject: please pay", body: "the invoice" },
  { header: "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=", body: "GRÜSSE, ΟΔΟΣ ΣΑΣ, İstanbul" },
  {
    ...multipart("alternative", leaf("text/plain", "plain words"), leaf("text/html", "<b>mark</b>up words")),
  },
  { ...multipart("mixed", leaf("text/html", "<p>Caf&eacute;&nbsp;au&#32;lait</p><style>hidden</style>")) },
  {
    header: "Subject: Charset\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64",
    body: "5M/T1MHXy8E=",
  },
  {
    header: "Subject: Soft\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable",
    body: "The inv=\noice is =\ntoday 10=E2=82=AC",
  },
  { ...multipart("mixed", leaf("message/rfc822", "Subject: inner\n\nburied"), leaf("text/plain", "outer")) },
  {
    ...multipart("mixed", leaf('application/pdf; name="Report 2030.pdf"', "unseen"), leaf("text/plain", "x")),
  },
  { from: '"ada"@quoted.test', to: ['"bob smith"@quoted.test'], body: "quoted people" },
  { header: "To: =?utf-8?Q?Zo=C3=AB?= <zoe@x.test>, Group: a@x.test, b@x.test;\nCc: c@x.test", body: "" },
  { header: "Subject: NUL", body: "left\0right" },
  { header: "Content-Type: text/plain; format=flowed", body: "flowed \nlines here" },
  { header: "not a header at all", body: "5*3 = 15? a\\b /path/" },
  { header: "", body: "" },
];

/** The odd mails, as m1 and so on. */
async function storeOf(): Promise<MemoryStore> {
  const store = new MemoryStore(noLimits);
  for (const mail of oddMails) await add(store, { to: ["carol@y.test"], ...mail });
  return store;
}

const searches: readonly string[] = [
  ...["invoice", "INVOICE", "inv", "voice is", "ada", "ada@quoted", '"ada"@quoted', "smith", "zoë", "grüße"],
  ...["grüsse", "οδος", "οδοσ", "i̇stanbul", "İstanbul", "istanbul", "café", "hidden", "buried", "inner"],
  ...["unseen", "report", "достав", "markup", "left\0right", "10€", "sender@a", "5\\*3", "a\\b", "15", "ß"],
  ...['"pay the invoice"', '"the invoice"', '"please pay the"', '"pay  the"', '"2030.pdf"', '"au lait"'],
  // Where one field ends and the next one begins.
  ...["NUL\0sender", '"NUL sender@a.test"'],
  ...['"bob smith"', '"flowed lines"', '"5*3"', '"x.test"', '"left right"', '"plain words"', '"invoice"'],
  ...["inv*today", "pay*invoice", "p?y", "w?rds", "*", "a*@x.test", "re*2030*", "left?right", "lef*ght"],
  ...["/invoice/", "/INVOICE/", "/inv.*day/is", "/^the invoice$/i", "/left.right/s", "/\\s\\s/", "/^$/"],
];

/** The same, told by the letter alone. */
function isIn(node: SearchNode, letter: Letter, envelope: StoredMessage["envelope"]): boolean {
  if (node.kind === "not") return !isIn(node.node, letter, envelope);
  if (node.kind === "all") return node.nodes.every((one) => isIn(one, letter, envelope));
  if (node.kind !== "anywhere") throw new Error(`no oracle for ${node.kind}`);
  const test = compilePattern(node.pattern, "contains");
  const { subject, text, html, from, to, cc, bcc, replyTo, attachments } = letter;
  const people = [...(from === null ? [] : [from]), ...to, ...cc, ...bcc, ...replyTo];
  const texts = [subject, text ?? "", html === null ? "" : htmlToText(html)];
  return [
    ...texts.map((one) => (node.folded ? one.replace(/\s+/g, " ") : one)),
    ...people.flatMap(({ name, address }) => [name, address]),
    ...[envelope.from, ...envelope.to].flatMap((one) => [one, one.replace(/^"(ada)"/, "$1")]),
    ...attachments.flatMap(({ filename }) => filename ?? []),
  ].some(test);
}

describe("words: find what the letters hold", () => {
  test.each(searches.flatMap((line) => [line, `-${line}`]))("%j", async (q) => {
    const store = await storeOf();
    const wanted: string[] = [];
    for (const [at, mail] of oddMails.entries()) {
      const { from = "sender@a.test", to = ["carol@y.test"] } = mail;
      const envelope = { from, to: [...to] };
      if (isIn(parseSearch(q), readLetter(octetsOf(mail)), envelope)) wanted.unshift(`m${at + 1}`);
    }
    // The first search reads them, the second one knows them.
    for (const _ of ["first", "again"]) {
      const { messages } = await store.messages({ q }, { limit: 50 });
      expect(messages.map(({ id }) => id)).toStrictEqual(wanted);
    }
  });

  test("the searches are worth it: most find something, and none but * everything", async () => {
    const store = await storeOf();
    const totals: number[] = [];
    for (const q of searches) totals.push((await store.messages({ q }, { limit: 1 })).total);
    expect(totals.filter((total) => total > 0).length).toBeGreaterThan(searches.length * 0.7);
    expect(searches.filter((_, at) => totals[at] === oddMails.length)).toStrictEqual(["*"]);
  });

  test.each([
    ["pay\r\n", []],
    ["pay\n  the", ["m1"]],
    ["buried", []],
    [
      ["café au", "outer"],
      ["m9", "m6"],
    ],
    ["*words", ["m5"]],
    ["/plain/", ["m5"]],
    // Of two forms the text counts.
    ["markup", []],
    ["parts", []],
  ])("text %j", async (text, wanted) => {
    const store = await storeOf();
    const { messages } = await store.messages({ text }, { limit: 50 });
    expect(messages.map(({ id }) => id)).toStrictEqual(wanted);
  });
});

describe("words: kept as far as there is room", () => {
  const store = new MemoryStore(noLimits);
  const shelf = new MessageShelf(noLimits);
  const messageOf = (body: string): StoredMessage => {
    const sample = { header: "Subject: Long", body };
    const message = { receivedAt: 0, raw: [octetsOf(sample)], transaction: transactionOf(store, sample) };
    return shelf.add(message, null).added;
  };

  test("what finds no room is read again, until others go", () => {
    const letters = new LetterShelf(3_000);
    const [first, second] = [messageOf("a".repeat(1_000)), messageOf("b".repeat(1_000))];
    for (const message of [first, second, first, second]) letters.words(message);
    expect([first.words?.length, second.words]).toStrictEqual([expect.any(Number), null]);
    expect(letters.words(second)).toContain("bbb");
    letters.forget(first);
    letters.words(second);
    expect([first.words, second.words]).toStrictEqual([null, expect.stringContaining("bbb")]);
  });

  test("what finds no room is read once for all words of a query", async () => {
    const full = new MemoryStore({ ...noLimits, maxBytes: 8_000 });
    await add(full, { body: `one two three ${"a".repeat(6_000)}` });
    const read = vi.spyOn(StoredMessage.prototype, "raw", "get");
    expect((await full.messages({ q: "one two three -four" }, { limit: 1 })).total).toBe(1);
    expect(read.mock.calls.length).toBeLessThan(3);
    read.mockRestore();
  });

  test("a character beyond Latin-1 makes all of them cost two octets", () => {
    const letters = new LetterShelf(3_000);
    const [latin, other] = [messageOf("é".repeat(1_000)), messageOf(`${"a".repeat(1_000)}€`)];
    letters.words(other);
    letters.words(latin);
    expect([other.words, latin.words]).toStrictEqual([null, expect.any(String)]);
  });
});

test("a search gives everybody else a turn", async () => {
  const store = new MemoryStore(noLimits);
  for (let left = 2_000; left > 0; left--) await add(store);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const { total } = await store.messages({ q: "hello" }, { limit: 1 });
  clearInterval(timer);
  expect(total).toBe(2_000);
  expect(turns).toBeGreaterThan(3);
});
