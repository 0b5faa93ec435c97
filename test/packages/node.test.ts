/** The installed package on every Node that it says it works on: the oldest of a line, or else the newest. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetched, fetchedNode } from "./fetched.ts";
import { writePrograms } from "./programs.ts";
import {
  entries,
  importable,
  installedProject,
  manifest,
  ofVitest,
  own,
  type Project,
  peers,
} from "./project.ts";

const versions = ["20.19.0", "22.12.0", "24", "26"];
const nodes = [
  { name: `Node ${process.versions.node}, which runs this`, node: process.execPath },
  ...(await Promise.all(
    versions.map(async (version) => ({ name: `Node ${version}`, node: await fetchedNode(version) })),
  )),
];

let project: Project;
beforeAll(async () => {
  project = await installedProject(peers.map(([name]) => own(name)));
  writePrograms(project);
}, 120_000);
afterAll(() => project?.remove());

test("install: no peer is installed unasked", async () => {
  const alone = await installedProject();
  try {
    const installed = readdirSync(join(alone.folder, "node_modules"), { recursive: true }).map(String);
    expect(installed).toContain("mailproof");
    expect(peers.filter(([name]) => installed.includes(name))).toEqual([]);
  } finally {
    alone.remove();
  }
}, 120_000);

for (const { name, node } of nodes) {
  describe.skipIf(node === null)(name, { timeout: 60_000 }, () => {
    const run = (command: string, ...args: string[]) => project.run(command, args, node ?? "");

    test("import and require give the same names of every entry", async () => {
      const imported = await run("node", "import.mjs");
      expect(imported, imported.err).toMatchObject({ code: 0 });
      expect(Object.keys(JSON.parse(imported.out))).toEqual(importable);
      const required = await run("node", "require.cjs");
      expect(required).toMatchObject({ code: 0, out: imported.out });
      expect(await run("node", "both.cjs")).toMatchObject({ code: 0, out: "true\n" });
    });

    test("npx mailproof, and the entry of the command line", async () => {
      const said = { code: 0, out: `mailproof ${manifest.version}\n` };
      expect(await run("npx", "--no", "--", "mailproof", "--version")).toMatchObject(said);
      expect(await run("node", "cli.cjs", "--version")).toMatchObject(said);
    });

    test("a server, a mail over TLS, a wait, the page; and then the process ends", async () => {
      expect(await run("node", "send.mjs")).toEqual({
        code: 0,
        out: '["481516","https://example.test/start"]\n200\n',
        err: "",
      });
    });

    test.runIf(entries.includes(ofVitest))("Vitest with its fixtures and matchers", async () => {
      const { code, out, err } = await run("node", "node_modules/vitest/vitest.mjs", "run");
      expect(out + err).toContain("1 passed");
      expect(code).toBe(0);
    });
  });
}

const oldest = peers.map(([name, range]) => [name, range.replace(/^>=/, "")] as const);
const peerSets = [
  { title: "the oldest of each range", node: process.execPath, wanted: oldest },
  // It asks for a newer Node than the oldest that we run on.
  { title: "Vitest 5", node: await fetchedNode("24"), wanted: [["vitest", "5"]] as const },
];

for (const { title, node, wanted } of peerSets) {
  const folders = await Promise.all(wanted.map(([name, range]) => fetched(name, range)));
  const isThere = node !== null && !folders.includes(null);
  test.skipIf(!isThere)(`peers: ${title} will do`, { timeout: 120_000 }, async () => {
    const linked = new Map([
      ...peers.map(([name]) => own(name)),
      ...wanted.map(([name], index) => [name, folders[index] ?? ""] as const),
    ]);
    const project = await installedProject([...linked]);
    try {
      writePrograms(project);
      expect(await project.run("node", ["import.mjs"], node ?? "")).toMatchObject({ code: 0 });
      if (!entries.includes(ofVitest)) return;
      const vitest = ["node_modules/vitest/vitest.mjs", "run"];
      const { code, out, err } = await project.run("node", vitest, node ?? "");
      expect(out + err).toContain("1 passed");
      expect(code).toBe(0);
    } finally {
      project.remove();
    }
  });
}

test("import: what few tests need is loaded when it is needed", async () => {
  const { code, err } = await project.run("node", ["--import", "./loads.mjs", "idle.mjs"]);
  expect(code).toBe(0);
  const loaded = (place: string): boolean => err.includes(`/node_modules/${place}`);
  expect(["hono/", "mailproof/dist/mod.js"].filter(loaded)).toHaveLength(2);
  const lazy = ["nodemailer/", "selfsigned/", "mailproof/dist/src/api/page.gen.js"];
  expect(lazy.filter(loaded)).toEqual([]);
});
