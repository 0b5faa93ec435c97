import { describe, expect, test } from "vitest";
import { MemoryStore, type SessionFilter, type TranscriptLine } from "../../src/store/mod.ts";
import { Transcripts } from "../../src/store/transcripts.ts";
import { noLimits, sessionOf, startTime } from "./sample.ts";

const idsOf = (records: readonly { id: string }[]): string => records.map(({ id }) => id).join(" ");
const at = (seconds: number): string => new Date(startTime + seconds * 1_000).toISOString();
const line = (text: string | number): TranscriptLine => ({
  at: 0,
  by: "C",
  text: String(text),
  transactionId: null,
});
const textsOf = (transcript: { lines: TranscriptLine[] } | null): string[] | undefined =>
  transcript?.lines.map(({ text }) => text);

describe("sessions", () => {
  const rows: readonly (readonly [filter: SessionFilter, ids: string])[] = [
    [{}, "s3 s2 s1"],
    [{ source: "10.*" }, "s2"],
    [{ listener: "smtps" }, "s3"],
    [{ user: "ci" }, "s1"],
    [{ user: "*" }, "s1"],
    [{ open: true }, "s3 s1"],
    [{ open: false }, "s2"],
    [{ before: at(1) }, "s1"],
    [{ after: at(1), open: true }, "s3"],
  ];
  for (const [filter, ids] of rows) {
    test(`filter ${JSON.stringify(filter)}`, async () => {
      const store = new MemoryStore(noLimits);
      sessionOf(store, { user: "ci" });
      sessionOf(store, { openedAt: at(1), remoteAddress: "10.0.0.7", closedAt: at(2) });
      sessionOf(store, { openedAt: at(2), listener: "smtps" });
      const { sessions, total } = await store.sessions(filter, { limit: 10 });
      expect(idsOf(sessions)).toBe(ids);
      expect(total).toBe(sessions.length);
    });
  }

  test("pages", async () => {
    const store = new MemoryStore(noLimits);
    for (let left = 5; left > 0; left--) sessionOf(store);
    const first = await store.sessions({}, { limit: 3 });
    sessionOf(store);
    const second = await store.sessions({}, { limit: 3, cursor: first.nextCursor! });
    expect([idsOf(first.sessions), idsOf(second.sessions)]).toStrictEqual(["s5 s4 s3", "s2 s1"]);
    expect([first.total, second.total, second.nextCursor]).toStrictEqual([5, 6, null]);
  });

  test("all open ones are kept, and the 1,000 that closed last with their transcripts", async () => {
    const store = new MemoryStore(noLimits);
    const first = sessionOf(store);
    store.say("s1", line("a"));
    sessionOf(store, { closedAt: at(1) });
    store.say("s2", line("b"));
    for (let left = 999; left > 0; left--) sessionOf(store, { closedAt: at(2) });
    expect(store.counts().sessions).toBe(1_001);
    store.putSession({ ...first, closedAt: at(3) });
    expect(store.counts().sessions).toBe(1_000);
    expect(await store.session("s2")).toBeNull();
    expect(await store.transcript("s2")).toBeNull();
    expect((await store.session("s1"))?.closedAt).toBe(at(3));
    expect(textsOf(await store.transcript("s1"))).toStrictEqual(["a"]);
  });

  test("after clear: numbers go on, the index restarts, what was open before stays out", async () => {
    const store = new MemoryStore(noLimits);
    expect(store.nextSession()).toStrictEqual({ id: "s1", index: 1 });
    const old = sessionOf(store);
    await store.clear();
    expect(store.nextSession()).toStrictEqual({ id: "s3", index: 1 });
    expect(store.putSession({ ...old, closedAt: at(1) })).toBe(false);
    store.say(old.id, line("bye"));
    expect(await store.session("s2")).toBeNull();
    expect(await store.transcript("s2")).toBeNull();
    expect(idsOf([sessionOf(store)])).toBe("s4");
    expect(store.putSession({ ...old, id: "s4", closedAt: at(1) })).toBe(true);
    expect(store.counts().sessions).toBe(1);
  });

  test("an id that is not of nextSession is a TypeError", () => {
    const store = new MemoryStore(noLimits);
    expect(() => sessionOf(store, { id: "x" })).toThrow(TypeError);
  });
});

describe("transcripts", () => {
  test("of a session, in order; empty where nothing was said; null for an unknown one", async () => {
    const store = new MemoryStore(noLimits);
    sessionOf(store);
    expect(await store.transcript("s1")).toStrictEqual({ lines: [], omitted: 0 });
    const said: TranscriptLine = { at: 12, by: "S", text: "220 mailproof.test", transactionId: null };
    store.say("s1", said);
    store.say("s1", line("QUIT"));
    store.say("s2", line("lost"));
    expect(await store.transcript("s1")).toStrictEqual({ lines: [said, line("QUIT")], omitted: 0 });
    expect(await store.transcript("s2")).toBeNull();
  });

  test("a session keeps its first 50 lines and its newest, 2,000 in all", async () => {
    const store = new MemoryStore(noLimits);
    sessionOf(store);
    for (let n = 1; n <= 5_000; n++) store.say("s1", line(n));
    const transcript = await store.transcript("s1");
    expect(transcript?.omitted).toBe(3_000);
    const texts = textsOf(transcript)!.map(Number);
    expect(texts).toHaveLength(2_000);
    expect([texts[0], texts[49], texts[50], texts[1_999]]).toStrictEqual([1, 50, 3_051, 5_000]);
    expect(texts).toStrictEqual([...texts].sort((a, b) => a - b));
  });

  const limits = { first: 1, perSession: 3, total: 5, characters: 60, perLine: 10 };

  test.each([
    [3, ["1", "2", "3"], 0],
    [4, ["1", "3", "4"], 1],
    [5, ["1", "4", "5"], 2],
    [6, ["1", "5", "6"], 3],
  ])("of %d lines", (count, texts, omitted) => {
    const transcripts = new Transcripts(limits);
    for (let n = 1; n <= count; n++) transcripts.say("a", line(n));
    expect(textsOf(transcripts.of("a"))).toStrictEqual(texts);
    expect(transcripts.of("a").omitted).toBe(omitted);
  });

  test("too many in all: the one that began first is let go whole, and says how much", () => {
    const transcripts = new Transcripts(limits);
    for (const id of ["a", "a", "b", "b", "c"]) transcripts.say(id, line(id));
    transcripts.say("c", line("c"));
    expect(transcripts.of("a")).toStrictEqual({ lines: [], omitted: 2 });
    expect(textsOf(transcripts.of("b"))).toStrictEqual(["b", "b"]);
    transcripts.say("a", line("again"));
    expect(transcripts.of("a")).toStrictEqual({ lines: [line("again")], omitted: 2 });
    transcripts.say("c", line("c"));
    expect(transcripts.of("b")).toStrictEqual({ lines: [], omitted: 2 });
    expect(textsOf(transcripts.of("c"))).toStrictEqual(["c", "c", "c"]);
  });

  test("too much in all is let go as well as too many, and what pushes lines out is no more", () => {
    const transcripts = new Transcripts({ ...limits, characters: 20 });
    for (const id of ["a", "a", "a", "a", "a", "b"]) transcripts.say(id, line("12345"));
    expect(textsOf(transcripts.of("a"))).toHaveLength(3);
    transcripts.say("b", line("6"));
    expect(transcripts.of("a")).toStrictEqual({ lines: [], omitted: 5 });
    expect(textsOf(transcripts.of("b"))).toStrictEqual(["12345", "6"]);
  });

  test.each([
    ["0123456789", "0123456789"],
    ["0123456789ab", "0123456789… (2 more)"],
    ["ééééééééééé", "éééééééééé… (1 more)"],
  ])("a line of %j is kept as %j", (said, kept) => {
    const transcripts = new Transcripts(limits);
    transcripts.say("a", line(said));
    expect(transcripts.of("a").lines).toStrictEqual([line(kept)]);
  });

  test.each([
    [["1\n2", "3"], ["1", "2", "3"], 0],
    [["1\n2", "3\n4", "5", "6"], ["1", "2", "5", "6"], 2],
    [["1\n2", "3", "4\n5", "7"], ["1", "2", "4", "5", "7"], 1],
    [["1", "234567\n89abcdef", "g"], ["1", "89abcdef", "g"], 1],
    [["1", "0123456789ab\n2"], ["1", "0123456789… (2 more)", "2"], 0],
  ])("what is said as %j is read as %j", (said, texts, omitted) => {
    const transcripts = new Transcripts(limits);
    for (const text of said) transcripts.say("a", line(text));
    expect(textsOf(transcripts.of("a"))).toStrictEqual(texts);
    expect(transcripts.of("a").omitted).toBe(omitted);
  });

  test("what is forgotten makes room", () => {
    const transcripts = new Transcripts(limits);
    for (const id of ["a", "a", "a", "b", "b"]) transcripts.say(id, line(id));
    transcripts.forget("b");
    transcripts.say("c", line("c"));
    expect(textsOf(transcripts.of("a"))).toStrictEqual(["a", "a", "a"]);
  });
});
