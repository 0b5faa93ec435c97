/** Every parameter of the document: what its schema takes is taken, what is just outside is refused. */
import { describe, expect, test } from "vitest";
import type { DescribedParameter } from "./described.ts";
import { described, find } from "./described.ts";
import { ask, openStockedRoom } from "./stocked-room.ts";

/** Queries, as they are written. */
interface Values {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const cases = described.flatMap(({ route, parameters }) =>
  parameters
    .filter((parameter) => parameter.in === "query")
    .map((parameter) => [route, parameter.name, parameter] as const),
);

describe("taken", () => {
  test.each(cases)("%s %s", async (route, _, parameter) => {
    for (const query of valuesOf(parameter).good) {
      const reply = await answer(route, query);
      expect([query, reply.status === 400 ? await reply.json() : null]).toEqual([query, null]);
    }
  });
});

describe("refused", () => {
  test.each(cases)("%s %s", async (route, name, parameter) => {
    const { bad } = valuesOf(parameter);
    expect(bad).not.toEqual([]);
    for (const query of bad) {
      const reply = await answer(route, query);
      const body = await reply.json();
      expect([query, reply.status, body.type]).toEqual([query, 400, "urn:mailproof:problem:bad-query"]);
      expect(body.field.startsWith(name.replace("NAME", ""))).toBe(true);
    }
  });
});

describe("Last-Event-ID", () => {
  test.each([
    ["0", 200],
    ["999999999999999", 200],
    ["1000000000000000", 400],
    ["-1", 400],
    ["1.5", 400],
    ["x", 400],
  ])("%s: %i", async (id, status) => {
    const { schema } = find("GET /api/events").parameters.find(({ name }) => name === "Last-Event-ID")!;
    expect(schema).toEqual({ type: "integer", minimum: 0, maximum: 999_999_999_999_999 });
    const room = await openStockedRoom();
    const reply = await ask(room, find("GET /api/events"), { headers: { "last-event-id": id } });
    expect(reply.status).toBe(status);
    await reply.body?.cancel();
  });
});

async function answer(route: string, query: string): Promise<Response> {
  const room = await openStockedRoom();
  const places: Record<string, string> = route.includes("/messages/{id}") ? { id: "latest" } : {};
  const reply = await ask(room, find(route), { query, places });
  if (reply.headers.get("content-type") === "text/event-stream") await reply.body?.cancel();
  return reply;
}

/** What the schema says, at its edges. A parameter that is no list is there once. */
function valuesOf(parameter: DescribedParameter): Values {
  const { name, schema } = parameter;
  const { good, bad } = formsOf(parameter);
  const twice = schema.type === "array" || schema.type === "object" ? [] : [`${good[0]}&${good[0]}`];
  const needs = name === "quiet" ? "&exactly=1" : "";
  return {
    good: good.map((query) => query + needs),
    bad: [...bad, ...twice].map((query) => query + needs),
  };
}

function formsOf({ name, schema, example }: DescribedParameter): Values {
  const say = (...values: readonly unknown[]): string[] =>
    values.map((value) => `${name}=${encodeURIComponent(String(value))}`);
  const { type, enum: names, minimum, maximum, maxLength, pattern, items, anyOf, patternProperties } = schema;

  if (names !== undefined) return { good: say(...names), bad: say("maybe", "") };
  if (type === "integer") {
    return { good: say(minimum, maximum), bad: say(minimum - 1, maximum + 1, "1.5", "x", "") };
  }
  if (anyOf !== undefined) {
    const [number, text] = anyOf;
    const seconds = number.maximum / 1_000;
    for (const said of ["250ms", "1.5s", "1m"]) expect(said).toMatch(new RegExp(text.pattern));
    return {
      good: say(0, 1.5, number.maximum, `${seconds}s`, "250ms", "1.5s", "1m"),
      bad: say(-1, number.maximum + 1, `${seconds + 1}s`, "5x", "soon", ""),
    };
  }
  if (patternProperties !== undefined) {
    return {
      good: ["header.x-mailer=php*", "header.to=a&header.to=b", "header.x=/p/i"],
      bad: ["header.=x", "header.x=/(/", "header.x=/(?=p)/"],
    };
  }
  if (items?.enum !== undefined) {
    return { good: say(...items.enum, items.enum.join(",")), bad: say("nothing", `${items.enum[0]},x`) };
  }
  if (items?.format === "email") {
    const [usual] = example as string[];
    return { good: [...say(usual), `${say(usual)}&${say("b+c@x.test")}`], bad: say("bob", "", "a@") };
  }
  if (type === "array") {
    const [usual] = example as string[];
    return {
      good: [...say(usual, "*", "/^a/i", "/a$/ms"), `${say(usual)}&${say("*b*")}`],
      bad: say("/(/", "/(?=a)/", "/(a)\\1/", "/a/g", `*${"x".repeat(512)}`),
    };
  }
  if (maxLength !== undefined) {
    return { good: say("x".repeat(maxLength), example), bad: say("x".repeat(maxLength + 1), "(") };
  }
  if (pattern !== undefined) {
    const good = ["2030-01-31", "2030-01-31T12:00", "2030-01-31T12:00:00.5+02:00", example];
    for (const said of good) expect(said).toMatch(new RegExp(pattern));
    return { good: say(...good), bad: say("yesterday", "2030-01", "2030-13-01", "") };
  }
  if (name === "from") return { good: say(example, ""), bad: say("bob", "a@") };
  // An inbox that is not there is no bad query, but not found.
  if (name === "inbox" || name === "ofInbox") return { good: say(example), bad: [] };
  if (name === "startedAt") return { good: say(example), bad: [] };
  // Only a cursor has no form of its own: it is one that was given out.
  expect(name).toBe("cursor");
  return { good: [`cursor=${btoa("2").replaceAll("=", "")}`], bad: say("nonsense", "") };
}
