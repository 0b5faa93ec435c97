import { describe, expect, test } from "vitest";
import type { FaultRule, Scope } from "../../src/faults/mod.ts";
import { scopeKey } from "../../src/faults/scope.ts";
import { codeOf, engineWith, momentAt, type Sketch } from "./moments.ts";

type Phase = "rcpt" | "end-of-data";

const from = (sender: string): Sketch => ({ transaction: { from: sender } });
const to = (...recipients: string[]): Sketch => ({ transaction: { recipients } });

describe("whether two moments count under one key", () => {
  test.each<[Scope, Phase, Sketch, Sketch, boolean]>([
    ["rule", "rcpt", {}, { session: { id: "s2", remoteAddress: "::1" } }, true],
    ["session", "rcpt", {}, { transaction: { id: "t2" } }, true],
    ["session", "rcpt", {}, { session: { id: "s2" } }, false],
    ["transaction", "rcpt", {}, { recipient: "eve@s.test" }, true],
    ["transaction", "rcpt", {}, { transaction: { id: "t2" } }, false],
    ["remote-address", "rcpt", {}, { session: { id: "s2" } }, true],
    ["remote-address", "rcpt", {}, { session: { remoteAddress: "192.0.2.10" } }, false],
    ["user", "rcpt", { session: { user: "ci" } }, { session: { id: "s2", user: "ci" } }, true],
    ["user", "rcpt", { session: { user: "ci" } }, {}, false],
    ["user", "rcpt", { session: { user: "" } }, {}, false],
    ["sender", "rcpt", from("Ada@c.test"), from("ada@C.test"), true],
    ["sender", "rcpt", from("ada@c.test"), from("eve@c.test"), false],
    ["sender", "rcpt", from(""), { transaction: null }, false],
    ["sender-domain", "rcpt", from("ada@c.test"), from("eve@C.test"), true],
    ["sender-domain", "rcpt", from('"a@b"@c.test'), from("eve@c.test"), true],
    ["sender-domain", "rcpt", from("ada@c.test"), from("ada@d.test"), false],
    ["recipient", "rcpt", {}, { recipient: "BOB@s.test", ...from("eve@c.test") }, true],
    ["recipient", "rcpt", {}, { recipient: "eve@s.test" }, false],
    ["recipient", "end-of-data", to("a@s.test", "b@s.test"), to("b@s.test", "a@s.test"), true],
    ["recipient", "end-of-data", to("a@s.test", "b@s.test"), to("a@s.test"), false],
    ["recipient-domain", "rcpt", {}, { recipient: "eve@s.test" }, true],
    ["recipient-domain", "rcpt", {}, { recipient: "bob@d.test" }, false],
    ["triplet", "rcpt", {}, { session: { id: "s2" }, transaction: { id: "t2", index: 2 } }, true],
    ["triplet", "rcpt", {}, { recipient: "eve@s.test" }, false],
    ["triplet", "rcpt", {}, from("eve@c.test"), false],
    ["triplet", "rcpt", {}, { session: { remoteAddress: "::1" } }, false],
    ["triplet", "end-of-data", to("a@s.test", "b@s.test"), to("b@s.test", "a@s.test"), true],
    ["triplet", "end-of-data", to("a@s.test", "b@s.test"), to("a@s.test", "c@s.test"), false],
    [
      "message-id",
      "end-of-data",
      { headers: { "Message-ID": "<1@c>" } },
      { headers: { "message-id": " <1@c> " }, ...to("x@s.test") },
      true,
    ],
    [
      "message-id",
      "end-of-data",
      { headers: { "Message-ID": "<1@c>" } },
      { headers: { "Message-ID": "<2@c>" } },
      false,
    ],
    ["message-id", "end-of-data", { headers: {} }, { headers: { "Message-ID": "" } }, true],
    ["message-id", "end-of-data", {}, to("x@s.test"), false],
    ["inbox", "rcpt", { inboxes: ["a-1"] }, { inboxes: ["a-1"], ...to("x@s.test") }, true],
    ["inbox", "rcpt", { inboxes: ["a-1"] }, { inboxes: ["b-2"] }, false],
    ["inbox", "rcpt", {}, {}, true],
  ])("per %s at %s: %j and %j: %s", (scope, phase, one, other, same) => {
    const equal = scopeKey(scope, momentAt(phase, one)) === scopeKey(scope, momentAt(phase, other));
    expect(equal).toBe(same);
  });
});

test("a key does not grow with the number of recipients", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `user${index}@s.test`);
  const key = scopeKey("triplet", momentAt("end-of-data", to(...many)));
  expect(key.length).toBeLessThan(50);
  expect(key).not.toBe(scopeKey("triplet", momentAt("end-of-data", to(...many.slice(1)))));
});

describe("greylisting", () => {
  const rule: FaultRule = {
    on: "rcpt",
    when: { per: "triplet", for: "5m" },
    do: "451 4.7.1 Greylisted, try again in {retryAfter} seconds",
  };

  test("each triplet waits its own five minutes, whatever comes in between", () => {
    const engine = engineWith(rule);
    const says = (now: number, recipient = "bob@s.test") => {
      const { said } = engine.judge(momentAt("rcpt", { now, recipient }));
      return said?.code === 451 ? said.lines[0]?.replace(/\D+/g, "") : said?.code;
    };
    expect([says(0), says(1), says(60_000), says(299_999)]).toEqual(["300", "300", "240", "1"]);
    expect(says(200_000, "eve@s.test")).toBe("300");
    expect([says(300_000), says(300_001), says(900_000)]).toEqual([250, 250, 250]);
    expect(says(400_000, "eve@s.test")).toBe("100");
  });
});

test("rate: the 101st message of a client within a minute is refused, another client's is not", () => {
  const engine = engineWith();
  engine.use("rate-limit");
  const codes = Array.from({ length: 101 }, (_, index) =>
    codeOf(engine, momentAt("mail", { now: index * 100 })),
  );
  expect(codes.slice(0, 100).every((code) => code === 250)).toBe(true);
  expect(codes[100]).toBe(421);
  expect(codeOf(engine, momentAt("mail", { now: 10_100, session: { remoteAddress: "::1" } }))).toBe(250);
  expect(codeOf(engine, momentAt("mail", { now: 70_100 }))).toBe(250);
});
