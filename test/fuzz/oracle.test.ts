/** The oracle can fail: engines that are broken on purpose are found, and made small. */
import { describe, expect, test } from "vitest";
import { brokenEngines } from "./broken.ts";
import { check, type MakeEngine } from "./check.ts";
import { Framing, type FramingOptions } from "./framing.ts";
import { type FuzzCase, makeCase } from "./fuzz-case.ts";
import { HeapWatch } from "./heap.ts";
import { faultOfForm } from "./reply-form.ts";
import { shrink } from "./shrink.ts";

describe("an engine that", () => {
  test.each(Object.entries(brokenEngines))("%s is found", (_, make) => {
    expect(firstFailing(make)).not.toBeNull();
  });
});

/** The first case in which it is found; the real engine passes all of them (see fuzz.test.ts). */
function firstFailing(make: MakeEngine): FuzzCase | null {
  for (let seed = 1; seed <= 1500; seed++) {
    const fuzzCase = makeCase(seed);
    if (check(fuzzCase, make) !== null) return fuzzCase;
  }
  return null;
}

test("a finding is made small, and stays the same one", async () => {
  const make = brokenEngines["says two replies to HELP"]!;
  const found = firstFailing(make)!;
  const smallest = await shrink(found, (one) => check(one, make)?.kind ?? null);
  expect(smallest.options).toEqual({});
  expect(smallest.items.join("")).toMatch(/^help\s*$/i);
  expect(check(smallest, make)?.kind).toBe(check(found, make)?.kind);
});

test("a seed is always the same case", () => {
  expect(makeCase(123)).toEqual(makeCase(123));
  expect(makeCase(123)).not.toEqual(makeCase(124));
});

describe("the model of framing", () => {
  const options: FramingOptions = {
    isLmtp: false,
    isLenient: false,
    isSecure: false,
    isChunkingHidden: false,
  };

  /** What is due, one by one, when these codes are said. */
  function dues(input: string, codes: readonly number[], more: Partial<FramingOptions> = {}): string[] {
    const framing = new Framing(input, { ...options, ...more });
    framing.arrive(input.length);
    const seen: string[] = [];
    for (const code of codes) {
      const due = framing.due();
      if (due === null) break;
      seen.push(`${due.kind} ${due.text}`.trim());
      framing.said({ code, text: `${code}` });
    }
    return [...seen, framing.due() === null ? framing.mode : "more"];
  }

  test("a line is due a reply when its CRLF has come", () => {
    expect(dues("NOOP\r\nNO", [220, 250, 250])).toEqual(["greeting", "line NOOP", "command"]);
    expect(dues("a\nb\r\n", [220, 500, 500])).toEqual(["greeting", "line a\nb", "command"]);
    expect(dues("a\nb\r\n", [220, 500, 500], { isLenient: true })).toEqual([
      "greeting",
      "line a",
      "line b",
      "command",
    ]);
  });

  test("content follows 354 and nothing else", () => {
    expect(dues("DATA\r\n..\r\n.\r\n", [220, 354, 250])).toEqual([
      "greeting",
      "line DATA",
      "content .\r\n".trim(),
      "command",
    ]);
    expect(dues("DATA\r\n.\r\n", [220, 503, 500])).toEqual(["greeting", "line DATA", "line .", "command"]);
  });

  test("a chunk takes as many octets as it says, whatever the answer", () => {
    expect(dues("BDAT 6\r\nNOOP\r\nRSET\r\n", [220, 503, 250])).toEqual([
      "greeting",
      "chunk NOOP",
      "line RSET",
      "command",
    ]);
    expect(dues("BDAT x\r\nNOOP\r\n", [220, 501, 250])).toEqual([
      "greeting",
      "line BDAT x",
      "line NOOP",
      "command",
    ]);
    expect(dues("BDAT 99999999999999999999\r\nNOOP\r\n", [220, 501])).toEqual([
      "greeting",
      "line BDAT 99999999999999999999",
      "closed",
    ]);
    expect(dues("BDAT 6\r\nNOO", [220])).toEqual(["greeting", "command"]);
  });

  test("LMTP answers once for each accepted recipient", () => {
    const input = "MAIL\r\nRCPT a\r\nRCPT b\r\nRCPT c\r\nDATA\r\n.\r\nNOOP\r\n";
    const heard = [220, 250, 250, 550, 250, 354, 250, 450, 250];
    expect(dues(input, heard, { isLmtp: true }).slice(6)).toEqual([
      "content",
      "content",
      "line NOOP",
      "command",
    ]);
    expect(dues(input, heard).slice(6)).toEqual(["content", "line NOOP", "command"]);
  });

  test("an answer follows 334", () => {
    expect(dues("AUTH LOGIN\r\na\r\nQUIT\r\n", [220, 334, 334, 501])).toEqual([
      "greeting",
      "line AUTH LOGIN",
      "answer a",
      "answer QUIT",
      "command",
    ]);
  });

  test("nothing is due behind QUIT, 421, HTTP and TLS", () => {
    expect(dues("QUIT\r\nNOOP\r\n", [220, 221])).toEqual(["greeting", "line QUIT", "closed"]);
    expect(dues("NOOP\r\nNOOP\r\n", [220, 421])).toEqual(["greeting", "line NOOP", "closed"]);
    expect(dues("GET /\r\nNOOP\r\n", [220, 500])).toEqual(["greeting", "line GET /", "closed"]);
    expect(dues("PRI * HTTP/2.0\r\nNOOP\r\n", [220, 500])).toEqual([
      "greeting",
      "line PRI * HTTP/2.0",
      "closed",
    ]);
    expect(dues("NOOP / HTTP/1.1\r\nNOOP\r\n", [220, 500])).toEqual([
      "greeting",
      "line NOOP / HTTP/1.1",
      "closed",
    ]);
    expect(dues("\x16\x03\x01\r\n", [220])).toEqual(["greeting", "closed"]);
  });
});

test("the form of a reply", () => {
  const fault = (octets: string, verb = "NOOP"): string | null => {
    return faultOfForm(octets, { verb, isOwn: true, isEnhancedHidden: false });
  };
  for (const [octets, verb] of [
    ["250 2.0.0 Ok\r\n", "NOOP"],
    ["214-2.0.0 a\r\n214 2.0.0 b\r\n", "HELP"],
    ["220 mock.test\r\n", "greeting"],
    ["334 \r\n", "AUTH"],
    ["250-mock.test\r\n250 HELP\r\n", "EHLO"],
  ] as const) {
    expect(fault(octets, verb), octets).toBeNull();
  }
  for (const octets of [
    "250 2.0.0 Ok\n",
    "199 Ok\r\n",
    "250 5.0.0 Ok\r\n",
    "250 Ok\r\n",
    "334 3.0.0 x\r\n",
    "250-2.0.0 a\r\n",
    "250 2.0.0 a\r\n250 2.0.0 b\r\n",
    "250-2.0.0 a\r\n251 2.0.0 b\r\n",
    "250-2.0.0 a\r\n250 b\r\n",
    "250 2.0.0 \x80\r\n",
    `250 2.0.0 ${"x".repeat(501)}\r\n`,
  ]) {
    expect(fault(octets), octets).not.toBeNull();
  }
});

test("memory that grows is told from memory that goes up and down", () => {
  const steady = new HeapWatch(3, 10);
  for (const octets of [5, 50, 9, 8, 90, 70, 14, 100, 100]) expect(steady.sample(octets)).toBeNull();
  const growing = new HeapWatch(2, 10);
  expect([1, 2, 20, 30].map((octets) => growing.sample(octets))).toEqual([null, null, null, 19]);
});
