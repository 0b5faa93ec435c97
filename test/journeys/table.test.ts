/** The README tells the truth about the clients: what is tested, and in which versions. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { run } from "./client.ts";
import { clients } from "./clients/all.ts";
import { relay } from "./postfix.ts";
import { clientTable } from "./table.ts";

const tested = [...clients, relay];

test("README.md: the table of clients is what the tests hold them to", async () => {
  const readme = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, section = ""] = readme.split("## Clients that are tested\n");
  const [said] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  expect(said?.trim()).toBe(clientTable(tested));
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
