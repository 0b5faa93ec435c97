/** Flag before environment before config file before default. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readFlags } from "../../src/cli/flags.ts";
import { keyOf, variableOf } from "../../src/cli/option.ts";
import { fileOptions, programOptions, serverOptions } from "../../src/cli/options.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { optionNames } from "../../src/option-checks.ts";
import { type MailproofOptions, settle as settleOptions } from "../../src/options.ts";

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

  test("a number is milliseconds in a config file", async () => {
    expect((await settle({ config: { idleTimeout: 300 } })).server.idleTimeout).toBe(300);
    expect((await settle({ config: { idleTimeout: "300" } })).server.idleTimeout).toBe("300");
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

  test("what only the program knows comes from everywhere, too", async () => {
    const { server, program, places } = await settle({
      flags: ["--quiet", "--json=false"],
      variables: { MAILPROOF_VERBOSE: "true" },
      config: { quiet: false, json: true, tlsCaOut: "ca.pem" },
    });
    const names = ["quiet", "verbose", "json", "tls-ca-out"];
    expect(names.map((name) => program.get(name))).toEqual([true, true, false, "ca.pem"]);
    expect(server).not.toHaveProperty("quiet");
    expect(places.get("tlsCaOut")).toBe(`tlsCaOut in ${join(folder, "settings.json")}`);
  });
});

describe("lists", () => {
  test("flags collect, lines of a variable are items, a config file has an array", async () => {
    const hosts = async (places: Parameters<typeof settle>[0]) => (await settle(places)).server.allowedHosts;
    expect(await hosts({ flags: ["--allowed-host", "a", "--allowed-host=b"] })).toEqual(["a", "b"]);
    expect(await hosts({ variables: { MAILPROOF_ALLOWED_HOST: "a\nb\n" } })).toEqual(["a", "b"]);
    expect(await hosts({ config: { allowedHosts: ["a", "b"] } })).toEqual(["a", "b"]);
  });

  test("rules: texts and files are read, and each knows its place", async () => {
    const rule = { on: "rcpt", do: "550 no" };
    const file = join(folder, "rule.json");
    writeFileSync(file, JSON.stringify({ rules: [rule, rule] }));
    const flags = ["--fault", "rcpt 550 no", "--fault", `@${file}`];
    expect((await settle({ flags })).rules).toEqual([
      { rule, path: "", file: "--fault" },
      { rule, path: "rules[0]", file },
      { rule, path: "rules[1]", file },
    ]);
    writeFileSync(file, JSON.stringify([rule]));
    const { rules, config } = await settle({ config: { faults: [rule, "shutdown", `@${file}`] } });
    expect(rules).toMatchObject([
      { rule, path: "faults[0]", file: config },
      { rule: { id: "shutdown" }, path: "faults[1]", file: config },
      { rule, path: "[0]", file },
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

  test("a config file alone has room for a directory", async () => {
    const directory = { users: [{ address: "ada@x.test", name: "Ada" }] };
    const { server, places, config } = await settle({ config: { directory } });
    expect(server.directory).toEqual(directory);
    expect(places.get("directory")).toBe(`directory in ${config}`);
    await expect(settle({ config: { directory: [] } })).rejects.toThrow(
      /directory in .*: \[\]; use an object$/,
    );
    await expect(settle({ flags: ["--directory", "x"] })).rejects.toThrow("Unknown option: --directory");
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
    expect([...serverOptions, ...fileOptions].map(keyOf).sort()).toEqual([...optionNames].sort());
  });

  const choices = serverOptions.filter(({ kind }) => kind === "choice");
  test.each(choices)("$flag has the same choices", (option) => {
    const [key, known = []] = [keyOf(option), option.choices];
    const start = (value: string) => settleOptions({ [key]: value } as MailproofOptions);
    for (const choice of known) expect(start(choice)).toHaveProperty(key, choice);
    expect(() => start("?")).toThrow(`Failed to set ${key}: "?"; use ${known.join(", ")}`);
  });
});
