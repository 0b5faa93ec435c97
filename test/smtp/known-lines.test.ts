import { describe, expect, test } from "vitest";
import { readCommandLine } from "../../src/smtp/command-line.ts";
import { Framer } from "../../src/smtp/framer.ts";
import { KnownLines } from "../../src/smtp/known-lines.ts";
import type { Strictness } from "../../src/smtp/strictness.ts";
import { toOctets } from "./dialogue.ts";

function read(line: string, strictness: Strictness = "default") {
  const framer = new Framer();
  framer.receive(toOctets(line));
  return readCommandLine(framer, { strictness, hostname: "mock.test" }, true);
}

describe("known lines", () => {
  test("of many lines each is found as what it is, or not at all", () => {
    const known = new KnownLines<string>();
    const lines = Array.from({ length: 5_000 }, (_, n) => `MAIL FROM:<user-${n}@s.test>`);
    for (const line of lines) known.keep(toOctets(line), 0, line.length, line);
    const found = lines.map((line) => known.find(toOctets(`..${line}..`), 2, 2 + line.length));
    expect(found.every((line, n) => line === null || line === lines[n])).toBe(true);
    const many = found.filter((line) => line !== null).length;
    expect(many).toBeGreaterThan(500);
    expect(many).toBeLessThanOrEqual(1_024);
  });

  test("one that is long is not kept", () => {
    const known = new KnownLines<number>();
    for (const length of [256, 257]) known.keep(new Uint8Array(length), 0, length, length);
    expect(known.find(new Uint8Array(256), 0, 256)).toBe(256);
    expect(known.find(new Uint8Array(257), 0, 257)).toBeNull();
  });

  test("what is kept does not change with the buffer that it came in", () => {
    const known = new KnownLines<string>();
    const buffer = toOctets("DATA");
    known.keep(buffer, 0, 4, "DATA");
    buffer.set(toOctets("RSET"));
    expect(known.find(buffer, 0, 4)).toBeNull();
    expect(known.find(toOctets("DATA"), 0, 4)).toBe("DATA");
  });
});

describe("command lines that are read again", () => {
  test.each(["EHLO c.test", "MAIL FROM:<again@s.test> SIZE=100", "RCPT TO:<again@s.test>", "DATA", "QUIT"])(
    "%s is the same object",
    (line) => {
      const first = read(`${line}\r\n`);
      expect(first?.shown).toBe(line);
      expect(read(`${line}\r\n`)).toBe(first);
    },
  );

  test.each(["AUTH PLAIN AGJvYgBzZWNyZXQ=", "NOOP x", "XCLIENT LOGIN=bob", "NONSENSE"])(
    "%s is not kept",
    (line) => {
      const first = read(`${line}\r\n`);
      expect(read(`${line}\r\n`)).toStrictEqual(first);
      expect(read(`${line}\r\n`)).not.toBe(first);
    },
  );

  test("how strict a session is counts each time", () => {
    const line = "RCPT TO: <spaced@s.test>\r\n";
    const kinds = (["strict", "default", "strict", "lenient", "default"] as const).map(
      (strictness) => read(line, strictness)?.command.kind,
    );
    expect(kinds).toEqual(["invalid", "rcpt", "invalid", "rcpt", "rcpt"]);
  });

  test("a line that ends with LF alone is warned of each time", () => {
    const lenient = [..."\r\r", ""].map((cr) => read(`MAIL FROM:<lf@s.test>${cr}\n`, "lenient")?.warnings);
    expect(lenient).toEqual([[], [], ["lf-command"]]);
  });
});
