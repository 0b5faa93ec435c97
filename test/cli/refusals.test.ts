/** What cannot be followed is refused in one line that says what to do, before anything is started. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./recorder.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailproof-"));
  const files = {
    "typo.json": '{"smtpPrt": 25}',
    "wrong.json": '{"smtpPort": "many"}',
    "flag.json": '{"config": "other.json"}',
    "unset.json": '{"auths": ["ada"]}',
    "people.json": '{"directory": {"users": [{"address": "ada@a.test"}, {"address": "bob"}]}}',
    "list.json": "[]",
    "broken.json": '{\n  "smtpPort": 1,}',
    "throws.mjs": "throw new Error('no luck');",
    "empty.mjs": "export const port = 1;",
    "faults.json": '{"faults": ["greylisting", {"on": "rcpt", "do": "999 what"}]}',
    "text.config.json": '{"faults": ["greylisting", "rcptx"]}',
    "bundle.json":
      '{"rules": [{"on": "rcpt", "do": "550 no"}, {"on": "rcpt", "do": ["550 no", "999 what"]}]}',
    "one.json": '{"on": "rcpt", "do": "999 what"}',
    "twice.json": '{"faults": ["greylisting", "greylisting"]}',
    "rule.json": '[{"on": "rcpt", "do": "550 no"}, {"on": "rcpt", "do": "999 what"}]',
    "text.json": '"rcpt"',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("arguments", () => {
  const rows: readonly (readonly [args: string, line: string])[] = [
    ["--smpt-port 1", "Unknown option: --smpt-port; did you mean --smtp-port?"],
    ["--colour", "Unknown option: --colour; see --help"],
    ["-x", "Unknown option: -x; see --help"],
    ["serv", "Unknown command: serv; did you mean serve?"],
    ["frobnicate", "Unknown command: frobnicate; see --help"],
    ["serve now", "Failed to read the arguments: now is no option; a command comes first, see --help"],
    ["--smtp-port", "Failed to read --smtp-port: no value; write --smtp-port PORT"],
    ["--seed --quiet", "Failed to read --seed: no value; write --seed TEXT"],
    ["--smtp-port abc", 'Failed to read --smtp-port: "abc"; use a port from 0 to 65535'],
    ["--http-port 65536", 'Failed to read --http-port: "65536"; use a port from 0 to 65535'],
    ["--max-messages 0", 'Failed to read --max-messages: "0"; use a whole number from 1'],
    ["--max-bytes 5x", 'Failed to read --max-bytes: "5x"; use a number of octets or 10k, 50M, 1G'],
    ["--idle-timeout soon", 'Failed to read --idle-timeout: "soon"; use 250ms, 10s, 5m, 2h'],
    ["--idle-timeout 300", 'Failed to read --idle-timeout: "300"; give a unit: 10s, 250ms, 5m'],
    ["wait --timeout 10", 'Failed to read --timeout: "10"; give a unit: 10s, 250ms, 5m'],
    ["health --wait 1.5", 'Failed to read --wait: "1.5"; give a unit: 10s, 250ms, 5m'],
    ["faults use busy --ttl 60", 'Failed to read --ttl: "60"; give a unit: 10s, 250ms, 5m'],
    ["--starttls maybe", 'Failed to read --starttls: "maybe"; use off, offer, require'],
    ["--quiet=perhaps", 'Failed to read --quiet: "perhaps"; use true or false'],
    ["--strict --lenient", "Failed to set --strict: lenient is set, too; set one or none"],
    ["--tls-cert package.json", "Failed to set --tls-cert: its key is missing; give both or none"],
    ["--http-token é", "Failed to set --http-token: it has a blank or is not ASCII; use letters"],
    ["--allowed-host x.test:8025", 'Failed to set --allowed-host: "x.test:8025"; use a whole name'],
    ["--tls-name https://x.test", 'Failed to set --tls-name: "https://x.test"; use a name'],
    [
      "--fault greylisting --fault greylisting",
      'Failed to read --fault: "greylisting" is there already; remove it or give another id',
    ],
    ["--hide-extension CHUNK", 'Failed to set --hide-extension: "CHUNK"; use one of PIPELINING, '],
    [
      "--idle-timeout 0",
      'Failed to set --idle-timeout: "0"; use a duration from 1ms to 596h, such as 10s, 5m, 2h',
    ],
    ["--auth ada", "Failed to set --auth: a pair without a user or a colon; use user:password"],
    ["--auth u:one --auth u:two", 'Failed to set --auth: "u" is there twice; give it one password'],
    [
      "--tls-name x.test",
      "Failed to set --tls-name: TLS is off; offer STARTTLS or SMTPS, too, or leave it out",
    ],
    ["--tls-cert cert.pem", "Failed to read --tls-cert: cert.pem; there is no such file or folder"],
    ["--fault @nowhere.json", "Failed to read --fault: nowhere.json; there is no such file or folder"],
    [
      "--config nowhere.json",
      "Failed to read the config file: nowhere.json; there is no such file or folder",
    ],
    ["--config c.yaml", "Failed to read c.yaml: the ending .yaml; use .ts, .mts, .js, .mjs, .json"],
    ["--config config", "Failed to read config: no ending; use .ts, .mts, .js, .mjs, .json"],
    ["help serv", "Unknown command: serv; did you mean serve?"],
    ["help wait list", "Failed to read the operands of help: wait list; name one command"],
    ["show", "Failed to read the operands of show: none; write mailproof show ID|latest"],
    ["show m1 m2", "Failed to read the operands of show: m1 m2; write mailproof show ID|latest"],
    ["show m1 --html --text", "Failed to choose a form: --html and --text are given; give one of them"],
    ["transcript", "Failed to read the operands of transcript: none; write mailproof transcript ID|latest"],
    [
      "clock advance",
      "Failed to read the operands of clock: advance; write mailproof clock advance DURATION",
    ],
    ["clock advance -55m", 'Failed to advance the clock: "-55m"; it only goes forward, by 5m'],
    ["clock advance 5", 'Failed to read the duration: "5"; give a unit: 10s, 250ms, 5m'],
    ["list -5m", "Failed to read the operands of list: -5m; write mailproof list"],
    [
      "list --http-port 9000",
      "Unknown option: --http-port; only the server has it, and a command finds that with --url",
    ],
    ["clock back 5m", "Failed to read the command: clock back; write clock advance 5m"],
    ["clock advance soon", 'Failed to read the duration: "soon"; use 250ms, 10s, 5m, 2h'],
    ["list --url nonsense", 'Failed to read the URL: "nonsense"; use one such as http://127.0.0.1:8025'],
    ["health --url ftp://x", 'Failed to read the URL: "ftp://x"; use one such as http://127.0.0.1:8025'],
    ["faults add {", "Failed to read the rule: "],
    ["faults add rcptx", 'Failed to read the rule: "rcptx"; did you mean "rcpt"?'],
    ["faults add @nowhere.json", "Failed to read the rule: nowhere.json; there is no such file or folder"],
    [
      "faults add rcpt gone@* 551 it's",
      "Failed to read the rule: rcpt gone@* 551 it's; quote it: mailproof faults add 'rcpt gone@* 551 it'\\''s'",
    ],
    ["faults remove", "Failed to read the command: faults remove; write mailproof faults [list"],
    ["faults constructor", "Failed to read the command: faults constructor; write mailproof faults [list"],
    ["wait --too a@b", "Unknown option: --too; did you mean --to?"],
  ];
  test.each(rows)("%s", async (args, line) => {
    const { code, out, err } = await run(...args.split(" "));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(line);
    expect(err).toMatch(/^mailproof: .*\n$/);
  });
});

describe("config files", () => {
  const rows: readonly (readonly [file: string, line: string])[] = [
    ["typo.json", "smtpPrt; did you mean smtpPort?"],
    ["wrong.json", 'Failed to read smtpPort in wrong.json: "many"; use a port from 0 to 65535'],
    ["flag.json", "config; see mailproof --help"],
    ["unset.json", "Failed to set auths in "],
    ["people.json", 'people.json: users[1].address: "bob" is no address; use one such as'],
    ["list.json", 'list.json: it holds no object; write { "smtpPort": 2525 }'],
    ["faults.json", "Failed to read faults[1].do in "],
    ["text.config.json", "Failed to read faults[1] in "],
    ["twice.json", 'twice.json: "greylisting" is there already; remove it or give another id'],
    ["broken.json", "broken.json: no JSON at line 2, column 17; correct it there"],
    ["throws.mjs", "no luck"],
    ["empty.mjs", "it holds no object; export default defineConfig({ … })"],
  ];
  test.each(rows)("%s", async (file, line) => {
    const { code, out, err } = await run("--config", join(folder, file));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(line);
    expect(err.trimEnd()).not.toContain("\n");
  });
});

describe("rules", () => {
  const start = ["--smtp-port", "0", "--http-port", "0"];

  test("a broken shorthand is refused with what may stand there", async () => {
    const { code, err } = await run(...start, "--fault", "rcpt 999 what");
    expect(code).toBe(2);
    expect(err).toMatch(/^mailproof: Failed to .*999.*\n$/);
  });

  test.each([
    ["one.json", "do"],
    ["rule.json", "[1].do"],
    ["bundle.json", "rules[1].do[1]"],
  ])("a broken rule of %s is refused as %s of it", async (name, path) => {
    const file = join(folder, name);
    const { code, err } = await run(...start, "--fault", "greylisting", "--fault", `@${file}`);
    expect(code).toBe(2);
    expect(err).toMatch(/^mailproof: .*999.*\n$/);
    expect(err).toContain(`mailproof: Failed to read ${path} in ${file}: `);
  });

  test("a file that holds no rule", async () => {
    const { code, err } = await run(...start, "--fault", `@${join(folder, "text.json")}`);
    expect(code).toBe(2);
    expect(err).toContain("holds no rule; write an object or a list of objects");
  });
});

test("an address of another machine", async () => {
  const { code, err } = await run("--smtp-port", "0", "--http-port", "0", "--host", "192.0.2.1");
  expect(code).toBe(1);
  expect(err).toBe(
    "mailproof: Failed to listen on 192.0.2.1 port 0: this machine has no such address; choose one that it has, or no --host for loopback\n",
  );
});
