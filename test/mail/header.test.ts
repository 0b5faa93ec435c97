import { expect, test } from "vitest";
import { type HeaderField, readHeader, readLetter } from "../../src/mail/mod.ts";

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function pairs(fields: readonly HeaderField[]): string[] {
  return fields.map(({ name, value }) => `${name}=${value}`);
}

const blocks: [what: string, raw: string, fields: string[]][] = [
  ["order, case and duplicates", "B: 1\r\na: 2\r\nB: 3\r\n\r\nC: 4", ["B=1", "a=2", "B=3"]],
  ["unfolding keeps the blank", "S: one\r\n two\r\n\tthree\r\n\r\n", ["S=one two\tthree"]],
  ["bare LF", "A: 1\nB: 2\n 3\n\nbody: 4", ["A=1", "B=2 3"]],
  ["no body", "A: 1\r\nB: 2", ["A=1", "B=2"]],
  ["an empty value", "A:\r\nB: \r\n\r\n", ["A=", "B="]],
  ["a blank before the colon", "A : 1\r\n\r\n", ["A=1"]],
  ["no header", "\r\nA: 1\r\n", []],
  ["a line that is no field ends the block", "A: 1\r\nhello world\r\nB: 2\r\n\r\n", ["A=1"]],
  ["an mbox line is skipped", "From ada Mon Jan 1 10:00:00 2024\r\nA: 1\r\n\r\n", ["A=1"]],
  ["a bare CR becomes a space", "A: 1\rB: 2\r\n\r\n", ["A=1 B: 2"]],
  ["encoded words, Q and B", "S: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?UTF-8?B?8J+Yig==?=\r\n\r\n", ["S=Grüße😊"]],
  ["a character cut between words", "S: =?utf-8?Q?=C3?=\r\n =?utf-8?Q?=BC?=\r\n\r\n", ["S=ü"]],
  ["an old charset", "S: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n\r\n", ["S=日本"]],
  ["windows-1252", "S: =?windows-1252?Q?=80_=96_=93x=94?=\r\n\r\n", ["S=€ – “x”"]],
  ["raw UTF-8", "S: Grüße\r\n\r\n", ["S=Grüße"]],
  ["an encoded line break", "S: =?utf-8?Q?a=0D=0AX:_b?=\r\n\r\n", ["S=a X: b"]],
  ["a no-break space is content", "S: \u00a0a\r\n\r\n", ["S=\u00a0a"]],
  ["empty", "", []],
];

test.each(blocks)("header: %s", (_what, raw, fields) => {
  expect(pairs(readHeader(octets(raw)))).toEqual(fields);
});

test("header: octets that are not UTF-8 are read as Latin", () => {
  expect(pairs(readHeader(latin("S: Gr\xfc\xdfe \x80\r\n\r\n")))).toEqual(["S=Grüße €"]);
});

test("header: 2000 fields are kept, and the body behind more of them is found", async () => {
  const raw = octets(`${"A: 1\r\n".repeat(2500)}\r\nbody`);
  expect(readHeader(raw).length).toBe(2000);
  const letter = await readLetter(raw);
  expect(letter.text).toBe("body");
  expect(letter.defects).toEqual(["too-many-fields"]);
});

test("header: 256 KiB are read, and the body behind more is found", async () => {
  const raw = octets(`A: ${"x".repeat(300_000)}\r\nB: 2\r\n\r\nbody`);
  const [field, ...others] = readHeader(raw);
  expect(field!.value.length).toBe(262_144 - 3);
  expect(others).toEqual([]);
  const letter = await readLetter(raw);
  expect([letter.text, letter.headers.length]).toEqual(["body", 1]);
  expect(letter.defects).toEqual(["header-too-large"]);
});

test("header: a field name of 100,000 octets is no field", () => {
  expect(readHeader(octets(`${"x".repeat(100_000)}: 1\r\nB: 2\r\n\r\n`))).toEqual([]);
});

const addresses: [field: string, mailboxes: string[]][] = [
  ["ada@x.test", ["<ada@x.test>"]],
  ["Ada Lovelace <ada@x.test>, bob@x.test", ["Ada Lovelace<ada@x.test>", "<bob@x.test>"]],
  ['"Lovelace, Ada" <ada@x.test>', ["Lovelace, Ada<ada@x.test>"]],
  ["=?utf-8?Q?Lovelace=2C_Ad=C3=A0?= <ada@x.test>", ["Lovelace, Adà<ada@x.test>"]],
  ["Friends: ada@x.test, Bob <bob@x.test>;", ["<ada@x.test>", "Bob<bob@x.test>"]],
  ["undisclosed-recipients:;", []],
  ["=?windows-1252?Q?=93Ada=94?= <ada@x.test>", ["“Ada”<ada@x.test>"]],
  ["ada@x.test (Ada)", ["Ada<ada@x.test>"]],
  ["Jürgen <jürgen@exämple.test>", ["Jürgen<jürgen@exämple.test>"]],
];

test.each(addresses)("header: To: %s", async (field, mailboxes) => {
  const letter = await readLetter(octets(`To: ${field}\r\n\r\n`));
  expect(letter.to.map(({ name, address }) => `${name}<${address}>`)).toEqual(mailboxes);
});

test("header: every address field counts, and of several From the first", async () => {
  const raw =
    "From: a@x.test\r\nFrom: b@x.test\r\nTo: c@x.test\r\nTo: d@x.test\r\nCc: e@x.test\r\nBcc: f@x.test";
  const letter = await readLetter(octets(`${raw}\r\nReply-To: g@x.test\r\nMessage-ID: <1@x.test>\r\n\r\n`));
  expect(letter.from).toEqual({ name: "", address: "a@x.test" });
  const lists = [letter.to, letter.cc, letter.bcc, letter.replyTo];
  expect(lists.map((list) => list.map(({ address }) => address[0]).join(""))).toEqual(["cd", "e", "f", "g"]);
  expect(letter.messageId).toBe("<1@x.test>");
});

const dates: [field: string, iso: string | null][] = [
  ["Mon, 15 Jan 2024 10:30:00 +0100", "2024-01-15T09:30:00.000Z"],
  ["15 Jan 2024 10:30 -0530", "2024-01-15T16:00:00.000Z"],
  ["Mon, 15 Jan 2024 10:30:00 GMT", "2024-01-15T10:30:00.000Z"],
  ["Mon, 15 Jan 2024 10:30:00 EST", "2024-01-15T15:30:00.000Z"],
  ["Mon, 15 Jan 2024 10:30:00 +0000 (UTC)", "2024-01-15T10:30:00.000Z"],
  ["15 Jan 24 10:30:00 Z", "2024-01-15T10:30:00.000Z"],
  ["15 Jan 99 10:30:00 UT", "1999-01-15T10:30:00.000Z"],
  ["Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00.000Z"],
  ["30 Feb 2024 10:30:00 +0000", null],
  ["15 Foo 2024 10:30:00 +0000", null],
  ["15 Jan 2024 25:30:00 +0000", null],
  ["2024-01-15T10:30:00Z", null],
  ["yesterday", null],
  ["", null],
];

test.each(dates)("header: Date: %s", async (field, iso) => {
  const letter = await readLetter(octets(`Date: ${field}\r\n\r\n`));
  expect(letter.date).toBe(iso);
  expect(letter.defects).toEqual(iso === null ? ["bad-date"] : []);
});
