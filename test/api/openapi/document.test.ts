/** The OpenAPI document: it is one, and it names the routes and the parameters that there are. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { problemKinds } from "../../../src/api/problem.ts";
import { openRoom } from "../room.ts";
import { described, document, find, refusesUnknown } from "./described.ts";
import { ask, openStockedRoom } from "./stocked-room.ts";
import { validatorOf } from "./validators.ts";

test("it is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect([errors, valid]).toEqual([undefined, true]);
  expect(validator.version).toBe("3.1");
});

test("what is served is the document, of this version", async () => {
  const reply = await openRoom().app.request("/api/openapi.json");
  const { info, ...rest } = await reply.json();
  expect(rest).toEqual(JSON.parse(JSON.stringify({ ...document, info: undefined })));
  expect(info.title).toBe("Mailproof");
});

test("every reference leads to a component, and every component is used", () => {
  const text = JSON.stringify(document);
  const named = new Set(Array.from(text.matchAll(/"\$ref":"([^"]+)"/g), ([, target = ""]) => target));
  const there = ["schemas", "parameters"].flatMap((kind) =>
    Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
  );
  // What the stream of events carries is text to OpenAPI.
  expect([...named, "#/components/schemas/Event"].sort()).toEqual(there.sort());
});

test("patterns are understood by ECMAScript and by the engines of other languages, Python's for one", () => {
  const patterns: string[] = [];
  JSON.stringify(document, (key, value) => {
    if (key === "pattern") patterns.push(value);
    if (key === "patternProperties") patterns.push(...Object.keys(value));
    return value;
  });
  expect(patterns.length).toBeGreaterThan(15);
  for (const pattern of patterns) {
    expect(() => [new RegExp(pattern), new RegExp(pattern, "u")]).not.toThrow();
    // Of the escapes that are letters, those that mean the same everywhere.
    const letters = pattern.match(/\\[A-Za-z0-9]/g) ?? [];
    const foreign = letters.filter((letter) => !["\\d", "\\s", "\\r", "\\n", "\\u"].includes(letter));
    expect([pattern, foreign]).toEqual([pattern, []]);
    expect(pattern).not.toContain("(?<");
  }
});

test("every route of the app is in it, and no other", () => {
  const { app, close } = openRoom();
  close();
  // What a provider has below its name, says the provider.
  const real = app.routes
    .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/providers/"))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")}`);
  expect(described.map(({ route }) => route).sort()).toEqual([...new Set(real)].sort());
});

test("names of operations are unique, and everything has its sentence", () => {
  const ids = described.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const said = described.flatMap(({ summary, parameters, replies, body }) => [
    summary,
    ...parameters.map(({ description }) => description),
    ...replies.map(({ description }) => description),
    ...(body === null ? [] : [body.description]),
  ]);
  expect(said.filter((sentence) => !/^[^a-z].*\.$/.test(sentence))).toEqual([]);
});

test("every problem but those of our own mistakes and of other methods is some route's", () => {
  const named = new Set(described.flatMap(({ replies }) => replies.flatMap(({ problem }) => problem ?? [])));
  expect([...named, "internal", "method-not-allowed"].sort()).toEqual(Object.keys(problemKinds).sort());
});

test("the places of a path are its parameters, and required", () => {
  for (const { route, path, parameters } of described) {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => [name, true]);
    const said = parameters.filter((one) => one.in === "path").map(({ name, required }) => [name, required]);
    expect([route, said]).toEqual([route, inPath]);
  }
});

describe("query parameters: those that the route names when it refuses another", () => {
  test.each(described.filter(refusesUnknown).map(({ route }) => [route]))("%s", async (route) => {
    const operation = find(route);
    const reply = await ask(await openStockedRoom(), operation, {
      query: "zzzzzzzzzzzz=1",
      places: route.includes("/messages/{id}") ? { id: "latest" } : {},
    });
    const { type, field, detail } = await reply.json();
    expect([reply.status, type, field]).toEqual([400, "urn:mailproof:problem:bad-query", "zzzzzzzzzzzz"]);
    const named = /; use one of (.*)$/.exec(detail)?.[1]?.split(", ") ?? [];
    if (named.length === 0) expect(detail).toMatch(/this route takes no parameters$|did you mean/);
    const said = operation.parameters.filter((one) => one.in === "query" && one.name !== "header.NAME");
    expect(said.map(({ name }) => name).sort()).toEqual([...new Set(named)].sort());
  });

  test.each(described.filter((one) => !refusesUnknown(one)).map(({ route }) => [route]))(
    "%s takes any",
    async (route) => {
      const reply = await ask(await openStockedRoom(), find(route), { query: "zzzzzzzzzzzz=1" });
      expect(reply.status).toBe(200);
    },
  );
});

describe("examples have the form that they stand beside", () => {
  const examples = described.flatMap(({ route, body, parameters }) => [
    ...(body === null ? [] : [[`${route}: body`, body.schema, body.example] as const]),
    ...parameters
      .filter(({ example }) => example !== undefined)
      .map(({ name, schema, example }) => [`${route}: ${name}`, schema, example] as const),
  ]);
  const replies = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
    Object.values(item).flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.values(content).flatMap(({ schema, example, examples = {} }) =>
          [example, ...Object.values(examples).map(({ value }) => value)]
            .filter((value) => value !== undefined)
            .map((value) => [`${path}: ${status}`, schema, value] as const),
        ),
      ),
    ),
  );

  test.each([...examples, ...replies])("%s", (_, schema, example) => {
    const validate = validatorOf(schema);
    expect([validate(example), validate.errors]).toEqual([true, null]);
  });
});

interface Operation {
  responses: Record<string, { content?: Record<string, Content> }>;
}

interface Content {
  schema: unknown;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
