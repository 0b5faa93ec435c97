import { describe, expect, test } from "vitest";
import { DuplicateRuleError, FaultRuleError, listPresets } from "../../src/faults/mod.ts";
import { formatDuration } from "../../src/notation/mod.ts";
import { codeOf, engineWith, momentAt } from "./moments.ts";

const full = { id: "full", on: "rcpt", do: "452 4.2.2 Mailbox full" } as const;
const rcpt = momentAt("rcpt");

describe("ids", () => {
  test("are derived from what the rule says, whatever the order of its fields", () => {
    const engine = engineWith();
    const [report] = engine.add({ on: "rcpt", match: { to: "a", from: "b" }, do: "452" });
    expect(report?.id).toMatch(/^rcpt-452-[0-9a-f]{8}$/);
    expect(() => engine.add({ do: "452", match: { from: "b", to: "a" }, on: "rcpt" })).toThrow(
      DuplicateRuleError,
    );
    expect(engine.add({ on: "rcpt", match: { to: "a", from: "c" }, do: "452" })[0]?.id).not.toBe(report?.id);
  });

  test.each([
    [{ on: ["mail", "rcpt"], do: "421" }, "mail-421"],
    [{ on: "any", do: "pass" }, "any-pass"],
    [{ on: "end-of-data", do: { wire: { truncate: 0 }, end: "reset" } }, "end-of-data-reset"],
    [{ on: "rcpt", do: { wire: { raw: "x" } } }, "rcpt-wire"],
    [{ on: "rcpt", do: { reply: "none" } }, "rcpt-silent"],
    [{ on: "rcpt", do: [{ delay: 1 }, "550"] }, "rcpt-delay"],
  ])("of %j begins with %s", (rule, start) => {
    expect(
      engineWith(rule)
        .list()[0]
        ?.id.replace(/-[0-9a-f]{8}$/, ""),
    ).toBe(start);
  });

  test("that are given twice are refused, in one bundle too, and nothing is added", () => {
    const engine = engineWith(full);
    expect(() => engine.add([{ on: "mail", do: "550" }, full])).toThrow(DuplicateRuleError);
    expect(() =>
      engine.add([
        { ...full, id: "x" },
        { ...full, id: "x" },
      ]),
    ).toThrow('"x" is there already');
    expect(() => engine.replace([full, full])).toThrow(DuplicateRuleError);
    expect(engine.list().map(({ id }) => id)).toEqual(["full"]);
  });
});

describe("reports", () => {
  test("have the rule as it was written, its sentence and its state", () => {
    const engine = engineWith({ ...full, when: { times: 1 } });
    codeOf(engine, rcpt);
    codeOf(engine, rcpt);
    expect(engine.get("full")).toEqual({
      ...full,
      when: { times: 1 },
      enabled: true,
      explain: 'At RCPT, the server says "452 4.2.2 Mailbox full", at most once.',
      state: { matched: 2, fired: 1, spent: true },
    });
    expect(engine.get("empty")).toBeNull();
  });

  test.each([
    [{ when: { times: 2 } }, [false, false, true]],
    [{ when: { times: 1, per: "sender" } }, [false, false, false]],
    [{ do: ["450", "451"] }, [false, false, true]],
    [{ do: ["450", "451"], when: { per: "session" } }, [false, false, false]],
    [{}, [false, false, false]],
  ])("%j is spent %j", (more, expected) => {
    const engine = engineWith({ ...full, ...more });
    const spent = expected.map(() => {
      const now = engine.get("full")?.state.spent;
      codeOf(engine, rcpt);
      return now;
    });
    expect(spent).toEqual(expected);
  });

  test("a window that is over is spent", () => {
    const engine = engineWith({ ...full, when: { for: 10 } });
    codeOf(engine, rcpt);
    expect(engine.get("full")?.state.spent).toBe(false);
    engine.clock.now = 10;
    expect(engine.get("full")?.state.spent).toBe(true);
  });

  test("neither the caller's rule nor a report is the rule itself", () => {
    const rule = { id: "r", on: "rcpt", match: { to: "bob@s.test" }, do: "550" };
    const engine = engineWith(rule);
    rule.match.to = "eve@s.test";
    (engine.get("r")?.match as { to: string }).to = "eve@s.test";
    expect(engine.get("r")?.match).toEqual({ to: "bob@s.test" });
  });

  test("reset sets the counters of all to zero", () => {
    const engine = engineWith(full, { id: "other", on: "mail", do: "550" });
    const fired = (): number[] => engine.list().map(({ state }) => state.fired);
    codeOf(engine, rcpt);
    expect(fired()).toEqual([1, 0]);
    engine.reset();
    expect(fired()).toEqual([0, 0]);
  });
});

describe("update", () => {
  test("switches a rule off and on; it goes on counting", () => {
    const engine = engineWith({ ...full, when: { times: 2 } });
    expect(codeOf(engine, rcpt)).toBe(452);
    expect(engine.update("full", { enabled: false })).toMatchObject({ enabled: false, state: { fired: 1 } });
    expect([codeOf(engine, rcpt), engine.concerns("rcpt")]).toEqual([250, false]);
    expect(engine.update("full", { enabled: true, description: "again" })).toMatchObject({
      description: "again",
    });
    expect([codeOf(engine, rcpt), codeOf(engine, rcpt)]).toEqual([452, 250]);
  });

  test("of what it does keeps id and place, and counts anew", () => {
    const engine = engineWith({ id: "old", on: "rcpt", do: "550" }, { ...full, when: { times: 1 } });
    codeOf(engine, rcpt);
    const report = engine.update("full", { do: "451", match: { to: "bob@*" } });
    expect(report).toMatchObject({
      id: "full",
      do: "451",
      when: { times: 1 },
      state: { matched: 0, fired: 0 },
    });
    expect([codeOf(engine, rcpt), codeOf(engine, rcpt)]).toEqual([451, 550]);
    expect(engine.list().map(({ id }) => id)).toEqual(["old", "full"]);
  });

  test("undefined leaves a field as it is", () => {
    const engine = engineWith({ ...full, enabled: false });
    expect(engine.update("full", { enabled: undefined, do: "550" })).toMatchObject({
      enabled: false,
      do: "550",
    });
  });

  test("null takes a field away", () => {
    const engine = engineWith({ ...full, match: { to: "eve@*" } });
    expect(engine.update("full", { match: null })).not.toHaveProperty("match");
    expect(codeOf(engine, rcpt)).toBe(452);
  });

  test.each([
    [{ doo: 1 }, "doo"],
    [{ id: "other" }, "id"],
    [{ do: "1" }, "do"],
    [{ on: null }, "on"],
    [{ on: "mail", match: { to: "x" } }, "match.to"],
    [[], ""],
  ])("with %j is refused at %s and changes nothing", (patch, path) => {
    const engine = engineWith(full);
    const before = engine.get("full");
    expect(() => engine.update("full", patch)).toThrow(
      expect.objectContaining({ name: "FaultRuleError", path }),
    );
    expect(engine.get("full")).toEqual(before);
  });

  test("of an unknown rule is null", () => {
    expect(engineWith().update("none", {})).toBeNull();
  });
});

describe("time to live", () => {
  test("a rule goes when it is older", () => {
    const engine = engineWith(full, { id: "brief", on: "rcpt", do: "550", ttl: "30s" });
    expect(codeOf(engine, rcpt)).toBe(550);
    engine.clock.now = 29_999;
    expect(engine.list().length).toBe(2);
    engine.clock.now = 30_000;
    expect(engine.list().map(({ id }) => id)).toEqual(["full"]);
    expect([engine.get("brief"), engine.remove("brief"), engine.update("brief", {})]).toEqual([
      null,
      false,
      null,
    ]);
  });

  test("is noticed by a moment, too, and the id is free again", () => {
    const engine = engineWith({ id: "brief", on: "rcpt", do: "550", ttl: "30s" });
    expect(codeOf(engine, momentAt("rcpt", { now: 29_999 }))).toBe(550);
    engine.clock.now = 30_000;
    expect(codeOf(engine, momentAt("rcpt", { now: 30_000 }))).toBe(250);
    expect(engine.concerns("rcpt")).toBe(false);
    expect(engine.add({ id: "brief", on: "rcpt", do: "550", ttl: "30s" }).length).toBe(1);
  });

  test("goes on through an update that does not name it", () => {
    const engine = engineWith({ id: "brief", on: "rcpt", do: "550", ttl: "30s" });
    engine.clock.now = 20_000;
    engine.update("brief", { do: "551" });
    engine.clock.now = 29_999;
    expect(engine.get("brief")).not.toBeNull();
    engine.clock.now = 30_000;
    expect(engine.get("brief")).toBeNull();
  });

  test("begins anew with an update that changes it", () => {
    const engine = engineWith({ id: "brief", on: "rcpt", do: "550", ttl: "30s" });
    engine.clock.now = 20_000;
    engine.update("brief", { ttl: "29s" });
    engine.clock.now = 48_999;
    expect(engine.get("brief")).not.toBeNull();
    engine.clock.now = 49_000;
    expect(engine.get("brief")).toBeNull();
  });
});

describe("a stall lasts until its rule goes", () => {
  const stall = { id: "stall", on: "rcpt", do: "stall" } as const;
  type Engine = ReturnType<typeof engineWith>;

  test.each<[string, (engine: Engine) => unknown]>([
    ["removed", (engine) => engine.remove("stall")],
    ["disabled", (engine) => engine.update("stall", { enabled: false })],
    ["changed", (engine) => engine.update("stall", { do: "550" })],
    ["replaced", (engine) => engine.replace([stall])],
    ["cleared", (engine) => engine.clear()],
    ["restored", (engine) => engine.restore()],
    ["expired and noticed", (engine) => [Object.assign(engine.clock, { now: 60_000 }), engine.list()]],
  ])("%s", (_, end) => {
    const engine = engineWith({ ...stall, ttl: "1m" }, { id: "other", on: "mail", do: "550" });
    const until = engine.judge(rcpt).until;
    engine.remove("other");
    engine.reset();
    engine.update("stall", { description: "still the same" });
    expect(until?.aborted).toBe(false);
    end(engine);
    expect(until?.aborted).toBe(true);
  });

  test.each([
    [{ ttl: "30s" }, 0, 30_000],
    [{ ttl: "30s" }, 29_990, 10],
    [{ ttl: "2h" }, 0, 3_600_000],
    [{}, 0, 3_600_000],
    [{ ttl: "30s", do: { end: "stall", for: "10s" } }, 5_000, 10_000],
    [{ ttl: "30s", do: { end: "stall", for: "10s" } }, 25_000, 5_000],
    // The stall begins after the delay
    [{ ttl: "30s", do: { end: "stall", delay: "12s" } }, 0, 18_000],
    [{ ttl: "30s", do: { end: "stall", delay: "40s" } }, 0, 0],
  ])("or until it expires: %j asked at %i stalls for %i ms", (more, now, ms) => {
    const { ending, firings } = engineWith({ ...stall, ...more }).judge(momentAt("rcpt", { now }));
    expect(ending).toEqual({ kind: "stall", for: ms });
    expect(firings[0]?.explain).toContain(`stalls for ${formatDuration(ms)}`);
  });

  test("and a new one after it lasts again", () => {
    const engine = engineWith(stall);
    engine.judge(rcpt);
    engine.update("stall", { enabled: false });
    engine.update("stall", { enabled: true });
    expect(engine.judge(rcpt).until?.aborted).toBe(false);
  });
});

describe("all rules", () => {
  const ids = (engine: ReturnType<typeof engineWith>): string[] => engine.list().map(({ id }) => id);

  test("are replaced, or stay if the new ones are bad", () => {
    const engine = engineWith(full, { id: "other", on: "mail", do: "550" });
    expect(() => engine.replace([{ on: "rcpt" }])).toThrow(FaultRuleError);
    expect(ids(engine)).toEqual(["full", "other"]);
    expect(engine.replace({ rules: [full] }).map(({ id }) => id)).toEqual(["full"]);
    expect(ids(engine)).toEqual(["full"]);
    expect(engine.replace([])).toEqual([]);
    expect(ids(engine)).toEqual([]);
  });

  test("go back to the base, in their order, with counters at zero", () => {
    const engine = engineWith(full, { id: "flag", on: "rcpt", do: "451", when: { times: 1 } });
    engine.keepAsBase();
    codeOf(engine, rcpt);
    engine.remove("full");
    engine.update("flag", { do: "550" });
    engine.add({ id: "added", on: "rcpt", do: "551" });
    engine.restore();
    expect(ids(engine)).toEqual(["full", "flag"]);
    expect([codeOf(engine, rcpt), codeOf(engine, rcpt)]).toEqual([451, 452]);
  });

  test.each(listPresets().map(({ name }) => [name]))(
    "as they are listed they can be put back: %s",
    (name) => {
      const engine = engineWith(full);
      engine.use(name, { ttl: "1h" });
      engine.add({ ...full, id: "newest", do: "451" });
      const fresh = engine.list();
      codeOf(engine, rcpt);
      engine.replace({ rules: engine.list() });
      expect(engine.list()).toEqual(fresh);
      engine.clear();
      engine.add(fresh);
      expect(engine.list()).toEqual(fresh);
      expect(codeOf(engine, rcpt)).toBe(451);
    },
  );

  test("a rule is changed by itself as it was listed", () => {
    const engine = engineWith(full);
    const report = engine.get("full");
    expect(engine.update("full", report)).toEqual(report);
  });

  test("without a base restore leaves none", () => {
    const engine = engineWith(full);
    engine.restore();
    expect(ids(engine)).toEqual([]);
  });

  test("are removed one by one", () => {
    const engine = engineWith(full);
    expect([engine.remove("full"), engine.remove("full"), engine.concerns("rcpt")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
