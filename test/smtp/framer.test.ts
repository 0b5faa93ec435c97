import { describe, expect, test } from "vitest";
import { Framer } from "../../src/smtp/framer.ts";
import { toOctets } from "./dialogue.ts";

interface Cut {
  readonly text: string;
  readonly length: number;
  readonly hasBareLf: boolean;
}

/** All lines that are found when the input comes in these pieces. */
function lines(pieces: Iterable<string>, lfEnds = false): (Cut | "flood")[] {
  const framer = new Framer();
  const found: (Cut | "flood")[] = [];
  for (const piece of pieces) {
    framer.receive(toOctets(piece));
    for (let line = framer.line(lfEnds); line !== null; line = framer.line(lfEnds)) {
      if (line === "flood") return [...found, "flood"];
      found.push({
        text: String.fromCharCode(...line.octets),
        length: line.length,
        hasBareLf: line.hasBareLf,
      });
    }
  }
  return found;
}

const TABLE: readonly { name: string; input: string; lfEnds?: boolean; lines: readonly (Cut | "flood")[] }[] =
  [
    { name: "CRLF ends a line", input: "NOOP\r\nQUIT\r\n", lines: [line("NOOP", 6), line("QUIT", 6)] },
    { name: "an empty line is a line", input: "\r\n\r\n", lines: [line("", 2), line("", 2)] },
    { name: "what has no end is no line", input: "NOOP\r", lines: [] },
    { name: "LF alone does not end a line", input: "A\nB\r\n", lines: [bare("A\nB", 5)] },
    { name: "CR alone does not end a line", input: "A\rB\r\n", lines: [line("A\rB", 5)] },
    {
      name: "CR CR LF ends a line that ends in CR",
      input: "A\r\r\nB\r\n",
      lines: [line("A\r", 4), line("B", 3)],
    },
    { name: "a bare LF is not remembered", input: "A\nB\r\nC\r\n", lines: [bare("A\nB", 5), line("C", 3)] },
    { name: "LF first", input: "\nA\r\n", lines: [bare("\nA", 4)] },
    {
      name: "LF ends a line where that is allowed",
      input: "A\nB\r\n\nC",
      lfEnds: true,
      lines: [bare("A", 2), line("B", 3), bare("", 1)],
    },
    {
      name: "of a long line 12288 octets are kept",
      input: `${"x".repeat(13_000)}\r\nA\r\n`,
      lines: [line("x".repeat(12_288), 13_002), line("A", 3)],
    },
    {
      name: "a line of 65536 octets is skipped",
      input: `${"x".repeat(65_536)}\r\nA\r\n`,
      lines: [line("x".repeat(12_288), 65_538), line("A", 3)],
    },
    { name: "one more is a flood", input: `${"x".repeat(65_537)}\r\nA\r\n`, lines: ["flood"] },
  ];

function line(text: string, length: number): Cut {
  return { text, length, hasBareLf: false };
}

function bare(text: string, length: number): Cut {
  return { text, length, hasBareLf: true };
}

describe("framer, lines", () => {
  test.each(TABLE)("$name", ({ input, lfEnds = false, lines: expected }) => {
    expect(lines([input], lfEnds)).toEqual(expected);
    expect(lines(input, lfEnds), "one octet at a time").toEqual(expected);
    const stride = Math.max(1, Math.floor(input.length / 50));
    for (let at = 1; at < input.length; at += stride) {
      expect(lines([input.slice(0, at), input.slice(at)], lfEnds), `cut at ${at}`).toEqual(expected);
    }
  });

  test("endless input without a line end is a flood and takes no memory", () => {
    const framer = new Framer();
    const piece = new Uint8Array(10_000).fill(0x78);
    let found = null;
    let pieces = 0;
    while (found === null) {
      framer.receive(piece);
      found = framer.line(false);
      pieces += 1;
    }
    expect(found).toBe("flood");
    expect(pieces).toBe(7);
  });

  test("what lies in one slice is handed out without a copy", () => {
    const framer = new Framer();
    const slice = toOctets("NOOP\r\nQUIT\r\n");
    framer.receive(slice);
    framer.line(false);
    const found = framer.line(false);
    expect(found).toMatchObject({ octets: slice.subarray(6, 10) });
    expect(found !== null && found !== "flood" && found.octets.buffer).toBe(slice.buffer);
  });

  test("it is empty when nothing waits, not even half a line", () => {
    const framer = new Framer();
    expect(framer.isEmpty).toBe(true);
    framer.receive(toOctets("NOOP\r\nQ"));
    framer.line(false);
    expect(framer.isEmpty).toBe(false);
    framer.line(false);
    expect(framer.isEmpty).toBe(false);
    framer.forget();
    expect(framer.isEmpty).toBe(true);
    framer.receive(toOctets("UIT\r\n"));
    expect(framer.line(false)).toMatchObject({ octets: toOctets("UIT") });
  });

  test("the first two octets are seen as soon as both are there", () => {
    const framer = new Framer();
    expect(framer.beginsWith(0x16, 0x03)).toBeNull();
    framer.receive(Uint8Array.of(0x16));
    expect(framer.beginsWith(0x16, 0x03)).toBeNull();
    framer.receive(Uint8Array.of(0x03));
    expect(framer.beginsWith(0x16, 0x03)).toBe(true);
    expect(framer.beginsWith(0x16, 0x04)).toBe(false);
    expect(framer.beginsWith(0x47, 0x03)).toBe(false);
  });
});
