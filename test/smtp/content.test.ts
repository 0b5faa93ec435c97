import { describe, expect, test } from "vitest";
import { ContentReader } from "../../src/smtp/content.ts";
import { toOctets } from "./dialogue.ts";

interface Read {
  readonly content: string;
  readonly deviations: readonly string[];
  /** What follows the end of data; null when it was not found. */
  readonly rest: string | null;
}

function read(pieces: Iterable<string>, limit = 1_000_000): Read {
  const reader = new ContentReader(limit);
  const waiting = [...pieces];
  let rest: string | null = null;
  while (rest === null && waiting.length > 0) {
    const piece = waiting.shift()!;
    const end = reader.take(toOctets(piece), 0);
    if (end !== -1) rest = piece.slice(end) + waiting.join("");
  }
  const deviations = [...reader.deviations].sort();
  return { content: String.fromCharCode(...reader.join()), deviations, rest };
}

const TABLE: readonly {
  name: string;
  input: string;
  content: string;
  deviations?: string[];
  rest?: string | null;
}[] = [
  { name: "CRLF.CRLF ends it", input: "hi\r\n.\r\nQUIT\r\n", content: "hi\r\n", rest: "QUIT\r\n" },
  { name: "C09 .CRLF at once is an empty message", input: ".\r\n", content: "" },
  {
    name: "C02 one leading dot goes, others stay",
    input: "..\r\n.x\r\n...\r\n. \r\na.b\r\n.\r\n",
    content: ".\r\nx\r\n..\r\n \r\na.b\r\n",
  },
  { name: "a second end is not read", input: "a\r\n.\r\n.\r\n", content: "a\r\n", rest: ".\r\n" },
  {
    name: "LF.LF does not end it",
    input: "a\n.\nb\r\n.\r\n",
    content: "a\n.\nb\r\n",
    deviations: ["bare-lf"],
  },
  {
    name: "LF.CRLF does not end it",
    input: "a\n.\r\nb\r\n.\r\n",
    content: "a\n.\r\nb\r\n",
    deviations: ["bare-lf"],
  },
  {
    name: "CR.CRLF does not end it",
    input: "a\r.\r\nb\r\n.\r\n",
    content: "a\r.\r\nb\r\n",
    deviations: ["bare-cr"],
  },
  {
    name: "CRLF.LF does not end it",
    input: "a\r\n.\nb\r\n.\r\n",
    content: "a\r\n\nb\r\n",
    deviations: ["bare-lf"],
  },
  {
    name: "CRLF.CR does not end it",
    input: "a\r\n.\rb\r\n.\r\n",
    content: "a\r\n\rb\r\n",
    deviations: ["bare-cr"],
  },
  {
    name: "CRLF.CR CRLF does not end it",
    input: "a\r\n.\r\r\nb\r\n.\r\n",
    content: "a\r\n\r\r\nb\r\n",
    deviations: ["bare-cr"],
  },
  {
    name: "a dot at the start that is followed by LF",
    input: ".\nb\r\n.\r\n",
    content: "\nb\r\n",
    deviations: ["bare-lf"],
  },
  { name: "C07 NUL and VT are kept", input: "a\0\v\r\n.\r\n", content: "a\0\v\r\n", deviations: ["nul"] },
  {
    name: "C07 octets above 127 are kept",
    input: "\x80\xff\r\n.\r\n",
    content: "\x80\xff\r\n",
    deviations: ["8bit-without-8bitmime"],
  },
  {
    name: "NUL directly after a CR",
    input: "a\r\0\r\n.\r\n",
    content: "a\r\0\r\n",
    deviations: ["bare-cr", "nul"],
  },
  {
    name: "C05 a line of 998 octets is not long",
    input: `${"x".repeat(998)}\r\n.\r\n`,
    content: `${"x".repeat(998)}\r\n`,
  },
  {
    name: "C05 a line of 999 octets is long and not split",
    input: `a\r\n${"x".repeat(999)}\r\n.\r\n`,
    content: `a\r\n${"x".repeat(999)}\r\n`,
    deviations: ["long-line"],
  },
  {
    name: "C05 a long line among others",
    input: `a\r\n${"x".repeat(999)}\r\nb\r\n.\r\n`,
    content: `a\r\n${"x".repeat(999)}\r\nb\r\n`,
    deviations: ["long-line"],
  },
  {
    name: "the dot that is taken away does not count",
    input: `..${"x".repeat(997)}\r\n.\r\n`,
    content: `.${"x".repeat(997)}\r\n`,
  },
  { name: "no end, no message", input: "a\r\n.\r", content: "a\r\n", rest: null },
];

describe("content", () => {
  test.each(TABLE)("$name", ({ input, content, deviations = [], rest = "" }) => {
    const expected = { content, deviations, rest };
    expect(read([input])).toEqual(expected);
    expect(read(input), "one octet at a time").toEqual(expected);
    const stride = Math.max(1, Math.floor(input.length / 100));
    for (let at = 1; at < input.length; at += stride) {
      expect(read([input.slice(0, at), input.slice(at)]), `cut at ${at}`).toEqual(expected);
    }
  });

  test("C03 the end is found at every split", () => {
    for (let at = 0; at <= 5; at++) {
      const end = "\r\n.\r\n";
      expect(read([`body${end.slice(0, at)}`, end.slice(at)])).toEqual({
        content: "body\r\n",
        deviations: [],
        rest: "",
      });
    }
  });

  test("special octets are seen at every place of a word, in slices that begin anywhere", () => {
    for (const [octet, deviation] of [
      [0x00, "nul"],
      [0x0a, "bare-lf"],
      [0x80, "8bit-without-8bitmime"],
      [0xff, "8bit-without-8bitmime"],
    ] as const) {
      for (let offset = 0; offset < 4; offset++) {
        for (let place = 0; place < 9; place++) {
          const slice = new Uint8Array(32).fill(0x78).subarray(offset, offset + 16);
          slice[place] = octet;
          const reader = new ContentReader(100);
          expect(reader.take(slice, 0)).toBe(-1);
          expect([...reader.deviations], `${octet} at ${offset}+${place}`).toEqual([deviation]);
        }
      }
    }
  });

  test("a slice may be shorter than a word and begin anywhere", () => {
    const text = toOctets("xx\0..\r\n.x\r\n.\r\n");
    for (let length = 1; length < 4; length++) {
      for (let offset = 0; offset < 4; offset++) {
        const reader = new ContentReader(100);
        let end = -1;
        for (let at = 0; at < text.length && end === -1; at += length) {
          const room = new Uint8Array(8);
          const slice = room.subarray(offset, offset + Math.min(length, text.length - at));
          slice.set(text.subarray(at, at + length));
          end = reader.take(slice, 0);
        }
        expect(end, `${length} octets at ${offset}`).not.toBe(-1);
        expect(reader.join()).toEqual(toOctets("xx\0..\r\nx\r\n"));
      }
    }
  });

  test.each<[string, boolean]>([
    ["Subject: \xfc\r\n\r\nhi\r\n", false],
    ["Subject: \xfc\r\n\r\n\xfc\r\n", true],
    ["Subject: x\r\n\r\n\r\n..\r\n\xfc", true],
    ["\r\n\xfc\r\n", true],
    ["\xfc", false],
    [`\xfc: ${"x".repeat(999)}\r\n y\xfc\r\n`, false],
    ["..\r\nX: \xfc\r\n", false],
    ["X: y\r\r\nX: \xfc\r\n", false],
    ["X: y\n\nX: \xfc\r\n", false],
    [
      `X: y\r\n${"Y: plain text in the header\r\n".repeat(50)}\r\n${"plain text in the body\r\n".repeat(50)}\xfc`,
      true,
    ],
  ])("%j: octets above 127 in the body: %s", (text, expected) => {
    const octets = toOctets(text);
    for (let at = 0; at <= octets.length; at++) {
      const reader = new ContentReader(1_000_000);
      reader.take(octets.subarray(0, at), 0);
      reader.take(octets.subarray(at), 0);
      expect(reader.isBody8bit, `cut at ${at}`).toBe(expected);
    }
  });

  test("neighbours of the special octets are plain", () => {
    const reader = new ContentReader(1000);
    reader.take(
      Uint8Array.from({ length: 256 }, (_, at) => [0x01, 0x09, 0x0b, 0x0e, 0x20, 0x2e, 0x7e, 0x7f][at % 8]!),
      0,
    );
    expect([...reader.deviations]).toEqual([]);
    expect(reader.join()).toHaveLength(256);
  });

  test("C06 large contents are kept octet by octet", () => {
    const text = Array.from(
      { length: 20_000 },
      (_, at) => `${at % 7 === 0 ? "." : ""}line ${at} ${"y".repeat(at % 90)}\r\n`,
    ).join("");
    const stuffed = `${text.replace(/^\./gm, "..")}.\r\n`;
    for (const size of [1000, 4096, 65_536, stuffed.length]) {
      const reader = new ContentReader(10_000_000);
      let end = -1;
      for (let at = 0; at < stuffed.length; at += size)
        end = reader.take(toOctets(stuffed.slice(at, at + size)), 0);
      expect(end, `slices of ${size}`).not.toBe(-1);
      expect(reader.octets).toBe(text.length);
      expect(new TextDecoder("latin1").decode(reader.join()) === text, `slices of ${size}`).toBe(true);
    }
  });

  test("C08 what is over the limit is counted to its end and dropped", () => {
    const reader = new ContentReader(10);
    expect(reader.take(toOctets("12345678\r\n"), 0)).toBe(-1);
    expect(reader.isOverLimit).toBe(false);
    expect(reader.take(toOctets("x\r\nMAIL FROM:<a@b>\r\n"), 0)).toBe(-1);
    expect(reader.isOverLimit).toBe(true);
    expect(reader.take(toOctets("..\r\n.\r\nNOOP"), 0)).toBe(7);
    expect(reader.octets).toBe(33);
  });

  test("of what is over the limit the first 64 KiB are kept, however it is cut", () => {
    const text = Array.from(
      { length: 3000 },
      (_, at) => `${at % 9 === 0 ? "." : ""}line ${at} of ${at % 7}\r\n`,
    ).join("");
    const lines = text.repeat(3);
    const stuffed = `${lines.replace(/^\./gm, "..")}.\r\n`;
    for (const limit of [0, 10, 65_535, 65_536, 100_000]) {
      for (const size of [7, 1000, 5000, stuffed.length]) {
        const reader = new ContentReader(limit);
        for (let at = 0; at < stuffed.length; at += size)
          reader.take(toOctets(stuffed.slice(at, at + size)), 0);
        expect(reader.octets).toBe(lines.length);
        const head = String.fromCharCode(...reader.join());
        expect(head === lines.slice(0, 65_536), `limit ${limit}, slices of ${size}`).toBe(true);
      }
    }
  });

  test("the first piece of a content is not copied, and all that follows lies in few pieces", () => {
    const slices = [`${"x".repeat(5000)}\r\n`, `${"y".repeat(5000)}\r\n.\r\nQUIT`].map(toOctets);
    const reader = new ContentReader(1_000_000);
    for (const slice of slices) reader.take(slice, 0);
    expect(reader.pieces).toHaveLength(2);
    expect(reader.pieces[0]!.buffer === slices[0]!.buffer).toBe(true);
    expect(Buffer.concat(reader.pieces).toString()).toBe(`${"x".repeat(5000)}\r\n${"y".repeat(5000)}\r\n`);
    const whole = reader.join();
    expect(reader.pieces).toEqual([whole]);
    expect(reader.join()).toBe(whole);
  });

  test.each([
    [
      [100, 65_536],
      [100, 65_536],
    ],
    [
      [100, 1_900],
      [100, 1_900],
    ],
    [
      [5_000, 10, 10],
      [5_000, 20],
    ],
    [
      [65_536, 65_536, 65_536],
      [65_536, 65_536, 65_536],
    ],
  ])("what comes as %j octets lies in pieces of %j", (sizes, pieces) => {
    const reader = new ContentReader(1_000_000);
    for (const size of sizes) reader.take(toOctets("x".repeat(size)), 0);
    expect(reader.pieces.map(({ length }) => length)).toEqual(pieces);
    reader.release();
  });

  test("a content that is released lends its memory to the next, and is empty", () => {
    const readerOf = (letter: string): ContentReader => {
      const reader = new ContentReader(1_000_000);
      for (let n = 0; n < 5; n++) reader.take(toOctets(letter.repeat(50_000)), 0);
      return reader;
    };
    const before = readerOf("a");
    const buffers = before.pieces.slice(1).map(({ buffer }) => buffer);
    before.release();
    expect(before.pieces).toEqual([]);
    expect(before.head()).toHaveLength(0);
    before.release();
    const [after, other] = [readerOf("b"), readerOf("c")];
    expect(after.pieces.slice(1).every(({ buffer }) => buffers.includes(buffer))).toBe(true);
    expect(other.pieces.slice(1).some(({ buffer }) => buffers.includes(buffer))).toBe(false);
    expect(Buffer.from(after.join()).equals(Buffer.alloc(250_000, "b"))).toBe(true);
    expect(Buffer.from(other.join()).equals(Buffer.alloc(250_000, "c"))).toBe(true);
  });

  test.each([
    [0, 10],
    [10, 10],
    [70_000, 10],
    [70_000, 65_536],
    [70_000, 70_000],
    [200_000, 1000],
  ])("the head of %i octets in slices of %i", (octets, size) => {
    const text = "0123456789abcdef".repeat(Math.ceil(octets / 16)).slice(0, octets);
    const reader = new ContentReader(1_000_000);
    for (let at = 0; at < octets; at += size) reader.take(toOctets(text.slice(at, at + size)), 0);
    expect(Buffer.from(reader.head()).toString()).toBe(text.slice(0, 65_536));
    expect(Buffer.from(reader.join()).toString()).toBe(text);
  });

  test.each<[string, readonly string[], boolean]>([
    ["in one piece", ["Subject: x\r\n"], true],
    ["in several, and joined", ["Subject: x\r\n", "\r\n", "Hi\r\n"], true],
    ["of more octets than a head has", ["x".repeat(70_000), "y"], false],
  ])("a content %s: its head stays the same array until more comes", (_, pieces, isWhole) => {
    const reader = new ContentReader(1_000_000);
    for (const piece of pieces) reader.take(toOctets(piece), 0);
    const before = reader.head();
    expect(reader.head()).toBe(before);
    const joined = reader.join();
    expect(Buffer.from(reader.head()).equals(before)).toBe(true);
    expect(reader.head() === joined).toBe(isWhole);
    expect(reader.head()).toBe(reader.head());
    reader.take(toOctets("more"), 0);
    expect(reader.head()).toHaveLength(Math.min(joined.length + 4, 65_536));
  });
});
