/** What is written about the clients is true: what is tested, in which versions, and what they tell of faults. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { run } from "./client.ts";
import { clients } from "./clients/all.ts";
import { relay } from "./postfix.ts";
import { cases } from "./preset-cases.ts";
import { providerCases } from "./provider-cases.ts";
import { sightTable } from "./sight.ts";
import { clientTable } from "./table.ts";

const tested = [...clients, relay];

test("README.md: the table of clients is what the tests hold them to", async () => {
  const readme = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, section = ""] = readme.split("## Clients that are tested\n");
  const [said] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  expect(said?.trim()).toBe(clientTable(tested));
});

test("docs/clients.md: the table of faults is what clients were seen to tell", async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/clients.md"), "utf8");
  const [said] = /(?:^\|.*\n)+/m.exec(text) ?? [];
  expect(said?.trim()).toBe(sightTable({ ...cases, ...providerCases }));
});

// Elsewhere people have the versions that they have.
describe.runIf(process.env.CI)("versions that are tested", () => {
  test.concurrent.each(tested)("$name", async ({ name, version: [command, ...args], versions }) => {
    const said = await run(command, args);
    const [version] = /\d+(?:\.\d+)*/.exec(said) ?? [];
    const isSaid = versions.some(
      (beginning) => version === beginning || version?.startsWith(`${beginning}.`),
    );
    expect(isSaid, `${name} is ${version} here, and the table says ${versions.join(", ")}`).toBe(true);
  });
});
