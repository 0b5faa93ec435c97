import { expect, test } from "vitest";
import { readLetter } from "../../src/mail/mod.ts";

/** One character, one octet. */
function octets(...lines: string[]): Uint8Array {
  return Uint8Array.from(lines.join("\r\n"), (char) => char.charCodeAt(0));
}

function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

const charsets: [type: string, written: string, text: string, defects?: string[]][] = [
  ["text/plain; charset=utf-8", utf8("Grüße, 世界 😊"), "Grüße, 世界 😊"],
  ["text/plain; charset=iso-8859-1", "Gr\xfc\xdfe", "Grüße"],
  ['text/plain; charset="Windows-1252"', "\x80 5 \x96 \x93x\x94", "€ 5 – “x”"],
  ["text/plain; charset=iso-8859-15", "\xa4", "€"],
  ["text/plain; charset=iso-2022-jp", "\x1b$BF|K\\\x1b(B", "日本"],
  ["text/plain; charset=shift_jis", "\x93\xfa\x96\x7b", "日本"],
  ["text/plain; charset=cp932", "\x93\xfa\x96\x7b", "日本"],
  ["text/plain; charset=gb18030", "\xc8\xd5\xb1\xbe", "日本"],
  ["text/plain; charset=ks_c_5601-1987", "\xc7\xd1", "한"],
  ["text/plain; charset=koi8-r", "\xf0\xf2", "ПР"],
  ["text/plain; charset=utf-16le", "h\0i\0", "hi"],
  ["text/plain; charset=us-ascii", utf8("Grüße"), "Grüße"],
  ["text/plain", utf8("Grüße"), "Grüße"],
  ["text/plain", "Gr\xfc\xdfe", "Grüße"],
  ["text/plain; charset=utf-8", "Gr\xfc\xdfe", "Gr\ufffd\ufffde", ["bad-octets"]],
  ["text/plain; charset=x-nobody", utf8("Grüße"), "Grüße", ["unknown-charset"]],
  ["text/plain; charset=x-nobody", "Gr\xfc\xdfe", "Grüße", ["unknown-charset"]],
  ["text/plain (plain); charset (the) = utf-8 (8 bit)", utf8("ü"), "ü"],
];

test.each(charsets)("letter: %s reads %j", async (type, written, text, defects = []) => {
  const letter = await readLetter(octets(`Content-Type: ${type}`, "", written));
  expect(letter.text).toBe(text);
  expect(letter.defects).toEqual(defects);
});

const flows: [parameters: string, lines: string[], text: string][] = [
  ["format=flowed", ["one ", "two", "three"], "one two\nthree"],
  ["format=flowed; delsp=yes", ["o ", "ne ", "two"], "onetwo"],
  ["format=Flowed", [" >stuffed", "  two"], ">stuffed\n two"],
  ["format=flowed", ["> one ", "> two", ">> deeper ", "mine"], "> one two\n>> deeper \nmine"],
  ["format=flowed", ["end ", "-- ", "Ada"], "end \n-- \nAda"],
  ["format=fixed", ["one ", "two"], "one \ntwo"],
];

test.each(flows)("letter: %s %j", async (parameters, lines, text) => {
  const letter = await readLetter(octets(`Content-Type: text/plain; ${parameters}`, "", ...lines));
  expect(letter.text).toBe(text);
});

const names: [what: string, fields: string[], filename: string | null][] = [
  ["quoted", ['Content-Disposition: attachment; filename="a; b \\"c\\".pdf"'], 'a; b "c".pdf'],
  ["bare", ["Content-Disposition: attachment; filename=report(1).pdf"], "report(1).pdf"],
  ["bare with blanks", ["Content-Disposition: attachment; filename=my file.pdf; size=1"], "my file.pdf"],
  ["with a path", ["Content-Disposition: attachment; filename=C:\\x\\a.pdf"], "C:\\x\\a.pdf"],
  ["only a type's name", ['Content-Type: application/pdf; name="a.pdf"'], "a.pdf"],
  ["RFC 2047", ['Content-Disposition: attachment; filename="=?utf-8?Q?=E2=82=AC.pdf?="'], "€.pdf"],
  ["RFC 2231", ["Content-Disposition: attachment; filename*=utf-8'en'%E2%82%AC%20rate.pdf"], "€ rate.pdf"],
  ["RFC 2231, Latin", ["Content-Disposition: attachment; filename*=iso-8859-1''%FC.pdf"], "ü.pdf"],
  [
    "both forms",
    ["Content-Disposition: attachment; filename=x.pdf; filename*=utf-8''%E2%82%AC.pdf"],
    "€.pdf",
  ],
  [
    "in pieces, out of order, a character cut between them",
    [
      "Content-Disposition: attachment; filename*1*=%82%AC; filename*0*=utf-8''a%E2;",
      ' filename*2=" 100%25.pdf"',
    ],
    "a€ 100%25.pdf",
  ],
  ["an empty name", ['Content-Disposition: attachment; filename=""'], null],
  ["a comment that never closes", ["Content-Disposition: attachment (x; filename=a.pdf"], "a.pdf"],
  ["none", ["Content-Disposition: attachment"], null],
];

test.each(names)("letter: attachment name, %s", async (_what, fields, filename) => {
  const raw = octets("Content-Type: multipart/mixed; boundary=b", "", "--b", ...fields, "", "x", "--b--");
  const { attachments } = await readLetter(raw);
  expect(attachments.map((part) => part.filename)).toEqual([filename]);
});

test("letter: text, HTML, an inline picture and an attachment", async () => {
  const raw = octets(
    ...["Subject: Hi", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=m", ""],
    ...["--m", "Content-Type: multipart/related; boundary=r", ""],
    ...["--r", "Content-Type: multipart/alternative; boundary=a", ""],
    ...["--a", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", ""],
    ...["Gr=C3=BC=C3=9Fe =", "Ada"],
    ...["--a", "Content-Type: text/html; charset=utf-8", "", '<p>Hi<img src="cid:1@x">', "--a--"],
    ...[
      "--r",
      "Content-Type: image/png",
      "Content-ID: <1@x>",
      "Content-Transfer-Encoding: base64",
      "",
      "AAEC",
      "--r--",
    ],
    ...["--m", "Content-Type: text/plain", "Content-Disposition: attachment", "", "notes", "--m--", ""],
  );
  const letter = await readLetter(raw);
  expect([letter.text, letter.html]).toEqual(["Grüße Ada", '<p>Hi<img src="cid:1@x">']);
  expect(
    letter.attachments.map(({ path, contentId, disposition }) => [path, contentId, disposition]),
  ).toEqual([
    ["1.2", "1@x", "inline"],
    ["2", null, "attachment"],
  ]);
  expect(letter.defects).toEqual([]);
});

test("letter: a calendar beside the text is no attachment, one with a name is", async () => {
  const calendar = "Content-Type: text/calendar; method=REQUEST";
  const raw = octets(
    ...[
      "Content-Type: multipart/mixed; boundary=m",
      "",
      "--m",
      "Content-Type: multipart/alternative; boundary=a",
      "",
    ],
    ...["--a", "", "Come", "--a", calendar, "", "BEGIN:VCALENDAR", "--a--"],
    ...["--m", `${calendar}; name=invite.ics`, "", "BEGIN:VCALENDAR", "--m--"],
  );
  const letter = await readLetter(raw);
  expect(letter.text).toBe("Come");
  expect(letter.attachments.map(({ path, filename }) => [path, filename])).toEqual([["2", "invite.ics"]]);
});

test("letter: the texts around an attachment are one text, and a second alternative is not", async () => {
  const raw = octets(
    ...["Content-Type: multipart/mixed; boundary=m", "", "--m", "", "before"],
    ...["--m", "Content-Type: application/pdf", "", "%PDF", "--m", "", "after"],
    ...[
      "--m",
      "Content-Type: multipart/alternative; boundary=a",
      "",
      "--a",
      "",
      "one",
      "--a",
      "",
      "other",
      "--a--",
      "--m--",
    ],
  );
  const letter = await readLetter(raw);
  expect(letter.text).toBe("before\nafter\none");
  expect(letter.attachments.map(({ path }) => path)).toEqual(["2"]);
});

test("letter: HTML alone leaves the text empty and still has a snippet", async () => {
  const html =
    "<head><title>T</title><style>p{}</style></head><p>Hello&nbsp;<b>Ada</b>,</p><div>it is &lt;late&gt;</div>";
  const letter = await readLetter(octets("Content-Type: text/html", "", html));
  expect([letter.text, letter.html]).toEqual([null, html]);
  expect(letter.snippet).toBe("Hello Ada, it is <late>");
});

test("letter: the snippet is folded, 200 characters long, and cuts none in half", async () => {
  const letter = await readLetter(octets("", `  one\r\n\ttwo ${utf8("😊".repeat(300))}`));
  expect(letter.snippet).toBe(`one two ${"😊".repeat(192)}`);
});

const odd: [what: string, raw: Uint8Array, text: string, defects: string[]][] = [
  ["nothing", octets(""), "", []],
  ["header only", octets("Subject: x"), "", []],
  ["body only", octets("", "Hello"), "Hello", []],
  ["plain text", octets("Hello world", "x"), "Hello world\nx", ["not-a-field"]],
  ["octets at random", Uint8Array.of(0x89, 0x00, 0xff, 0x0d, 0x0a, 0x80), "‰\0ÿ\n€", ["not-a-field"]],
];

test.each(odd)("letter: %s", async (_what, raw, text, defects) => {
  const letter = await readLetter(raw);
  expect(letter.text).toBe(text);
  expect(letter.defects).toEqual(defects);
  expect(letter.root.parts).toEqual([]);
});

test("letter: every cut of a message can be read", async () => {
  const raw = octets(
    ...["From: =?utf-8?Q?a?= <a@x.test>", "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b", ""],
    ...[
      "--ab",
      "Content-Type: text/html; charset=iso-2022-jp",
      "Content-Transfer-Encoding: base64",
      "",
      "GyRCRnw=",
      "--ab--",
    ],
  );
  for (let end = 0; end <= raw.length; end++) {
    const { defects } = await readLetter(raw.subarray(0, end));
    expect(defects.filter((defect) => defect.startsWith("unreadable"))).toEqual([]);
  }
});
