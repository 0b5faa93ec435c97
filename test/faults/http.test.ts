/** Rules about requests to a provider: what they see, what they answer, what they leave alone. */
import { describe, expect, test } from "vitest";
import { reply } from "../../src/smtp/mod.ts";
import { engineWith, momentAt, type Sketch } from "./moments.ts";

const limited = { http: { status: 429, retryAfter: "1500ms" } };
const plain = { status: 429, code: null, retryAfter: null, body: undefined, stored: false };

describe("a rule at http", () => {
  const cases: readonly (readonly [match: object, sketch: Sketch, fires: boolean])[] = [
    [{}, {}, true],
    [{ provider: "resend" }, {}, true],
    [{ provider: "postmark" }, {}, false],
    [{ provider: { not: "resend" } }, {}, false],
    [{ from: "ada@*" }, {}, true],
    [{ to: "BOB@s.test" }, {}, true],
    [{ to: "eve@s.test" }, { transaction: { recipients: ["bob@s.test", "eve@s.test"] } }, true],
    [{ to: "eve@s.test" }, {}, false],
    [{ to: { not: "bob@*" } }, {}, false],
    [{ recipientCount: 1 }, {}, true],
    [{ recipientCount: { min: 2 } }, {}, false],
    [{ header: { subject: "Hi*" } }, { headers: { Subject: "Hi there" } }, true],
    [{ header: { subject: "Hi*" } }, {}, false],
    [{ body: "*code*" }, { body: "your code" }, true],
  ];
  for (const [match, sketch, fires] of cases) {
    test(`${JSON.stringify(match)} ${JSON.stringify(sketch)}`, () => {
      const engine = engineWith({ on: "http", match, do: limited });
      const { http } = engine.judge(momentAt("http", sketch));
      expect(http === null).toBe(!fires);
    });
  }

  test("answers with what it says, the time rounded up to seconds", () => {
    const engine = engineWith({
      id: "r",
      on: "http",
      do: {
        http: { status: 500, code: "application_error", retryAfter: "1500ms", body: { a: 1 }, stored: true },
      },
    });
    const { http, firings } = engine.judge(momentAt("http"));
    expect(http).toEqual({
      status: 500,
      code: "application_error",
      retryAfter: 2,
      body: { a: 1 },
      stored: true,
    });
    expect(firings).toEqual([
      {
        ruleId: "r",
        phase: "http",
        explain:
          "rule r: answers 500 application_error with a body of its own, to be tried again after 2s, but keeps the message",
      },
    ]);
  });

  test("says when to come back where its window does", () => {
    const engine = engineWith({ on: "http", when: { for: "10s" }, do: { http: { status: 429 } } });
    expect(engine.judge(momentAt("http", { now: 0 })).http).toEqual({ ...plain, retryAfter: 10 });
    expect(engine.judge(momentAt("http", { now: 9_500 })).http).toEqual({ ...plain, retryAfter: 1 });
    expect(engine.judge(momentAt("http", { now: 10_000 })).http).toBe(null);
  });

  test("counts per recipient, whatever else comes", () => {
    const engine = engineWith({ on: "http", when: { times: 1, per: "recipient" }, do: limited });
    const to = (...recipients: string[]) => momentAt("http", { transaction: { recipients } });
    const fired = [to("a@x.test"), to("b@x.test"), to("A@x.test"), to("b@x.test", "a@x.test")].map(
      (moment) => engine.judge(moment).http !== null,
    );
    expect(fired).toEqual([true, true, false, true]);
  });

  test("does not hide what the provider itself refuses; an ending and a delay act", () => {
    const proposed = reply(422, null, "Missing `to` field.");
    const judge = (effect: unknown) =>
      engineWith({ on: "http", do: effect }).judge(momentAt("http", { proposed }));
    expect(judge(limited)).toMatchObject({ http: null, firings: [] });
    expect(judge({ delay: "1s" })).toMatchObject({ delay: 1000 });
    expect(judge("reset")).toMatchObject({ ending: { kind: "reset" } });
  });

  test("pass shields, a label and a delay of an older rule act on", () => {
    const engine = engineWith(
      { on: "http", do: limited },
      { on: "http", do: { delay: "1s", label: "slow" } },
      { on: "http", do: "pass" },
    );
    expect(engine.judge(momentAt("http"))).toMatchObject({ http: null, delay: 1000, labels: ["slow"] });
  });

  test("is not asked in a session, and any is not asked here", () => {
    const engine = engineWith({ on: "http", do: limited }, { on: "any", do: "550" });
    expect(engine.judge(momentAt("end-of-data")).http).toBe(null);
    expect(engine.judge(momentAt("http")).firings).toHaveLength(1);
  });

  test("tells what it does, and is named by it", () => {
    const [rule] = engineWith({
      on: "http",
      match: { provider: "resend" },
      do: { http: { status: 429, retryAfter: "1s" } },
    }).list();
    expect(rule?.id).toMatch(/^http-429-[0-9a-f]{8}$/);
    expect(rule?.explain).toBe(
      "At a request to a provider, if the provider matches resend, the server answers 429, to be tried again after 1s.",
    );
  });
});
