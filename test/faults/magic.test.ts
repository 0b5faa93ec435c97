import { describe, expect, test } from "vitest";
import type { FaultEngine, Verdict } from "../../src/faults/mod.ts";
import type { Phase, Reply } from "../../src/smtp/mod.ts";
import { engineWith, magicEngineWith, momentAt, ok, outOfOrder, type Sketch } from "./moments.ts";

type Place = "rcpt" | "data" | "content" | "end-of-data";
const places: readonly Place[] = ["rcpt", "data", "content", "end-of-data"];

/** One message to this recipient, of 5,000 octets: what happens first, and where; null: nothing. */
function send(engine: FaultEngine, address: string): string | null {
  for (const phase of places) {
    const stop = engine.nextStop(0, [address]);
    if (phase === "content" && stop === null) continue;
    const sketch: Sketch =
      phase === "rcpt"
        ? { recipient: address }
        : { transaction: { recipients: [address] }, octets: phase === "content" ? stop! : 5_000 };
    const proposed = phase === "content" ? null : ok;
    const verdict = engine.judge(momentAt(phase, { ...sketch, proposed }));
    const seen = whatHappens(verdict, proposed);
    if (seen !== null) return `${phase}: ${seen}`;
  }
  return null;
}

function whatHappens(
  { said, delay, ending, wire, warnings }: Verdict,
  proposed: Reply | null,
): string | null {
  const parts = [
    delay > 0 ? `${delay} ms` : null,
    said !== null && said !== proposed ? `${said.code} ${said.enhanced}` : null,
    wire?.truncate === 0 ? "nothing sent" : null,
    ending?.kind ?? null,
    ...warnings,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

const warned = "rcpt: magic-without-effect";

describe("what an address asks for, try by try", () => {
  test.each<[address: string, ...tries: (string | null)[]]>([
    // Directives
    ["bob+fault.550@x.test", "rcpt: 550 5.1.1", "rcpt: 550 5.1.1"],
    ["bob+fault.452-4-2-2@x.test", "rcpt: 452 4.2.2"],
    ["bob+fault.421@x.test", "rcpt: 421 4.3.2, fin"],
    ["bob+fault.delay-5s@x.test", "rcpt: 5000 ms"],
    ["bob+fault.delay-250ms.at-eod@x.test", "end-of-data: 250 ms"],
    ["bob+fault.reset@x.test", "rcpt: reset"],
    ["bob+fault.drop@x.test", "rcpt: fin"],
    ["bob+fault.stall@x.test", "rcpt: stall"],
    ["bob+fault.ok@x.test", null],
    // Forms
    ["fault.550@x.test", "rcpt: 550 5.1.1"],
    ["bob+tag+fault.550@x.test", "rcpt: 550 5.1.1"],
    ["BOB+FAULT.Greylisting.X1@X.test", "rcpt: 451 4.7.1", null],
    ["anyone@451.fault.test", "rcpt: 451 4.3.0"],
    ["anyone@mailbox-full.x2.FAULT.test", "rcpt: 452 4.2.2", "rcpt: 452 4.2.2", null],
    // Options
    ["bob+fault.451.at-data@x.test", "data: 451 4.3.0"],
    ["bob+fault.421.at-eod@x.test", "end-of-data: 421 4.3.2, fin"],
    ["bob+fault.spam.at-rcpt@x.test", "rcpt: 550 5.7.1"],
    ["bob+fault.451.after1@x.test", null, "rcpt: 451 4.3.0", "rcpt: 451 4.3.0"],
    ["bob+fault.451.after1.x1.at-data@x.test", null, "data: 451 4.3.0", null],
    ["bob+fault.451.p0@x.test", null, null],
    ["bob+fault.451.p100@x.test", "rcpt: 451 4.3.0", "rcpt: 451 4.3.0"],
    // Presets at their own phases
    ["bob+fault.spam@x.test", "end-of-data: 550 5.7.1"],
    ["bob+fault.reply-lost.x1@x.test", "end-of-data: nothing sent, reset", null],
    ["bob+fault.drop-mid-data.x1@x.test", "content: reset", null],
    ["bob+fault.half-close@x.test", "data: half-close"],
    ["bob+fault.gmail.spam.x1@x.test", "end-of-data: 550 5.7.1", null],
    ["anyone@yahoo.too-big.fault.test", "end-of-data: 552 5.3.4"],
    ["bob+fault.shutdown@x.test", "rcpt: 421 4.3.2, fin"],
    ["bob+fault.fail-twice-then-ok@x.test", "end-of-data: 451 4.3.0", "end-of-data: 451 4.3.0", null],
    // Presets of an earlier phase
    ["bob+fault.insufficient-storage@x.test", "rcpt: 452 4.3.1"],
    ["bob+fault.auth-failed@x.test", "rcpt: 535 5.7.8"],
    ["bob+fault.auth-needs-tls@x.test", "rcpt: 538 5.7.11"],
    // Presets that are over before anybody is named
    ["x@tls-unavailable.fault.test", warned],
    ["bob+fault.connection-refused@x.test", warned],
    ["bob+fault.not-accepting@x.test", warned],
    ["bob+fault.tls-expired@x.test", warned],
    ["bob+fault.no-starttls@x.test", warned],
    ["bob+fault.tls-expired.at-rcpt@x.test", warned],
    ["bob+fault.too-big.at-rcpt@x.test", warned],
    // What is none
    ["bob+fault.greylistng@x.test", warned],
    ["bob+fault.gmail@x.test", warned],
    ["bob+fault.gmail.span@x.test", warned],
    ["bob+fault.550.at-lunch@x.test", warned],
    ["bob+fault.550.x0@x.test", warned],
    ["bob+fault.550.x1.x2@x.test", warned],
    ["bob+fault.550.at-rcpt.at-data@x.test", warned],
    ["bob+fault.550.p101@x.test", warned],
    ["bob+fault.600@x.test", warned],
    ["bob+fault.452-9-2-2@x.test", warned],
    ["bob+fault.550+more@x.test", warned],
    ["bob+fault.452.at-mail@x.test", warned],
    ["bob+fault.constructor@x.test", warned],
    ["anyone@nothing.fault.test", warned],
    [`${"b".repeat(54)}+fault.550@x.test`, "rcpt: 550 5.1.1"],
    [`${"b".repeat(55)}+fault.550@x.test`, warned],
    // What does not look like it
    ["fault@x.test", null],
    ["default.550@x.test", null],
    ["bob@fault.test", null],
    ["bob@550.default.test", null],
    ["bob+550@x.test", null],
  ])("%s", (address, ...tries) => {
    const engine = magicEngineWith();
    expect(tries.map(() => send(engine, address))).toEqual(tries);
  });
});

describe("a sender", () => {
  test.each<[from: string, seen: string | null]>([
    ["a+fault.452.at-mail@c.test", "452 4.3.1"],
    ["a+fault.reset.at-mail@c.test", "reset"],
    ["a@550.at-mail.fault.test", "550 5.7.1"],
    ["a+fault.452@c.test", "magic-without-effect"],
    ["a+fault.452.at-rcpt@c.test", "magic-without-effect"],
    ["", null],
    ["ada@c.test", null],
  ])("%s", (from, seen) => {
    const engine = magicEngineWith();
    expect(whatHappens(engine.judge(momentAt("mail", { transaction: { from } })), ok)).toBe(seen);
    expect(send(engine, "bob@x.test")).toBe(null);
  });
});

describe("several recipients at end of data", () => {
  test.each<[wishes: readonly string[], seen: string | null]>([
    [["452.at-eod", "550.at-eod"], "550 5.7.1"],
    [["550.at-eod", "452.at-eod", "reset.at-eod"], "reset"],
    [["delay-1s.at-eod", "delay-2s.at-eod"], "3000 ms"],
    [["ok", "452.at-eod"], "452 4.3.1"],
    [["ok", "mixed-codes.at-eod", "delay-1s.at-eod"], "1000 ms"],
    [["250.at-eod", "451.at-eod"], "451 4.3.0"],
    [["250.at-eod", "ok", "552.at-eod"], "552 5.3.4"],
    [["552", "451"], null],
  ])("%j", (wishes, seen) => {
    const recipients = wishes.map((wish) => `bob+fault.${wish}@x.test`);
    const verdict = magicEngineWith().judge(momentAt("end-of-data", { transaction: { recipients } }));
    expect(whatHappens(verdict, ok)).toBe(seen);
  });

  test("all of them count, and the one that decides is recorded", () => {
    const engine = magicEngineWith();
    const recipients = ["a+fault.552.at-eod.x1@x.test", "b+fault.550.at-eod.x2@x.test"];
    const tries = [1, 2, 3].map(() => engine.judge(momentAt("end-of-data", { transaction: { recipients } })));
    expect(tries.map(({ said }) => said?.code)).toEqual([552, 550, 250]);
    expect(tries.map(({ firings }) => firings.length)).toEqual([1, 1, 0]);
  });

  test("a firing tells which address asked for it", () => {
    const engine = magicEngineWith();
    const recipients = ["bob@x.test", "a+fault.452.at-eod@x.test"];
    const { firings } = engine.judge(momentAt("end-of-data", { transaction: { recipients } }));
    expect(firings[0]?.explain).toMatch(/^magic address a\+fault\.452\.at-eod@x\.test: 452 4\.3\.1 /);
  });

  test("one that is named twice is asked once", () => {
    const engine = magicEngineWith();
    const recipients = ["a+fault.451.at-eod.after1@x.test", "A+fault.451.at-eod.after1@x.test"];
    const judge = () => engine.judge(momentAt("end-of-data", { transaction: { recipients } }));
    expect([judge().said?.code, judge().said?.code]).toEqual([250, 451]);
  });

  test("in LMTP each is answered for itself", () => {
    const engine = magicEngineWith();
    const recipients = ["a+fault.550.at-eod@x.test", "bob@x.test"];
    const codes = recipients.map(
      (recipient) =>
        engine.judge(momentAt("end-of-data", { transaction: { recipients }, recipient })).said?.code,
    );
    expect(codes).toEqual([550, 250]);
  });
});

test.each<[wish: string, warnings: readonly string[]]>([
  ["451.at-data", ["magic-without-effect"]],
  ["half-close", ["magic-without-effect"]],
  ["451.at-eod", []],
  ["ok", []],
])("%s where chunks come instead of DATA: %j", (wish, warnings) => {
  const recipients = [`a+fault.${wish}@x.test`];
  for (const phase of ["bdat", "end-of-data"] as const) {
    const verdict = magicEngineWith().judge(momentAt(phase, { verb: "BDAT", transaction: { recipients } }));
    expect(verdict.warnings).toEqual(warnings);
  }
});

describe("beside rules", () => {
  const rules = [
    { id: "full", on: "rcpt", do: "452 4.2.2 Full" },
    { id: "late", on: "any", do: { delay: 7 } },
  ];

  test("magic precedes them; their conditions still hold", () => {
    const verdict = magicEngineWith(...rules).judge(momentAt("rcpt", { recipient: "b+fault.550@x.test" }));
    expect(verdict).toMatchObject({ said: { code: 550 }, delay: 7 });
    expect(verdict.firings).toMatchObject([
      { ruleId: "magic", phase: "rcpt", explain: expect.stringContaining("550 5.1.1") },
      { ruleId: "late" },
    ]);
  });

  test("one that has no effect, or is used up, leaves them alone", () => {
    const engine = magicEngineWith(...rules);
    expect(send(engine, "b+fault.none@x.test")).toBe("rcpt: 7 ms, 452 4.2.2, magic-without-effect");
    expect(send(engine, "b+fault.550.x1@x.test")).toBe("rcpt: 7 ms, 550 5.1.1");
    expect(send(engine, "b+fault.550.x1@x.test")).toBe("rcpt: 7 ms, 452 4.2.2");
  });

  test.each<Phase>(["rcpt", "data", "content", "bdat", "end-of-data"])("ok shields at %s", (phase) => {
    const engine = magicEngineWith({ on: ["rcpt", "data", "content", "bdat", "end-of-data"], do: "reset" });
    const sketch: Sketch =
      phase === "rcpt"
        ? { recipient: "b+fault.ok@x.test" }
        : { transaction: { recipients: ["b+fault.ok@x.test"] } };
    const proposed = phase === "content" ? null : ok;
    const verdict = engine.judge(momentAt(phase, { ...sketch, proposed, octets: 1 }));
    expect(verdict).toMatchObject({ said: proposed, withheld: false, ending: null });
    expect(verdict.firings).toMatchObject([{ ruleId: "magic" }]);
  });

  test("the server's own refusal stands, except before an ending", () => {
    const refuse = (recipient: string) =>
      magicEngineWith().judge(momentAt("rcpt", { recipient, proposed: outOfOrder })).said;
    expect(refuse("b+fault.451@x.test")).toEqual(outOfOrder);
    expect(refuse("b+fault.421@x.test")?.code).toBe(421);
  });
});

describe("counting", () => {
  test("is for each full address, its case apart", () => {
    const engine = magicEngineWith();
    expect(send(engine, "a+fault.451.x1@x.test")).toBe("rcpt: 451 4.3.0");
    expect(send(engine, "b+fault.451.x1@x.test")).toBe("rcpt: 451 4.3.0");
    expect(send(engine, "a+fault.451.x1@y.test")).toBe("rcpt: 451 4.3.0");
    expect(send(engine, "A+Fault.451.x1@X.test")).toBe(null);
  });

  test("chance is for each address, and the same with the same seed", () => {
    const fates = () => {
      const engine = magicEngineWith();
      return Array.from({ length: 200 }, (_, at) => send(engine, `u${at}+fault.451.p50@x.test`) !== null);
    };
    const first = fates();
    expect(fates()).toEqual(first);
    const struck = first.filter(Boolean).length;
    expect(struck).toBeGreaterThan(60);
    expect(struck).toBeLessThan(140);
  });

  test.each<[string, (engine: FaultEngine) => void]>([
    ["reset", (engine) => engine.reset()],
    ["clear", (engine) => engine.clear()],
    ["restore", (engine) => engine.restore()],
  ])("begins again after %s", (_, begin) => {
    const engine = magicEngineWith();
    expect(send(engine, "a+fault.451.x1@x.test")).not.toBe(null);
    begin(engine);
    expect(send(engine, "a+fault.451.x1@x.test")).not.toBe(null);
  });

  test("is kept for the 10,000 addresses that were used last", () => {
    const engine = magicEngineWith();
    const address = (at: number) => `u${at}+fault.451.x1@x.test`;
    for (let at = 0; at < 10_000; at++) send(engine, address(at));
    expect(send(engine, address(0))).toBe(null);
    send(engine, address(10_000));
    expect(send(engine, address(0))).toBe(null);
    expect(send(engine, address(1))).not.toBe(null);
  });
});

test("a stall ends when everything is cleared", () => {
  const engine = magicEngineWith();
  const { until } = engine.judge(momentAt("rcpt", { recipient: "a+fault.stall@x.test" }));
  expect(until?.aborted).toBe(false);
  engine.clear();
  expect(until?.aborted).toBe(true);
});

test("isMagic says whether there is anything to ask", () => {
  const engine = magicEngineWith();
  const addresses = ["a+fault.550@x.test", '"a+fault.550"@x.test', '"fault.550"@x.test', "a@550.fault.test"];
  for (const address of addresses) expect(engine.isMagic(address), address).toBe(true);
  for (const address of ["", "a@x.test", "default.x@x.test", "a@fault.test"]) {
    expect(engine.isMagic(address), address).toBe(false);
  }
});

test("nextStop is the nearest one of rules and recipients", () => {
  const engine = magicEngineWith({ on: "content", match: { octets: { min: 5_000 } }, do: "reset" });
  const recipients = ["bob@x.test", "a+fault.drop-mid-data@x.test"];
  expect([0, 4_096, 5_000].map((octets) => engine.nextStop(octets, recipients))).toEqual([
    4_096,
    5_000,
    null,
  ]);
  expect(engine.nextStop(0, ["bob@x.test"])).toBe(5_000);
});

test("without magic all addresses are plain", () => {
  const engine = engineWith();
  const recipient = "a+fault.550@x.test";
  expect(engine.isMagic(recipient)).toBe(false);
  expect(engine.nextStop(0, ["a+fault.drop-mid-data@x.test"])).toBe(null);
  expect(engine.judge(momentAt("rcpt", { recipient }))).toMatchObject({
    said: ok,
    warnings: [],
    firings: [],
  });
  const wrong = engine.judge(momentAt("rcpt", { recipient: "a+fault.none@x.test" }));
  expect(wrong.warnings).toEqual([]);
});

test("the chance of an address does not hang on who else is in the mail", () => {
  const addresses = Array.from({ length: 40 }, (_, n) => `u${n}+fault.spam.p50@x.test`);
  const struck = (others: readonly string[]): boolean[] => {
    const engine = magicEngineWith();
    return addresses.map((address) => {
      const recipients = [address, ...others];
      const { said } = engine.judge(momentAt("end-of-data", { transaction: { recipients } }));
      return said?.code === 550;
    });
  };
  const alone = struck([]);
  expect(new Set(alone)).toEqual(new Set([true, false]));
  expect(struck(["ada@x.test", "bob@x.test"])).toEqual(alone);
});
