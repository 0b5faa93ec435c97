/** `send` and `sendmail`: what they put on the wire, and what they tell of the reply. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run, runWith } from "./recorder.ts";
import { served } from "./served.ts";
import { spawnProgram } from "./spawned.ts";

const server = served();
const place = () => ["--url", server.mail.http.url, "--http-token", "secret"];
const ask = (input: string, ...args: string[]) => runWith(input, ...args, ...place());
const latest = async () => (await server.mail.messages()).at(-1)!;

const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("send", () => {
  test("nothing given: a test mail, and the reply", async () => {
    const { code, out, err } = await ask("", "send");
    const { id, subject, envelope } = await latest();
    expect({ code, out, err }).toEqual({ code: 0, out: `250 2.0.0 Ok: queued as ${id}\n`, err: "" });
    expect({ subject, envelope }).toEqual({
      subject: "Test mail",
      envelope: { from: "mailproof@example.test", to: ["ada@example.test"] },
    });
  });

  test("all of it given, several times", async () => {
    const file = join(folder, "note.txt");
    writeFileSync(file, "x\x80y", "latin1");
    const given = ["--to", "Bob <bob@b.test>", "--to", "eve@b.test", "--from", "Ada <ada@a.test>"];
    const content = ["--subject", "Ü", "--text", "One", "--html", "<b>Two</b>", "--attach", file];
    const { code, out } = await ask("", "send", ...given, ...content, "--count", "2");
    expect([code, out.trimEnd().split("\n").length]).toEqual([0, 2]);
    const message = await latest();
    expect(message).toMatchObject({
      envelope: { from: "ada@a.test", to: ["bob@b.test", "eve@b.test"] },
      to: [{ name: "Bob", address: "bob@b.test" }, { address: "eve@b.test" }],
      subject: "Ü",
      html: "<b>Two</b>",
    });
    expect([...(await message.attachment("note.txt"))]).toEqual([0x78, 0x80, 0x79]);
  });

  test("a message on standard input: its fields, unless the envelope is given", async () => {
    const raw = "From: a@a.test\r\nTo: b@b.test\r\nCc: Team: c@c.test;\r\nSubject: Raw\r\n\r\nHello\r\n.\r\n";
    await ask(raw, "send", "-");
    expect((await latest()).envelope).toEqual({ from: "a@a.test", to: ["b@b.test", "c@c.test"] });
    expect(new TextDecoder().decode(await (await latest()).raw())).toBe(raw);
    await ask(raw, "send", "-", "--to", "d@d.test", "--from", "e@e.test");
    expect((await latest()).envelope).toEqual({ from: "e@e.test", to: ["d@d.test"] });
  });

  test("what is refused is told, exit code 1; as JSON, too", async () => {
    const { code, out, err } = await ask("", "send", "--to", "nobody@b.test");
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "",
      err: "mailproof: RCPT TO nobody@b.test: 550 5.1.1 No such user\n",
    });
    const json = await ask("", "send", "--to", "nobody@b.test", "--to", "bob@b.test", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject(
      [{ accepted: /^250/, refusals: [{ command: "RCPT TO", recipient: "nobody@b.test", code: 550 }] }].map(
        (report) => ({ ...report, accepted: expect.stringMatching(report.accepted) }),
      ),
    );
  });

  test("a name without an address is not left out: the server refuses it", async () => {
    const { code, out, err } = await ask("To: www-data, bob@b.test\n\nHello\n", "send", "-");
    expect([code, out]).toEqual([1, expect.stringMatching(/^250 /)]);
    expect(err).toContain("RCPT TO www-data: 501 5.1.3");
  });

  test.each([
    ["--from", "a@b.test\r\nX: y"],
    ["--to", "a@b.test\nX: y"],
    ["--to", "Ada\0 <a@b.test>"],
  ])("%s %j: no line of its own", async (flag, address) => {
    expect(await ask("", "send", flag, address)).toEqual({
      code: 2,
      out: "",
      err: `mailproof: Failed to read the address: ${JSON.stringify(address)} has a control character; use one such as ada@example.test\n`,
    });
    expect(await server.mail.transactions()).toEqual([]);
  });

  test("a message without a recipient, and two files", async () => {
    expect((await ask("Subject: x\n\n", "send", "-")).code).toBe(2);
    expect((await run("send", "a", "b")).err).toContain("write mailproof send [FILE|-]");
  });
});

describe("sendmail", () => {
  const mail = "To: Ada <ada@a.test>,\n bob@b.test\nBcc: eve@e.test\nSubject: Hi\n\nOne\n.\nTwo\n";

  test.each([
    [["-t", "-i"], ["ada@a.test", "bob@b.test", "eve@e.test"], "One\r\n.\r\nTwo\r\n"],
    [["-ti"], ["ada@a.test", "bob@b.test", "eve@e.test"], "One\r\n.\r\nTwo\r\n"],
    [["-oi", "-oem", "-bm", "x@x.test"], ["x@x.test"], "One\r\n.\r\nTwo\r\n"],
    [["-N", "never", "x@x.test", "y@y.test"], ["x@x.test", "y@y.test"], "One\r\n"],
    [["-h", "3", "x@x.test"], ["x@x.test"], "One\r\n"],
    [["-t", "--", "x@x.test"], ["x@x.test", "ada@a.test", "bob@b.test", "eve@e.test"], "One\r\n"],
  ])("%j", async (args, to, body) => {
    expect(await runWith(mail, "sendmail", ...place(), ...args)).toEqual({ code: 0, out: "", err: "" });
    const { envelope, bcc, raw } = await latest();
    expect(envelope.to).toEqual(to);
    expect(bcc).toEqual([]);
    const text = new TextDecoder().decode(await raw.call(await latest()));
    expect(text.slice(text.indexOf("\r\n\r\n") + 4)).toBe(body);
    expect(text).toMatch(/^Date: .* \+0000\r$/m);
  });

  test.each([
    [["-f", "me@a.test"], "me@a.test", "me@a.test"],
    [["-fme@a.test", "-F", "It's me"], "me@a.test", "me@a.test"],
    [["-r", "<>"], "", /@localhost$/],
  ])("the sender: %j", async (args, reversePath, from) => {
    await ask("Hello\n", "sendmail", ...args, "bob@b.test");
    const message = await latest();
    expect(message.envelope.from).toBe(reversePath);
    expect(message.from?.address).toMatch(from);
    expect(message.text?.trim()).toBe("Hello");
    if (args.includes("-F")) expect(message.from?.name).toBe("It's me");
  });

  test.each([
    // What Debian's cron runs.
    [
      ["-FCronDaemon", "-i", "-B8BITMIME", "-oem", "root"],
      "From: root (Cron Daemon)\nTo: root\n",
      "root@localhost",
      ["root@localhost"],
    ],
    [["-t"], "To: root\n", /@localhost$/, ["root@localhost"]],
    [
      ["-t"],
      'To: www-data, Ada <ada@x.test>\nCc: "The Boss" <boss>\nBcc: Staff: eve, <joe>;\nFrom: app\n',
      "app@localhost",
      ["www-data@localhost", "ada@x.test", "boss@localhost", "eve@localhost", "joe@localhost"],
    ],
    [["-t", "-f", "root"], "To: ada@x.test\n", "root@localhost", ["ada@x.test"]],
    [["-f", "<root>", "<bob>"], "", "root@localhost", ["bob@localhost"]],
    [["-t", "-f", "<>"], "To: jörg\n", "", ["jörg@localhost"]],
    // What a crontab with several names in MAILTO makes of it.
    [["-i", "root,ada"], "", /@localhost$/, ["root@localhost", "ada@localhost"]],
    [
      ["root,ada@x.test", "Bob <bob@x.test>"],
      "",
      /@localhost$/,
      ["root@localhost", "ada@x.test", "bob@x.test"],
    ],
  ])("names of this machine: %j, %j", async (args, head, from, to) => {
    const outcome = await runWith(`${head}Subject: Hi\n\nHello\n`, "sendmail", ...place(), ...args);
    expect(outcome).toEqual({ code: 0, out: "", err: "" });
    const message = await latest();
    expect(message.envelope).toEqual({ from: expect.stringMatching(from), to });
    const raw = new TextDecoder().decode(await message.raw());
    for (const line of head.split("\n").filter((line) => !line.startsWith("Bcc")))
      expect(raw).toContain(line);
  });

  test("the line that an mbox has before a message is none of it", async () => {
    const outcome = await ask(`From app Fri Nov 28 10:00:00 2025\n${mail}`, "sendmail", "-t", "-i");
    expect(outcome).toEqual({ code: 0, out: "", err: "" });
    const { envelope, subject, headers } = await latest();
    expect([envelope.to, subject]).toEqual([["ada@a.test", "bob@b.test", "eve@e.test"], "Hi"]);
    expect(headers.map(({ name }) => name)).toEqual(["From", "Date", "Message-ID", "To", "Subject"]);
  });

  test.each([
    ["From: My Site", /^[\w-]+@localhost$/, "ada@x.test"],
    ["From: =?utf-8?q?Shop?= <>", /^[\w-]+@localhost$/, "ada@x.test"],
    ["From: Doe, John <john@x.test>", "john@x.test", "ada@x.test"],
    ["To: =?UTF-8?Q?Doe,_John?= <john@x.test>", /@localhost$/, "john@x.test"],
    ['To: "Do =?UTF-8?Q?e,_J?=" <john@x.test>', /@localhost$/, "john@x.test"],
  ])("a name for who reads it is no address: %s", async (field, from, recipient) => {
    const args = [...(field.startsWith("To") ? ["-t"] : [recipient]), ...place()];
    expect(await runWith(`${field}\n\nHello\n`, "sendmail", ...args)).toEqual({ code: 0, out: "", err: "" });
    const message = await latest();
    expect(message.envelope).toEqual({ from: expect.stringMatching(from), to: [recipient] });
    expect(new TextDecoder().decode(await message.raw())).toContain(`${field}\r\n`);
  });

  test.each([
    [["-t"], "To: Ada Lovelace, ada@x.test\n", '"Ada Lovelace" is no address'],
    [["-t"], "To: =?utf-8?q?Ada?=, ada@x.test\n", '"=?utf-8?q?Ada?=" is no address'],
    [["-f", "My App", "ada@x.test"], "", '"My App" is no address'],
    [["-f", "a@b.test\r\nX: y", "ada@x.test"], "", '"a@b.test\\r\\nX: y" is no address'],
    [["-f", "a\0b", "ada@x.test"], "", '"a\\u0000b" is no address'],
    [["ada@x.test\nX: y"], "", '"ada@x.test\\nX: y" is no address'],
    [["ada@x.test", ""], "", '"" is no address'],
  ])("what is no address is told, and nothing is sent: %j, %j", async (args, head, said) => {
    const outcome = await runWith(`${head}\nHello\n`, "sendmail", ...place(), ...args);
    expect(outcome).toMatchObject({ code: 65, out: "" });
    expect(outcome.err).toBe(
      `mailproof: Failed to send: ${said}; use one such as root or ada@example.test\n`,
    );
    expect(await server.mail.messages()).toEqual([]);
  });

  test.each([
    [["bob+fault.451@b.test"], 75, "RCPT TO bob+fault.451@b.test: 451"],
    [["nobody@b.test"], 69, "RCPT TO nobody@b.test: 550 5.1.1 No such user"],
    [["bob+fault.554.at-eod@b.test"], 65, "DATA: 554"],
    [["bob+fault.reset@b.test"], 75, ""],
    [[], 64, "no recipient; name one as an argument, or take those of the message with -t"],
    [["-bs"], 64, "Failed to follow -bs: only -bm is done here"],
    [["--bogus=1", "bob@b.test"], 64, "Unknown option: --bogus; see --help"],
    [["-f"], 64, "Failed to read -f: no value"],
    [["-F", "Ada\nX: y", "bob@b.test"], 64, 'Failed to read -F: "Ada\\nX: y" has a control character'],
    [["--auth", "ada", "bob@b.test"], 64, "Failed to read --auth: no colon"],
  ])("%j: exit code %i", async (args, code, said) => {
    const outcome = await runWith("Hello\n", "sendmail", ...place(), ...args);
    expect(outcome).toMatchObject({ code, out: "" });
    expect(outcome.err).toContain(said);
    expect(outcome.err).toMatch(/^mailproof: .*\n$/);
  });

  test("no server: try again later", async () => {
    const { code } = await runWith("x\n", "sendmail", "--url", "http://127.0.0.1:9", "bob@b.test");
    expect(code).toBe(75);
  });

  const hasPhp = spawnSync("php", ["--version"]).status === 0;
  test.skipIf(!hasPhp)("mail() of PHP", async () => {
    const path = `${process.execPath} ${process.versions.deno ? "run -A " : ""}${join(process.cwd(), process.versions.deno || process.versions.bun ? "src/cli/main.ts" : "dist/src/cli/main.js")} sendmail -t -i`;
    const script = 'exit(mail("ada@a.test", "From PHP", "Hello\\n", "Bcc: eve@e.test") ? 0 : 9);';
    const args = ["exec", "--", "sh", "-c", 'php -d sendmail_path="$0" -r "$1"', path, script];
    const spawned = spawnProgram(args);
    expect(await spawned.exited, spawned.complaint()).toBe(0);
  });
});
