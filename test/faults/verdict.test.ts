import { describe, expect, test } from "vitest";
import { type FaultEffect, plainVerdict, type Verdict } from "../../src/faults/mod.ts";
import { type Phase, type Reply, reply } from "../../src/smtp/mod.ts";
import { engineWith, momentAt, ok, outOfOrder } from "./moments.ts";

const anHour = 3_600_000;

type Wanted = Partial<Omit<Verdict, "wire">> & { raw?: string; truncate?: number | null };

function judge(
  effect: string | FaultEffect,
  phase: Exclude<Phase, "auth-exchange"> = "rcpt",
  proposed: Reply | null = ok,
): Wanted {
  const engine = engineWith({ on: phase, do: effect });
  const { wire, until, firings, ...rest } = engine.judge(momentAt(phase, { proposed }));
  expect(firings.length).toBeLessThan(2);
  const raw = wire?.raw ?? null;
  const wanted: Wanted = {
    ...rest,
    raw: raw === null ? "" : new TextDecoder().decode(raw),
    truncate: wire?.truncate ?? null,
  };
  expect(until !== null).toBe(rest.ending !== null);
  return wanted;
}

/** Fields that are not named are those of a plain verdict. */
function verdict(wanted: Wanted): Wanted {
  const { until: _until, firings: _firings, wire: _wire, ...plain } = plainVerdict(ok);
  return { ...plain, raw: "", truncate: null, ...wanted };
}

describe("what an effect makes of a 250", () => {
  test.each<[string | FaultEffect, Wanted]>([
    // Replies
    ["452 4.2.2 Mailbox full", { said: reply(452, "4.2.2", "Mailbox full") }],
    ["550 No such user", { said: reply(550, null, "No such user") }],
    ["550 5.1.1", { said: reply(550, "5.1.1", "<bob@s.test>: Recipient address rejected: User unknown") }],
    ["452", { said: reply(452, "4.5.3", "Too many recipients") }],
    ["251 Will forward", { said: reply(251, null, "Will forward") }],
    ["550 5.1 No", { said: reply(550, null, "5.1 No") }],
    ["550 4.2.2 No", { said: reply(550, "4.2.2", "No") }],
    ["450 5.1.1x", { said: reply(450, null, "5.1.1x") }],
    [{ reply: "550 No" }, { said: reply(550, null, "No") }],
    [{ reply: { code: 552 } }, { said: reply(552, "5.2.2", "<bob@s.test>: Mailbox full") }],
    [
      { reply: { code: 552, enhanced: "5.2.3" } },
      { said: reply(552, "5.2.3", "Message too big for the mailbox") },
    ],
    [{ reply: { code: 552, text: "Full" } }, { said: reply(552, null, "Full") }],
    [
      { reply: { code: 550, enhanced: "5.7.26", text: ["DMARC", "of {sender}"] } },
      { said: reply(550, "5.7.26", "DMARC", "of ada@c.test") },
    ],
    [{ reply: "none" }, { said: null, withheld: true }],
    ["pass", {}],
    // A 421 ends with fin unless `end` says otherwise
    ["421 4.3.2 Bye", { said: reply(421, "4.3.2", "Bye"), ending: { kind: "fin" } }],
    [{ reply: "421 4.3.2 Bye" }, { said: reply(421, "4.3.2", "Bye"), ending: { kind: "fin" } }],
    [
      { reply: "421 Bye", end: "none" },
      { said: reply(421, null, "Bye"), ending: null },
    ],
    [
      { reply: "421 Bye", end: "reset" },
      { said: reply(421, null, "Bye"), ending: { kind: "reset" } },
    ],
    // Endings: as a text nothing is said, as a field the normal reply is
    ["fin", { said: null, withheld: true, ending: { kind: "fin" } }],
    ["reset", { said: null, withheld: true, ending: { kind: "reset" } }],
    ["stall", { said: null, withheld: true, ending: { kind: "stall", for: anHour } }],
    [{ end: "fin" }, { ending: { kind: "fin" } }],
    [{ end: "stall", for: "10s" }, { ending: { kind: "stall", for: 10_000 } }],
    [
      { reply: "none", end: "reset" },
      { said: null, withheld: true, ending: { kind: "reset" } },
    ],
    [
      { reply: "550 No", end: "fin" },
      { said: reply(550, null, "No"), ending: { kind: "fin" } },
    ],
    // What is sent; what is said still decides
    [
      { wire: { truncate: 0 }, end: "reset" },
      { truncate: 0, ending: { kind: "reset" } },
    ],
    [{ wire: { raw: "250-ok\r\n550 ü\n" } }, { raw: "250-ok\r\n550 ü\n" }],
    [
      { reply: "none", wire: { raw: "what?\r\n" } },
      { said: null, withheld: true, raw: "what?\r\n" },
    ],
    [
      { reply: "550 No", wire: { raw: "2" } },
      { said: reply(550, null, "No"), raw: "2" },
    ],
    // Conditions
    [{ delay: "5s" }, { delay: 5_000 }],
    [{ delay: 0 }, { delay: 0 }],
    [
      { delay: 20, reply: "550 No" },
      { said: reply(550, null, "No"), delay: 20 },
    ],
  ])("%j", (effect, wanted) => {
    expect(judge(effect)).toEqual(verdict(wanted));
  });
});

describe("what an effect makes of the server's own 503", () => {
  const refused = { said: outOfOrder };
  test.each<[string | FaultEffect, Wanted]>([
    ["250 2.0.0 Fine", refused],
    ["450 4.0.0 Later", refused],
    ["pass", refused],
    [{ reply: "none" }, refused],
    [{ wire: { raw: "250 ok\r\n" } }, refused],
    [{ wire: { truncate: 0 } }, refused],
    [{ delay: 5, reply: "450 4.0.0 Later" }, refused],
    [{ reply: "421 Bye", end: "none" }, refused],
    // A delay hides nothing
    [{ delay: 5 }, { ...refused, delay: 5 }],
    // An ending may replace any refusal, but makes nothing positive
    ["421 Bye", { said: reply(421, null, "Bye"), ending: { kind: "fin" } }],
    ["reset", { said: null, withheld: true, ending: { kind: "reset" } }],
    [{ end: "fin" }, { ...refused, ending: { kind: "fin" } }],
    [
      { reply: "none", end: "stall" },
      { said: null, withheld: true, ending: { kind: "stall", for: anHour } },
    ],
    [
      { reply: "550 No", end: "fin" },
      { said: reply(550, null, "No"), ending: { kind: "fin" } },
    ],
    [
      { reply: "250 Fine", end: "fin" },
      { ...refused, ending: { kind: "fin" } },
    ],
    [
      { wire: { raw: "5\r\n" }, end: "reset" },
      { ...refused, raw: "5\r\n", ending: { kind: "reset" } },
    ],
  ])("%j", (effect, wanted) => {
    expect(judge(effect, "rcpt", outOfOrder)).toEqual(verdict(wanted));
  });
});

describe("where nothing has to be said", () => {
  test.each<[string | FaultEffect, Wanted]>([
    [{ delay: 5 }, { said: null, delay: 5 }],
    ["pass", { said: null }],
    [{ reply: "none" }, { said: null, withheld: true }],
    ["538", { said: reply(538, "5.7.11", "Encryption required for requested authentication mechanism") }],
    ["reset", { said: null, withheld: true, ending: { kind: "reset" } }],
    [{ end: "reset" }, { said: null, ending: { kind: "reset" } }],
  ])("%j", (effect, wanted) => {
    expect(judge(effect, "auth-start", null)).toEqual(verdict(wanted));
  });
});

test.each<[string | FaultEffect, string]>([
  ["451 4.7.1 Greylisted", "rule r: 451 4.7.1 Greylisted"],
  ["451", "rule r: 451 4.3.0 Requested action aborted: local error in processing"],
  ["421 Bye", "rule r: 421 Bye, then closes the connection"],
  ["pass", "rule r: replies as normal"],
  ["reset", "rule r: says nothing, then resets the connection"],
  [{ delay: "5s" }, "rule r: waits 5s"],
  [{ delay: "1m", end: "stall", for: "10s" }, "rule r: waits 1m, then stalls for 10s"],
  [{ wire: { truncate: 0 }, end: "fin" }, "rule r: withholds the reply, then closes the connection"],
  [{ wire: { truncate: 3 } }, "rule r: sends only 3 octets of the reply"],
  [{ wire: { raw: "2\r\n" }, reply: "550 No" }, 'rule r: 550 No but sends "2\\r\\n"'],
])("the firing of %j is put in a few words", (effect, words) => {
  const engine = engineWith({ id: "r", on: "rcpt", do: effect });
  expect(engine.judge(momentAt("rcpt")).firings).toEqual([{ ruleId: "r", phase: "rcpt", explain: words }]);
});

test("plainVerdict says what it is given and does nothing else", () => {
  expect(plainVerdict(ok)).toEqual({
    said: ok,
    withheld: false,
    wire: null,
    ending: null,
    delay: 0,
    until: null,
    pace: null,
    hidden: [],
    tls: null,
    bounce: null,
    http: null,
    labels: [],
    warnings: [],
    firings: [],
  });
  expect(plainVerdict(null).said).toBeNull();
  expect(plainVerdict(ok).firings).toBe(plainVerdict(null).firings);
});
