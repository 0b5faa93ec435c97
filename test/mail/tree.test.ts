import { expect, test } from "vitest";
import { type Part, partByPath, partsOf, readLetter } from "../../src/mail/mod.ts";

/** One character, one octet. */
function octets(...lines: string[]): Uint8Array {
  return Uint8Array.from(lines.join("\r\n"), (char) => char.charCodeAt(0));
}

function content(part: Part): string {
  return Array.from(part.octets(), (octet) => String.fromCharCode(octet)).join("");
}

function outline(part: Part): string[] {
  return partsOf(part).map(({ path, contentType }) => `${path} ${contentType}`.trim());
}

test("tree: nested multiparts have IMAP paths, and defaults of RFC 2046", async () => {
  const raw = octets(
    ...["Content-Type: multipart/mixed; boundary=outer", "", "preamble", "--outer"],
    ...["Content-Type: multipart/alternative; boundary=inner", "", "--inner", "", "plain"],
    ...["--inner", "Content-Type: TEXT/HTML", "", "<p>", "--inner--", "epilogue", "--outer"],
    ...[
      "Content-Type: multipart/digest; boundary=digest",
      "",
      "--digest",
      "",
      "Subject: x",
      "",
      "--digest--",
    ],
    ...["--outer--", "epilogue"],
  );
  const { root, defects } = await readLetter(raw);
  expect(outline(root)).toEqual([
    "multipart/mixed",
    "1 multipart/alternative",
    "1.1 text/plain",
    "1.2 text/html",
    "2 multipart/digest",
    "2.1 message/rfc822",
    "2.1.1 text/plain",
  ]);
  const leaves = partsOf(root).filter(({ parts }) => parts.length === 0);
  expect(leaves.map(content)).toEqual(["plain", "<p>", ""]);
  expect(content(root.parts[1]!.parts[0]!)).toBe("Subject: x\r\n");
  expect(defects).toEqual([]);
});

test("tree: a message without MIME is one text/plain part", async () => {
  const { root, text } = await readLetter(octets("Subject: x", "", "Hello", ""));
  expect(root).toMatchObject({ path: "", contentType: "text/plain", charset: null, encoding: null, size: 7 });
  expect(text).toBe("Hello\n");
});

test("tree: a nested message has its octets, and the parts of its own tree below", async () => {
  const inner = octets(
    ...["Content-Type: multipart/mixed; boundary=in", "", "--in", "", "hidden", "--in"],
    ...[
      "Content-Type: image/png",
      "Content-ID: <logo>",
      "Content-Transfer-Encoding: base64",
      "",
      "AP8=",
      "--in--",
    ],
  );
  const raw = octets(
    ...["Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see below", "--b"],
    ...["Content-Type: message/rfc822", "", String.fromCharCode(...inner), "--b--"],
  );
  const letter = await readLetter(raw);
  expect(outline(letter.root)).toEqual([
    "multipart/mixed",
    "1 text/plain",
    "2 message/rfc822",
    "2.1 text/plain",
    "2.2 image/png",
  ]);
  expect(partByPath(letter, "2")!.octets()).toEqual(inner);
  expect(letter.text).toBe("see below");
  expect(letter.attachments.map(({ path }) => path)).toEqual(["2"]);
  expect(content(partByPath(letter, "2.2")!)).toBe("\0\xff");
});

const nested: [what: string, lines: string[], tree: string[]][] = [
  ["of one part", ["Content-Type: message/rfc822", "", "Subject: x", "", "Hello"], ["", "1 text/plain"]],
  ["without an end", ["Content-Type: message/rfc822", "", "Subject: x"], ["", "1 text/plain"]],
  ["of nothing", ["Content-Type: message/rfc822", ""], ["", "1 text/plain"]],
  ["in UTF-8", ["Content-Type: message/global", "", "Subject: x", "", "Hello"], ["", "1 text/plain"]],
  [
    "in a message in a message",
    [
      ...["Content-Type: message/rfc822", "", "Content-Type: message/rfc822", ""],
      ...["Content-Type: multipart/mixed; boundary=b", "", "--b", "", "a", "--b--"],
    ],
    ["", "1 message/rfc822", "1.1 text/plain"],
  ],
  [
    "whose multipart cannot be cut",
    ["Content-Type: message/rfc822", "", "Content-Type: multipart/mixed; boundary=b", "", "a"],
    ["", "1 multipart/mixed"],
  ],
  [
    "with a transfer encoding, which none may have",
    ["Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", "U3ViamVjdDogeA0KDQpI"],
    [""],
  ],
];

test.each(nested)("tree: a message %s", async (_what, lines, tree) => {
  const { root, text } = await readLetter(octets(...lines));
  const [top, ...below] = outline(root);
  expect(top).toMatch(/^message\//);
  expect(below).toEqual(tree.slice(1));
  expect(text).toBe(null);
});

test("tree: the boundary of the outer message ends the one in it", async () => {
  const raw = octets(
    ...["Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: message/rfc822", ""],
    ...["Content-Type: multipart/mixed; boundary=in", "", "--in", "", "cut", "--b", "", "behind", "--b--"],
  );
  const { root, defects } = await readLetter(raw);
  expect(outline(root)).toEqual(["multipart/mixed", "1 message/rfc822", "1.1 text/plain", "2 text/plain"]);
  expect(partsOf(root).slice(2).map(content)).toEqual(["cut", "behind"]);
  expect(defects).toEqual(["missing-end-boundary in part 1"]);
});

const transfers: [encoding: string, written: string, meant: string][] = [
  ["8bit", "\0\xff\r\n.\r\n", "\0\xff\r\n.\r\n"],
  ["binary", "a\nb\r\rc\r\n\r\n", "a\nb\r\rc\r\n\r\n"],
  ["7bit", "", ""],
  ["base64", "aGVs\r\nbG8h", "hello!"],
  ["BASE64", "aGVs bG8=\r\n", "hello"],
  ["base64", "aGVsbG8=aGVsbG8=", "hellohello"],
  ["base64", "aGVsbA", "hell"],
  ["base64", "a*G-V\r\n", "he"],
  ["(a comment) base64", "AAEC/w==", "\0\x01\x02\xff"],
  ["quoted-printable", "a=20b=3D=\r\nc", "a b=c"],
  ["quoted-printable", "soft =   \r\nbreak", "soft break"],
  ["quoted-printable", "blanks go \t\r\nhere   ", "blanks go\r\nhere"],
  ["quoted-printable", "kept=20\r\nlower=c3=bc", "kept \r\nlower\xc3\xbc"],
  ["quoted-printable", "not=zz an octet = =", "not=zz an octet = "],
  ["quoted-printable", "lf=\nonly \nline", "lfonly\nline"],
  ["x-uuencode", "as is  \r\n", "as is  \r\n"],
];

test.each(transfers)("tree: %s %j is %j", async (encoding, written, meant) => {
  const part = `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: ${encoding}`;
  const raw = octets("Content-Type: multipart/mixed; boundary=b", "", "--b", part, "", written, "--b--");
  const [leaf] = (await readLetter(raw)).root.parts;
  expect(content(leaf!)).toBe(meant);
  expect(leaf!.size).toBe(meant.length);
});

test("tree: each call gives octets of its own", async () => {
  const raw = octets("", "Hello");
  const { root } = await readLetter(raw);
  root.octets().fill(0);
  expect(content(root)).toBe("Hello");
});

test("tree: bare LF separates parts too", async () => {
  const raw = octets("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n\n--b\n\ntwo\n--b--\n");
  expect((await readLetter(raw)).root.parts.map(content)).toEqual(["one\n", "two"]);
});

test("tree: only a whole line is a delimiter, and blanks may follow it", async () => {
  const raw = octets(
    ...[
      'Content-Type: multipart/mixed; boundary="b c"',
      "",
      "--b c \t",
      "",
      "--b",
      "--b cd",
      "- --b c",
      "x--b c",
    ],
    ...["--b c--  ", "--b c", "", "behind the end"],
  );
  expect((await readLetter(raw)).root.parts.map(content)).toEqual(["--b\r\n--b cd\r\n- --b c\r\nx--b c"]);
});

test("tree: a part of header only, one of nothing, one of an empty line", async () => {
  const raw = octets(
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "X: 1",
    "--b",
    "--b",
    "",
    "--b",
    "",
    "",
    "--b--",
  );
  const { parts } = (await readLetter(raw)).root;
  expect(parts.map(({ headers }) => headers.length)).toEqual([1, 0, 0, 0]);
  expect(parts.map(content)).toEqual(["", "", "", ""]);
});

const broken: [what: string, lines: string[], parts: string[], defects: string[]][] = [
  ["no end boundary", ["boundary=b", "", "--b", "", "one", "two"], ["one\r\ntwo"], ["missing-end-boundary"]],
  ["no boundary parameter", ["charset=x", "", "--b", "", "one"], [], ["no-boundary"]],
  ["a boundary that never comes", ["boundary=b", "", "one"], [], ["boundary-not-found"]],
  [
    "an inner part that the outer one ends",
    ["boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=i", "", "--i", "", "one", "--b--"],
    ["--i\r\n\r\none"],
    ["missing-end-boundary in part 1"],
  ],
  [
    "the same boundary inside",
    ["boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--"],
    ["", "one"],
    ["boundary-reused in part 1"],
  ],
  [
    "a part whose header runs into its text",
    ["boundary=b", "", "--b", "Content-Type: text/plain", "one two", "three", "--b--"],
    ["one two\r\nthree"],
    ["not-a-field in part 1"],
  ],
  [
    "a content type and an encoding that are none",
    ["boundary=b", "", "--b", "Content-Type: text", "Content-Transfer-Encoding: rot13", "", "one", "--b--"],
    ["one"],
    ["bad-content-type in part 1", "unknown-encoding in part 1"],
  ],
];

test.each(broken)("tree: %s", async (_what, lines, parts, defects) => {
  const letter = await readLetter(octets(`Content-Type: multipart/mixed; ${lines[0]}`, ...lines.slice(1)));
  expect(letter.root.parts.map(content)).toEqual(parts);
  expect(letter.defects).toEqual(defects);
});

test("tree: a multipart that cannot be cut keeps its octets", async () => {
  const { root } = await readLetter(octets("Content-Type: multipart/mixed", "", "--b", "", "one"));
  expect(content(root)).toBe("--b\r\n\r\none");
});

test("H10: tree: multiparts nest 64 deep, what lies below is one part", async () => {
  const lines = Array.from({ length: 80 }, (_, n) => [
    `Content-Type: multipart/mixed; boundary=b${n}b`,
    "",
    `--b${n}b`,
  ]);
  const letter = await readLetter(octets(...lines.flat(), "", "deep"));
  const parts = partsOf(letter.root);
  expect(parts.length).toBe(65);
  expect(content(parts[64]!).startsWith("--b64b\r\n")).toBe(true);
  expect(letter.defects.some((defect) => defect.startsWith("nested-too-deep"))).toBe(true);
});

test("H10: tree: messages nest 64 deep, in time that grows with the octets only", async () => {
  const raw = octets(...Array<string>(20_000).fill("Content-Type: message/rfc822\r\n"), "deep");
  const parts = partsOf((await readLetter(raw)).root);
  expect(parts.length).toBe(64);
  expect(content(parts[63]!)).toBe(content(parts[62]!).slice("Content-Type: message/rfc822\r\n\r\n".length));
});

test("H10: tree: 1000 parts are read, the rest is left", async () => {
  const raw = octets(
    "Content-Type: multipart/mixed; boundary=b",
    "",
    ...Array<string>(3000).fill("--b\r\n\r\nx"),
    "--b--",
  );
  const { root, defects } = await readLetter(raw);
  expect(partsOf(root).length).toBe(1000);
  expect(content(root.parts.at(-1)!)).toBe("x");
  expect(defects).toEqual(["too-many-parts"]);
});

test("tree: a part is found by path and by content id", async () => {
  const raw = octets(
    "Content-Type: multipart/related; boundary=b",
    "",
    "--b",
    "Content-ID: <a@b>",
    "",
    "one",
    "--b--",
  );
  const letter = await readLetter(raw);
  expect(partByPath(letter, "")).toBe(letter.root);
  expect(partByPath(letter, "1")).toBe(letter.root.parts[0]);
  expect(partByPath(letter, "2")).toBe(null);
  expect(letter.root.parts[0]!.contentId).toBe("a@b");
});
