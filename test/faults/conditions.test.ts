import { describe, expect, test } from "vitest";
import type { FaultEffect, FaultRule } from "../../src/faults/mod.ts";
import { type Reply, reply } from "../../src/smtp/mod.ts";
import { engineWith, momentAt, ok, outOfOrder } from "./moments.ts";

const ehlo = reply(250, null, "mailproof.test", "PIPELINING", "SIZE 1000", "STARTTLS", "AUTH PLAIN LOGIN");

/** Rules with these effects, the last one asked first, at this phase. */
function judge(on: FaultRule["on"], effects: readonly (string | FaultEffect)[], proposed: Reply = ok) {
  const phase = (typeof on === "string" ? on : on[0]) as "rcpt";
  const rules = effects.map((effect, index) => ({ id: `r${index}`, on, do: effect }));
  return engineWith(...rules).judge(momentAt(phase, { proposed }));
}

describe("capabilities", () => {
  type Change = NonNullable<FaultEffect["capabilities"]>;
  test.each<[Change, list: string, hidden: string]>([
    [{ remove: ["STARTTLS"] }, "PIPELINING, SIZE 1000, AUTH PLAIN LOGIN", "STARTTLS"],
    [{ remove: ["starttls", "auth"] }, "PIPELINING, SIZE 1000", "STARTTLS, AUTH"],
    [{ remove: ["CHUNKING"] }, "PIPELINING, SIZE 1000, STARTTLS, AUTH PLAIN LOGIN", "CHUNKING"],
    [{ only: ["size"] }, "SIZE 1000", "PIPELINING, STARTTLS, AUTH"],
    [{ only: [] }, "", "PIPELINING, SIZE, STARTTLS, AUTH"],
    [{ add: ["size 5"] }, "PIPELINING, size 5, STARTTLS, AUTH PLAIN LOGIN", ""],
    [{ add: ["X-TEA green"] }, "PIPELINING, SIZE 1000, STARTTLS, AUTH PLAIN LOGIN, X-TEA green", ""],
    [{ remove: ["AUTH"], add: ["AUTH XOAUTH2"] }, "PIPELINING, SIZE 1000, STARTTLS, AUTH XOAUTH2", ""],
    [
      { only: ["SIZE", "STARTTLS"], remove: ["STARTTLS"], add: ["DSN"] },
      "SIZE 1000, DSN",
      "PIPELINING, STARTTLS, AUTH",
    ],
    [{ only: [], add: ["AUTH=PLAIN"] }, "AUTH=PLAIN", "PIPELINING, SIZE, STARTTLS, AUTH"],
  ])("%j", (capabilities, list, hidden) => {
    const verdict = judge("ehlo", [{ capabilities }], ehlo);
    expect(verdict.said).toEqual({ ...ehlo, lines: ["mailproof.test", ...list.split(", ").filter(Boolean)] });
    expect(verdict.hidden).toEqual(hidden.split(", ").filter(Boolean));
  });

  test.each<[Change, list: string, hidden: string]>([
    [{ remove: ["8BITMIME"] }, "CHUNKING", "8BITMIME, BINARYMIME, SMTPUTF8"],
    [{ remove: ["CHUNKING"] }, "8BITMIME, SMTPUTF8", "CHUNKING, BINARYMIME"],
    [{ only: ["BINARYMIME"] }, "", "CHUNKING, 8BITMIME, BINARYMIME, SMTPUTF8"],
    [{ only: ["SMTPUTF8", "8BITMIME"] }, "8BITMIME, SMTPUTF8", "CHUNKING, BINARYMIME"],
    [{ only: ["SMTPUTF8"], add: ["8BITMIME"] }, "8BITMIME, SMTPUTF8", "CHUNKING, BINARYMIME"],
    [{ only: [], add: ["SMTPUTF8"] }, "SMTPUTF8", "CHUNKING, 8BITMIME, BINARYMIME"],
  ])("what needs what is gone goes too, unless it is added: %j", (capabilities, list, hidden) => {
    const offered = reply(250, null, "mailproof.test", "CHUNKING", "8BITMIME", "BINARYMIME", "SMTPUTF8");
    const verdict = judge("ehlo", [{ capabilities }], offered);
    expect(verdict.said?.lines.slice(1).join(", ")).toBe(list);
    expect(verdict.hidden.join(", ")).toBe(hidden);
  });

  test("of several rules the newest says what it says, and an older one the rest", () => {
    const verdict = judge(
      "lhlo",
      [
        { capabilities: { remove: ["SIZE"], add: ["DSN"] } },
        { capabilities: { remove: ["STARTTLS"] } },
        { delay: 5 },
      ],
      ehlo,
    );
    expect(verdict.said?.lines.slice(1)).toEqual(["PIPELINING", "SIZE 1000", "AUTH PLAIN LOGIN", "DSN"]);
    expect(verdict.hidden).toEqual(["STARTTLS"]);
  });

  test("they change what a rule says, too", () => {
    const list = { reply: { code: 250, text: ["x", "SIZE 5", "DSN"] } };
    const verdict = judge("ehlo", [{ capabilities: { remove: ["DSN"] } }, list], ehlo);
    expect(verdict.said).toEqual(reply(250, null, "x", "SIZE 5"));
  });

  test.each<[string, FaultRule["on"], readonly (string | FaultEffect)[], Reply, fired: number]>([
    ["another command", ["mail", "ehlo"], [{ capabilities: { remove: ["SIZE"] } }], ok, 0],
    ["a refusal by the server", "ehlo", [{ capabilities: { remove: ["SIZE"] } }], outOfOrder, 0],
    ["a refusal by a rule", "ehlo", [{ capabilities: { remove: ["SIZE"] } }, "502"], ehlo, 2],
  ])("they do not act at %s", (_, on, effects, proposed, fired) => {
    const verdict = judge(on, effects, proposed);
    expect(verdict.hidden).toEqual([]);
    expect(verdict.firings).toHaveLength(fired);
  });
});

describe("conditions of several rules", () => {
  test("pace: the newest says it, field by field", () => {
    const { pace } = judge("rcpt", [
      { drip: { octets: 5, every: "1s" }, throttle: { read: 1, write: 1 } },
      { throttle: { write: 2 } },
      { drip: { octets: 1, every: 20 } },
    ]);
    expect(pace).toEqual({ drip: { octets: 1, every: 20 }, read: 1, write: 2 });
    expect(judge("rcpt", [{ throttle: { read: 7 } }]).pace).toEqual({ drip: null, read: 7, write: null });
    expect(judge("rcpt", [{ delay: 1 }]).pace).toBeNull();
  });

  test("labels gather, each once, and only where there is a transaction", () => {
    const effects = [{ label: "a" }, { label: "b" }, { label: "a" }];
    expect(judge("rcpt", effects).labels).toEqual(["a", "b"]);
    const verdict = judge(["noop", "rcpt"], effects);
    expect([verdict.labels, verdict.firings]).toEqual([[], []]);
  });

  test("eol: the newest, also of what an older rule or nobody says", () => {
    const plain = { raw: null, padTo: 0, garble: [], truncate: null };
    expect(judge("rcpt", [{ wire: { eol: "cr" } }, { wire: { eol: "lf" } }]).wire).toEqual({
      ...plain,
      eol: "\n",
    });
    const both = judge("rcpt", [{ wire: { truncate: 4 } }, { wire: { eol: "cr" } }]);
    expect(both.wire).toEqual({ ...plain, eol: "\r", truncate: 4 });
    const refused = judge("rcpt", [{ wire: { eol: "lf" } }], outOfOrder);
    expect([refused.said, refused.wire?.eol]).toEqual([outOfOrder, "\n"]);
  });

  test("an effect that decides behind a verdict adds nothing of its own", () => {
    const verdict = judge("rcpt", [
      { delay: 1, label: "old" },
      { reply: "550", delay: 10, label: "behind", drip: { octets: 1, every: 1 } },
      { reply: "450", delay: 100, label: "newest" },
    ]);
    expect([verdict.said?.code, verdict.delay, verdict.labels, verdict.pace]).toEqual([
      450,
      101,
      ["newest", "old"],
      null,
    ]);
  });

  test("pass shields from verdicts, not from conditions", () => {
    const verdict = judge("rcpt", ["550", { delay: 5, wire: { eol: "lf" } }, "pass"]);
    expect([verdict.said, verdict.delay, verdict.wire?.eol]).toEqual([ok, 5, "\n"]);
  });
});

describe("what else a verdict holds", () => {
  test("garble: drawn from the seed, so many octets, each changed", () => {
    const engine = engineWith({ id: "g", on: "rcpt", do: { wire: { garble: 500 } } });
    const garble = engine.judge(momentAt("rcpt")).wire?.garble ?? [];
    expect(garble).toHaveLength(500);
    expect(garble.every(({ at }) => at >= 0 && at < 1)).toBe(true);
    expect(garble.every(({ change }) => Number.isInteger(change) && change >= 1 && change <= 255)).toBe(true);
    expect(new Set(garble.map(({ at }) => at)).size).toBe(500);
    expect(new Set(garble.map(({ change }) => change)).size).toBeGreaterThan(150);
    engine.reset();
    expect(engine.judge(momentAt("rcpt")).wire?.garble).toEqual(garble);
    expect(engine.judge(momentAt("rcpt")).wire?.garble).not.toEqual(garble);
  });

  test("tls: the fault, and a signal for a handshake that stalls", () => {
    const verdict = engineWith({ on: "tls", do: { tls: { handshake: "stall" }, delay: 5 } }).judge(
      momentAt("tls"),
    );
    expect(verdict).toMatchObject({
      said: null,
      withheld: false,
      ending: null,
      delay: 5,
      tls: { certificate: null, handshake: "stall", maxVersion: null },
    });
    expect(verdict.until?.aborted).toBe(false);
  });

  test.each<[FaultEffect, Reply, boolean]>([
    [{}, ok, true],
    [{ reply: "250 Fine" }, ok, true],
    [{ wire: { truncate: 0 }, end: "reset" }, ok, true],
    [{}, outOfOrder, false],
    [{ end: "fin" }, outOfOrder, false],
  ])("bounce with %j of %j: %s", (more, proposed, bounces) => {
    const { bounce } = judge(
      "end-of-data",
      [{ bounce: { status: "5.1.1", after: "1s" }, ...more }],
      proposed,
    );
    expect(bounce).toEqual(
      bounces ? { status: "5.1.1", diagnostic: null, after: 1_000, recipients: null } : null,
    );
  });
});

test.each<[FaultRule["on"], FaultEffect, string]>([
  ["rcpt", { label: "a b", delay: 5 }, 'waits 5ms, then labels the transaction "a b"'],
  ["ehlo", { capabilities: { only: ["SIZE", "DSN"] } }, "offers only SIZE and DSN"],
  [
    "any",
    { drip: { octets: 1, every: "1s" }, throttle: { read: 9, write: 2 }, label: "x" },
    "from now on sends 1 octet every 1s, then from now on reads 9 octets and sends 2 octets a second",
  ],
  ["end-of-data", { bounce: { status: "5.1.1" } }, "bounces the message at once with 5.1.1"],
  [
    "tls",
    { tls: { certificate: "wrong-host", maxVersion: "TLSv1.1" } },
    "shows a certificate for another host and speaks no newer TLS than 1.1",
  ],
])("the firing at %j of %j is put in a few words", (on, effect, words) => {
  const phase = on === "any" ? "noop" : (on as "rcpt");
  const { firings } = engineWith({ id: "r", on, do: effect }).judge(momentAt(phase));
  expect(firings).toEqual([{ ruleId: "r", phase, explain: `rule r: ${words}` }]);
});
