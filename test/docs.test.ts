/** The reference documents are true: what they list is what the code has, and their examples work. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { waitParameters } from "../src/api/demand.ts";
import { FaultEngine, FaultRuleError, faultPhases, listPresets } from "../src/faults/mod.ts";
import { ruleFields } from "../src/faults/parsing/rule.ts";
import { matchFields, phasesOfField, phasesOfScope, scopes } from "../src/faults/phase.ts";
import { placeholders } from "../src/faults/template.ts";
import { messageParameters, sessionParameters, transactionParameters } from "../src/store/mod.ts";
import { searchFields } from "../src/store/search-lexer.ts";
import { openRoom } from "./api/room.ts";
import { fencedBlocks, run, testConsoleBlocks } from "./support/console-blocks.ts";
import { testProgramBlocks } from "./support/program-blocks.ts";
import { codeIn, tableRows as rows } from "./support/tables.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const [rules, api] = [read("docs/rules.md"), read("docs/http-api.md")];

const engine = (): FaultEngine => new FaultEngine({ seed: "1", now: () => 0 });

describe("rules.md", () => {
  test("fields of a rule: the table and the first example have them all", () => {
    const [example] = examples();
    expect(firstColumn(rules, "Fault rules", "field").sort()).toEqual([...ruleFields].sort());
    expect(Object.keys(example as object).sort()).toEqual([...ruleFields].sort());
  });

  test("phases: those of the code, in its order", () => {
    expect(firstColumn(rules, "Phases", "phase")).toEqual(faultPhases);
  });

  test("match: every field, and where it is known", () => {
    const said = rows(rules, "`match`: whom it strikes", "field").map(([name = "", , , known = ""]) => [
      codeIn(name)[0],
      phasesSaid(known),
    ]);
    const real = matchFields.map((field) => [field, inOrder(phasesOfField(field))]);
    expect(sorted(said)).toEqual(sorted(real));
  });

  test("when: every field, in the order in which they are asked", () => {
    expect(firstColumn(rules, "`when`: how often it strikes", "field")).toEqual(known({ when: 5 }));
  });

  test("per: every scope, and where it is known", () => {
    const said = rows(rules, "`when`: how often it strikes", "scope").map(([name = "", , known = ""]) => [
      codeIn(name)[0],
      phasesSaid(known),
    ]);
    expect(sorted(said)).toEqual(sorted(scopes.map((scope) => [scope, inOrder(phasesOfScope(scope))])));
  });

  test("do: every field, string and ending, and what may follow a list", () => {
    const heading = "`do`: what happens";
    expect(firstColumn(rules, heading, "field")).toEqual(known({ do: {} }));
    expect(firstColumn(rules, heading, "`end`")).toEqual(known({ do: { end: 5 } }));
    const [reply = "", ...words] = firstColumn(rules, heading, "string").map((word) => JSON.parse(word));
    expect(engine().add({ on: "rcpt", do: reply })).toHaveLength(1);
    expect(words.sort()).toEqual(known({ do: "?" }).sort());
    const wire = rows(rules, heading, "field").find(([name]) => name === "`wire`");
    expect(codeIn(wire?.[1] ?? "")).toEqual(known({ do: { wire: 5 } }));
    expect(firstColumn(rules, heading, "`wire`")).toEqual(known({ do: { wire: 5 } }));
    const then = rows(rules, "Fault rules", "field").find(([name]) => name === "`then`");
    const following = codeIn(then?.[1] ?? "").map((word) => JSON.parse(word));
    expect(following).toEqual(known({ do: ["550"], then: 5 }));
  });

  test("placeholders: those of the code", () => {
    const said = firstColumn(rules, "`do`: what happens", "placeholder");
    expect(said).toEqual(placeholders.map((name) => `{${name}}`));
  });

  test("presets: all of them, with their sentence", () => {
    const said = rows(rules, "Presets", "preset").map(([name = "", explain]) => [codeIn(name)[0], explain]);
    expect(said).toEqual(listPresets().map(({ name, explain }) => [name, explain]));
  });

  test("examples: every rule can be added", () => {
    expect(examples().length).toBeGreaterThan(5);
    for (const example of examples()) expect(engine().add(example)).not.toEqual([]);
  });
});

describe("command-line.md", () => {
  const commandLine = read("docs/command-line.md");

  test("commands: those of the program, in its order", () => {
    const { stdout } = spawnSync(process.execPath, ["dist/src/cli/main.js", "--help"], {
      cwd: root,
      encoding: "utf8",
    });
    const real = stdout.slice(stdout.indexOf("\nCommands\n")).matchAll(/^ {2}(\w+)\b/gm);
    const said = firstColumn(commandLine, "Commands", "command").map((text) => text.split(" ")[0]);
    expect(said).toEqual(["serve", ...Array.from(real, ([, name]) => name)]);
  });

  test("every block is of a kind that is tested here", () => {
    const kinds = fencedBlocks(commandLine).map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual(["console", "sh", "yaml"]);
  });

  test("the health check of Compose is a command that works", async () => {
    const yaml = fencedBlocks(commandLine).find(({ kind }) => kind === "yaml")?.text ?? "";
    const [name, path, ...args] = JSON.parse(/test: (\[.*\])/.exec(yaml)?.[1] ?? "[]").slice(1);
    expect([name, path]).toEqual(["node", "/app/dist/src/cli/main.js"]);
    const main = "dist/src/cli/main.js";
    const { code } = await run(process.execPath, [main, "exec", "--", process.execPath, main, ...args]);
    expect(code).toBe(0);
  });
});

describe("http-api.md", () => {
  test("routes: those of the app, and no others", () => {
    const { app, close } = openRoom();
    close();
    const real = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")}`);
    expect(sorted(firstColumn(api, null, "route"))).toEqual(sorted(real));
  });

  test("filters: every parameter, and what it works for", () => {
    const said = rows(api, "Filters", "parameter").map(
      ([name = "", , where = ""]) => [codeIn(name)[0] ?? "", where.split(", ")] as const,
    );
    const worksFor = (what: string): string[] =>
      sorted(said.filter(([, where]) => where.includes(what)).map(([name]) => name));
    expect(worksFor("messages")).toEqual(sorted([...messageParameters, "header.NAME"]));
    expect(worksFor("transactions")).toEqual(sorted(transactionParameters));
    expect(worksFor("sessions")).toEqual(sorted(sessionParameters));
  });

  test("search line: every operator", () => {
    const said = firstColumn(api, "The search line", "operator");
    expect(said).toEqual(searchFields.map((field) => `${field}:`));
  });

  test("waits: every parameter", () => {
    expect(firstColumn(api, "Waits", "parameter")).toEqual(waitParameters);
  });

  test("events: every type", async () => {
    const { app, close } = openRoom();
    const { detail } = await (await app.request("/api/events?types=none")).json();
    close();
    expect(firstColumn(api, "Events", "type")).toEqual(listAtTheEnd(detail));
  });

  test("metrics: every name, with its type", async () => {
    const { app, close } = openRoom();
    const text = await (await app.request("/metrics")).text();
    close();
    const real = Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => [name, type]);
    const said = rows(api, "Metrics", "metric").map(([name = "", type]) => [codeIn(name)[0], type]);
    expect(said).toEqual(real);
  });

  test("problems: every name, with its status and title", () => {
    const real = read("src/api/problem.ts").matchAll(/^ {2}"?([a-z-]+)"?: \[(\d+), "([^"]+)"\],$/gm);
    const said = rows(api, "Problems", "name").map(([name = "", ...more]) => [codeIn(name)[0], ...more]);
    expect(said).toEqual([...real].map(([, ...parts]) => parts));
  });

  test("records: every field", async () => {
    const room = openRoom();
    await room.deliver();
    room.connect();
    const get = async (path: string) => (await room.app.request(path)).json();
    const [summary] = (await get("/api/messages")).messages;
    const [transaction] = (await get("/api/transactions")).transactions;
    const [session] = (await get("/api/sessions")).sessions;
    const message = await get("/api/messages/latest");
    room.close();
    const more = Object.keys(message).filter((field) => !(field in summary));
    for (const [heading, fields] of [
      ["Summary of a message", Object.keys(summary)],
      ["Message", more],
      ["Transaction", Object.keys(transaction)],
      ["Session", Object.keys(session)],
    ] as const) {
      expect(sorted(firstColumn(api, heading, "field")), heading).toEqual(sorted(fields));
    }
  });
});

test("links: each leads to a file and a heading that are there", () => {
  const broken = [
    "README.md",
    "docs/cookbook.md",
    "docs/command-line.md",
    "docs/rules.md",
    "docs/http-api.md",
    "docs/providers.md",
    "docs/smtp.md",
    "docs/testing.md",
  ].flatMap((file) =>
    [...read(file).matchAll(/\]\(((?!https?:)[^)]+)\)/g)].flatMap(([, target = ""]) => {
      const [path, anchor] = target.split("#");
      const text = read(path ? join(file, "..", path) : file);
      return anchor === undefined || anchors(text).includes(anchor) ? [] : [`${file}: ${target}`];
    }),
  );
  expect(broken).toEqual([]);
});

for (const document of ["docs/cookbook.md", "docs/providers.md", "docs/testing.md"]) {
  testProgramBlocks(document, fencedBlocks(read(document)));
}
testConsoleBlocks("docs/providers.md", fencedBlocks(read("docs/providers.md")));
testConsoleBlocks("docs/command-line.md", fencedBlocks(read("docs/command-line.md")));
testConsoleBlocks("docs/rules.md", fencedBlocks(rules));
testConsoleBlocks("docs/http-api.md", fencedBlocks(api));

/** What stands as code in the first column. */
function firstColumn(markdown: string, heading: string | null, title: string): string[] {
  return rows(markdown, heading, title).flatMap(([cell = ""]) => codeIn(cell));
}

/** In the order of a session. A request to a provider has none. */
const places: readonly string[] = faultPhases.filter((phase) => phase !== "any" && phase !== "http");

/** `all`, ``all but `greeting` ``, ``from `mail` on``, or the phases themselves; and `http`, if it is named. */
function phasesSaid(text: string): readonly string[] {
  const http = codeIn(text).filter((phase) => phase === "http");
  return [...sessionPhasesSaid(text), ...http];
}

function sessionPhasesSaid(text: string): readonly string[] {
  const named = codeIn(text).filter((phase) => phase !== "http");
  if (text.startsWith("all")) return places.filter((phase) => !named.includes(phase));
  return text.startsWith("from ") ? places.slice(places.indexOf(named[0] ?? "")) : named;
}

function inOrder(phases: ReadonlySet<string>): readonly string[] {
  return [...places, "http"].filter((phase) => phases.has(phase));
}

/** The names that the parser gives when it refuses the rule. */
function known(rule: object): string[] {
  try {
    engine().add({ on: "rcpt", do: "550", ...rule });
  } catch (error) {
    if (error instanceof FaultRuleError) return listAtTheEnd(error.message);
  }
  throw new Error(`Failed to have the rule refused: ${JSON.stringify(rule)}`);
}

function listAtTheEnd(advice: string): string[] {
  const [, list = ""] = /(?:the fields|one of|some of) (.*?)(?: or a reply.*)?$/.exec(advice) ?? [];
  return list.split(", ");
}

function examples(): unknown[] {
  return fencedBlocks(rules)
    .filter(({ kind }) => kind === "json")
    .map(({ text }) => JSON.parse(text));
}

/** As GitHub makes them of headings. */
function anchors(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

function sorted<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
