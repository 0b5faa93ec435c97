/** Flag before environment before config file before default. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readFlags } from "../../src/cli/flags.ts";
import { keyOf, variableOf } from "../../src/cli/option.ts";
import { programOptions, serverOptions } from "../../src/cli/options.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { type MailproofOptions, optionNames, settle as settleOptions } from "../../src/options.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailproof-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** What the server would be started with. */
async function settle(places: { flags?: string[]; variables?: Record<string, string>; config?: object }) {
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify(places.config ?? {}));
  for (const [name, value] of Object.entries(places.variables ?? {})) vi.stubEnv(name, value);
  const flags = readFlags(["--config", file, ...(places.flags ?? [])], [...serverOptions, ...programOptions]);
  return await readSettings(flags.values);
}

describe("precedence", () => {
  const flags = ["--hostname", "flag.test"];
  const variables = { MAILPROOF_HOSTNAME: "variable.test" };
  const config = { hostname: "config.test" };

  test.each([
    ["the flag wins", { flags, variables, config }, "flag.test"],
    ["then the variable", { variables, config }, "variable.test"],
    ["then the config file", { config }, "config.test"],
    ["then the default of the server", {}, undefined],
    ["an empty variable says nothing", { variables: { MAILPROOF_HOSTNAME: "" }, config }, "config.test"],
    [
      "of a flag given twice the second counts",
      { flags: [...flags, "--hostname", "again.test"] },
      "again.test",
    ],
  ])("%s", async (_, places, hostname) => {
    expect((await settle(places)).server.hostname).toBe(hostname);
  });

  test("the program has ports of its own, the config file of the user before them", async () => {
    expect((await settle({})).server).toEqual({ smtpPort: 1025, httpPort: 8025 });
    expect((await settle({ config: { smtpPort: 2525 } })).server).toEqual({ smtpPort: 2525, httpPort: 8025 });
    expect((await settle({ flags: ["--smtp-port", "0"] })).server.smtpPort).toBe(0);
  });

  test("a switch can be taken back", async () => {
    const variables = { MAILPROOF_REQUIRE_HELO: "1" };
    expect((await settle({ variables })).server.requireHelo).toBe(true);
    expect((await settle({ variables, flags: ["--require-helo=false"] })).server.requireHelo).toBe(false);
  });

  test("strict and lenient are one setting: who says one of them takes back the other", async () => {
    const { server } = await settle({ flags: ["--strict"], config: { lenient: true } });
    expect([server.strict, server.lenient]).toEqual([true, undefined]);
  });

  test("what only the program knows comes from flags and variables", async () => {
    const { program } = await settle({ flags: ["--quiet"], variables: { MAILPROOF_VERBOSE: "true" } });
    expect([program.get("quiet"), program.get("verbose"), program.get("json")]).toEqual([
      true,
      true,
      undefined,
    ]);
  });
});

describe("lists", () => {
  test("flags collect, lines of a variable are items, a config file has an array", async () => {
    const hosts = async (places: Parameters<typeof settle>[0]) => (await settle(places)).server.allowedHosts;
    expect(await hosts({ flags: ["--allowed-host", "a", "--allowed-host=b"] })).toEqual(["a", "b"]);
    expect(await hosts({ variables: { MAILPROOF_ALLOWED_HOST: "a\nb\n" } })).toEqual(["a", "b"]);
    expect(await hosts({ config: { allowedHosts: ["a", "b"] } })).toEqual(["a", "b"]);
  });

  test("rules: text stays text, @file is read, objects of a config file stay", async () => {
    const rule = { on: "rcpt", do: "550 no" };
    const file = join(folder, "rule.json");
    writeFileSync(file, JSON.stringify({ rules: [rule, rule] }));
    const { server } = await settle({ flags: ["--fault", "greylisting", "--fault", `@${file}`] });
    expect(server.faults).toEqual(["greylisting", rule, rule]);
    writeFileSync(file, JSON.stringify(rule));
    expect((await settle({ config: { faults: [rule, "shutdown", `@${file}`] } })).server.faults).toEqual([
      rule,
      "shutdown",
      rule,
    ]);
  });
});

describe("files", () => {
  test("flags and variables name PEM files, a config file may hold the text", async () => {
    const pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
    const file = join(folder, "cert.pem");
    writeFileSync(file, pem);
    expect((await settle({ flags: ["--tls-cert", file] })).server.tlsCert).toBe(pem);
    expect((await settle({ variables: { MAILPROOF_TLS_KEY: file } })).server.tlsKey).toBe(pem);
    expect((await settle({ config: { tlsCert: pem, tlsKey: file } })).server).toMatchObject({
      tlsCert: pem,
      tlsKey: pem,
    });
  });

  test("a config file is a module with a default export, too", async () => {
    const file = join(folder, "mailproof.config.mjs");
    writeFileSync(file, "export default { maxBytes: '1G', seed: 7 };");
    const { values } = readFlags(["--config", file], programOptions);
    expect((await readSettings(values)).server).toMatchObject({ maxBytes: "1G", seed: "7" });
  });
});

test("names: the variable and the key follow from the flag", () => {
  const names = [...serverOptions, ...programOptions].map((option) => [
    option.flag,
    variableOf(option),
    keyOf(option),
  ]);
  expect(names).toContainEqual(["smtp-port", "MAILPROOF_SMTP_PORT", "smtpPort"]);
  expect(names).toContainEqual(["allowed-host", "MAILPROOF_ALLOWED_HOST", "allowedHosts"]);
  expect(names).toContainEqual(["auth", "MAILPROOF_AUTH", "auths"]);
  expect(new Set(names.map(([flag]) => flag)).size).toBe(names.length);
});

describe("the table of flags and the options of startMailproof", () => {
  test("have the same names", () => {
    expect(serverOptions.map(keyOf).sort()).toEqual([...optionNames].sort());
  });

  const choices = serverOptions.filter(({ kind }) => kind === "choice");
  test.each(choices)("$flag has the same choices", (option) => {
    const [key, known = []] = [keyOf(option), option.choices];
    const start = (value: string) => settleOptions({ [key]: value } as MailproofOptions);
    for (const choice of known) expect(start(choice)).toHaveProperty(key, choice);
    expect(() => start("?")).toThrow(`Failed to set ${key}: "?"; use ${known.join(", ")}`);
  });
});
