/** The commands for a running server, one after the other in this process. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { startMailproof } from "../../mod.ts";
import { localTime } from "../../src/cli/time.ts";
import { RawClient } from "../support/raw-client.ts";
import { run } from "./recorder.ts";
import { served } from "./served.ts";
import { program } from "./spawned.ts";

const server = served();
const { ask, fileOf, send } = server;

describe("wait", () => {
  test("prints the message as JSON, also one that is stored already", async () => {
    await send("bob@b.test");
    const { code, out } = await ask("wait", "--to", "bob@b.test", "--subject", "welc");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ subject: "Welcome", envelope: { to: ["bob@b.test"] } });
  });

  test("finds an address with a blank, and one with a plus", async () => {
    await send('"bob smith"@b.test', "Blank");
    await send("bob+smith@b.test", "Plus");
    for (const [to, subject] of [
      ['"bob smith"@b.test', "Blank"],
      ["/bob smith/", "Blank"],
      ["bob+smith@b.test", "Plus"],
    ] as const) {
      expect(JSON.parse((await ask("wait", "--to", to)).out)).toMatchObject({ subject });
    }
  });

  test("gives up with what came instead, exit code 1", async () => {
    await send("bob@b.test");
    const { code, out, err } = await ask("wait", "--to", "eve@b.test", "--timeout", "50ms");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^mailproof: no mail to eve@b\.test .*closest: #\d+ "Welcome".*\n$/);
  });
});

describe("list and show", () => {
  test("list: the newest last, control characters visible", async () => {
    await send("bob@b.test", "First");
    await send("bob@b.test, eve@b.test", "\x1b[31mred");
    const { code, out } = await ask("list");
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const [time] = (await server.mail.messages()).map(({ receivedAt }) => localTime(receivedAt));
    expect(lines[0]).toMatch(/^m\d+ {2}[-\d: ]+ {2}ada@a\.test → bob@b\.test {2}\d+ B {2}First$/);
    expect(lines[0]).toContain(`  ${time}  `);
    expect(lines[1]).toMatch(/ada@a\.test → bob@b\.test \+1 {2}\d+ B {2}\\x1b\[31mred$/);
  });

  test("list: an empty subject is told", async () => {
    await send("bob@b.test", "");
    expect((await ask("list")).out).toMatch(/ {2}\(no subject\)\n$/);
  });

  test("list: by filter and at most so many, as JSON", async () => {
    for (const subject of ["one", "two", "three"]) await send("bob@b.test", subject);
    await send("eve@b.test");
    const { out } = await ask("list", "--to", "bob@*", "--limit", "2", "--json");
    expect(JSON.parse(out).map(({ subject }: { subject: string }) => subject)).toEqual(["two", "three"]);
  });

  test.each(["list", "transactions"])("%s: says when older ones are left out", async (command) => {
    for (const subject of ["one", "two", "three"]) await send("bob@b.test", subject);
    const { out, err } = await ask(command, "--limit", "2");
    expect(out).toMatch(/^.* two\n.* three\n$/);
    expect(err).toBe("Older ones than these 2 are left out; see --limit\n");
    expect((await ask(command, "--limit", "3")).err).toBe("");
  });

  test.each([
    ["--html", { text: "Good morning." }, "HTML"],
    ["--text", { text: undefined, html: "<b>Good</b>" }, "text"],
  ])("show %s of a message without: exit code 1", async (form, content, part) => {
    await send("bob@b.test", "Welcome", content);
    const [stored] = await server.mail.messages();
    expect(await ask("show", "latest", form)).toEqual({
      code: 1,
      out: "",
      err: `mailproof: Failed to show the ${part}: ${stored!.id} has none; leave out the option, or use --raw\n`,
    });
  });

  test("show: an overview, text, HTML, or the octets", async () => {
    await send("bob@b.test", "Welcome", {
      html: "<b>Good</b>",
      attachments: [{ filename: "a\x07.txt", content: "x" }],
    });
    const overview = await ask("show", "latest");
    expect(overview.out).toContain("Envelope: ada@a.test → bob@b.test\n");
    expect(overview.out).toContain("Subject: Welcome\n");
    expect(overview.out).toMatch(/Attachment: a.*\.txt, text\/plain, 1 B\n/);
    expect(overview.out).toContain("\n\nGood morning.");
    expect((await ask("show", "latest", "--text")).out.trim()).toBe("Good morning.");
    expect((await ask("show", "latest", "--html")).out.trim()).toBe("<b>Good</b>");
    const [stored] = await server.mail.messages();
    expect((await ask("show", "latest", "--raw")).out).toBe(new TextDecoder().decode(await stored!.raw()));
    expect(JSON.parse((await ask("show", stored!.id, "--json")).out).id).toBe(stored!.id);
  });

  const hasScript = spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;
  test.skipIf(!hasScript).each([
    ["--text", "plain"],
    ["--html", "html"],
    ["--raw", "plain"],
  ])("H09: show %s: no escape sequence of the mail is written to a terminal", async (form, type) => {
    const head = `From: a@a.test\r\nContent-Type: text/${type}; charset=utf-8\r\n`;
    await send("bob@b.test", "", { raw: `${head}\r\n\x1b]0;pwn\x07 \x9b2J \u202e\r\n\tGood\r\n` });
    const place = ["--url", server.mail.http.url, "--http-token", "secret"];
    const command = [process.execPath, ...program, "show", "latest", form, ...place].join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (said) => {
      out += said;
    });
    await once(child, "close");
    expect(out).toContain("\\x1b]0;pwn\\x07 \\x9b2J \\u202e\r\n\tGood\r\n");
    expect(out).not.toContain("\x1b");
  });

  test("show: what the envelope says beside the addresses, and who was refused", async () => {
    await send("nobody@b.test, bob@b.test", "Envelope", {
      dsn: { id: "one", return: "headers", notify: ["never"], recipient: "ada@a.test" },
    });
    const { out } = await ask("show", "latest");
    expect(out).toContain("Parameters: RET=HDRS ENVID=one\n");
    expect(out).toContain("Parameters of bob@b.test: NOTIFY=NEVER");
    expect(out).toContain("Refused: nobody@b.test, 550 5.1.1 No such user\n");
  });

  test("show: an unknown id is one line and exit code 1", async () => {
    const { code, err } = await ask("show", "m999");
    expect(code).toBe(1);
    expect(err).toMatch(/^mailproof: Failed to find the message: "m999"; .*; see mailproof list\n$/);
  });

  test.each([
    ["show latest", "Failed to find the latest message: none matches; see mailproof wait"],
    ["transcript s999", 'Failed to find the session: "s999"; see mailproof sessions'],
    ["transcript t999", 'Failed to find the transaction: "t999"; see mailproof transactions'],
  ])("%s: nothing in its advice is a route of the API", async (command, line) => {
    expect(await ask(...command.split(" "))).toEqual({ code: 1, out: "", err: `mailproof: ${line}\n` });
  });
});

describe("transactions and transcript", () => {
  test("the refused ones too, with the reply and the rule", async () => {
    await send("bob@b.test");
    await expect(send("nobody@b.test")).rejects.toThrow("550");
    const { out } = await ask("transactions");
    const [accepted = "", rejected = ""] = out.trimEnd().split("\n");
    expect(accepted).toMatch(
      /^t\d+ {2}s\d+ {2}[-\d: ]+ {2}accepted {4}ada@a\.test → bob@b\.test {2}\d+ B {2}Welcome$/,
    );
    expect(rejected).toMatch(
      /rejected {4}ada@a\.test → nobody@b\.test {2}550 5\.1\.1 No such user {2}\(rule rcpt-550-\w+\)$/,
    );
    const json = await ask("transactions", "--outcome", "rejected", "--json");
    expect(JSON.parse(json.out)).toMatchObject([{ outcome: "rejected" }]);

    const [transaction = "", session = ""] = rejected.split(/ +/);
    const transcript = await ask("transcript", session);
    expect(transcript.out).toMatch(
      /C: RCPT TO:<nobody@b\.test>\n.*\*: rule rcpt-550-.*\n.*S: 550 5\.1\.1 No such user\n/,
    );
    expect(JSON.parse((await ask("transcript", session, "--json")).out).session).toBe(session);
    expect(await ask("transcript", transaction)).toEqual(transcript);
    expect(await ask("transcript", "latest")).toEqual(transcript);
    const [message] = await server.mail.messages();
    const ofMessage = JSON.parse((await ask("transcript", message!.id, "--json")).out);
    expect(ofMessage.session).toBe(message!.sessionId);
  });

  test("an address that asks for a fault in vain is told", async () => {
    await send("bob+fault.nonsense@b.test");
    expect((await ask("transactions")).out).toMatch(/ {2}Welcome {2}\(warning magic-without-effect\)\n$/);
  });

  test("transcript latest: nobody came", async () => {
    const { code, err } = await ask("transcript", "latest");
    expect(code).toBe(1);
    expect(err).toBe("mailproof: Failed to find the latest session: there is none; send a mail\n");
  });

  test("sessions: the newest last; by user, or open ones, as JSON", async () => {
    await send("bob@b.test");
    const client = await RawClient.greeted(server.mail.smtp.port);
    await client.ask("AUTH PLAIN AGFkYQBzZWNyZXQ=");
    const [first = "", second = ""] = (await ask("sessions")).out.trimEnd().split("\n");
    expect(first).toMatch(/^s\d+ {2}.* {2}127\.0\.0\.1 {2}EHLO .* {2}1 transaction$/);
    expect(second).toMatch(/EHLO raw\.test {2}user ada {2}open {2}0 transactions$/);
    for (const narrow of [
      ["--user", "ada"],
      ["--open", "--source", "127.0.0.1", "--limit", "1"],
    ]) {
      const { out } = await ask("sessions", ...narrow, "--json");
      expect(JSON.parse(out).map(({ helo }: { helo: string }) => helo)).toEqual(["raw.test"]);
    }
    client.close();
  });
});

test("an inbox: list, transactions, sessions, wait and clear of what came into it", async () => {
  const inbox = await server.mail.inbox();
  await send(inbox.address("bob"), "Inside");
  await send("bob@b.test", "Outside");
  const json = async (...args: string[]) =>
    JSON.parse((await ask(...args, "--inbox", inbox.id, "--json")).out);
  expect(await json("list")).toMatchObject([{ subject: "Inside" }]);
  expect(await json("transactions")).toMatchObject([{ inboxes: [inbox.id] }]);
  expect(await json("sessions")).toMatchObject([{ inboxes: [inbox.id] }]);
  expect(await json("wait")).toMatchObject({ subject: "Inside" });
  const missed = await ask("wait", "--inbox", inbox.id, "--subject", "Outside", "--timeout", "50ms");
  expect(missed.code).toBe(1);
  expect(missed.err).toContain('"Inside"');
  expect(await ask("clear", "--inbox", inbox.id)).toEqual({
    code: 0,
    out: "The messages of that filter are deleted\n",
    err: "",
  });
  expect((await server.mail.messages()).map(({ subject }) => subject)).toEqual(["Outside"]);
  await inbox.close();
});

test.each(["list", "transactions", "sessions", "wait --timeout 9s", "clear", "clock advance 5m"])(
  "%s: of an inbox that is not there nothing is told, and nothing is done",
  async (command) => {
    await send("bob@b.test");
    expect(await ask(...command.split(" "), "--inbox", "nope")).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(/^mailproof: .*Failed to find the inbox: "nope"; .*\n$/),
    });
    expect(await server.mail.messages()).toHaveLength(1);
  },
);

test("clock advance --inbox: only the clock of that inbox", async () => {
  const inbox = await server.mail.inbox();
  const { out } = await ask("clock", "advance", "5m", "--inbox", inbox.id, "--json");
  expect(JSON.parse(out)).toMatchObject({ offset: 300_000 });
  expect((await server.mail.info()).clock.offset).toBe(0);
  await inbox.close();
});

test.each([
  ["list --subject /[/", /^mailproof: Failed to compile the pattern: .*\n$/],
  ["wait --subject /[/", /^mailproof: Failed to compile the pattern: .*\n$/],
  ["clear --q is:foo", /^mailproof: Failed to read the search .*\n$/],
  ["transactions --to /[/", /^mailproof: Failed to compile the pattern: .*\n$/],
])(
  "%s: a filter that cannot be followed is no filter that finds nothing: exit code 2",
  async (command, line) => {
    await send("bob@b.test");
    const { code, out, err } = await ask(...command.split(" "));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(line);
    expect(await server.mail.messages()).toHaveLength(1);
  },
);

test("clear: only what the filter names", async () => {
  await send("bob@b.test", "One");
  await send("eve@b.test", "Two");
  expect(await ask("clear", "--to", "bob@*", "--json")).toEqual({
    code: 0,
    out: '{"cleared":true}\n',
    err: "",
  });
  expect((await server.mail.messages()).map(({ subject }) => subject)).toEqual(["Two"]);
});

test("clock advance", async () => {
  const { out } = await ask("clock", "advance", "5m");
  expect(out).toMatch(/^Fault time is [-\d: ]+, 5m ahead\n$/);
  expect(JSON.parse((await ask("clock", "advance", "1m", "--json")).out).offset).toBe(360_000);
});

describe("directory", () => {
  const state = {
    users: [{ address: "ada@a.test", name: "Ada Lovelace" }, { address: "bob@b.test" }],
    lists: [{ name: "staff", members: ["ada@a.test", "bob@b.test"] }],
    strictUsers: true,
  };

  test("set replaces it by that of a file, and without an operand it is shown", async () => {
    expect((await ask("directory")).out).toBe("Every other recipient is accepted as well\n");
    const lines =
      "Ada Lovelace <ada@a.test>\n<bob@b.test>\nstaff: ada@a.test, bob@b.test\nEvery other recipient is refused\n";
    expect(await ask("directory", "set", fileOf(state))).toEqual({ code: 0, out: lines, err: "" });
    expect((await ask("directory")).out).toBe(lines);
    await expect(send("eve@b.test")).rejects.toThrow("550 5.1.1");
    expect(JSON.parse((await ask("directory", "--json")).out)).toEqual({
      ...state,
      users: [state.users[0], { address: "bob@b.test", name: "" }],
    });
  });

  test("one that cannot be, no file and no such word are told in one line", async () => {
    const bad = await ask("directory", "set", fileOf({ ...state, users: [{ address: "ada" }] }));
    expect(bad.code).toBe(1);
    expect(bad.err).toMatch(
      /^mailproof: Failed to set directory: users\[0\]\.address: "ada" is no address.*\n$/,
    );
    for (const operands of [["set"], ["put", "x"], ["set", "x", "y"]]) {
      const { code, err } = await ask("directory", ...operands);
      expect(code).toBe(2);
      expect(err).toContain("write mailproof directory [set FILE]");
    }
    expect((await ask("directory", "set", "none.json")).code).toBe(2);
  });
});

describe("clear, reset, health", () => {
  test("clear deletes messages, reset forgets transactions too", async () => {
    await send("bob@b.test");
    expect(await ask("clear")).toEqual({ code: 0, out: "All messages are deleted\n", err: "" });
    expect([(await server.mail.messages()).length, (await server.mail.transactions()).length]).toEqual([
      0, 1,
    ]);
    expect(await ask("reset", "--json")).toEqual({ code: 0, out: '{"reset":true}\n', err: "" });
    expect(await server.mail.transactions()).toEqual([]);
  });

  test("health needs no token", async () => {
    const { code, out } = await run("health", "--url", server.mail.http.url);
    expect({ code, out }).toEqual({ code: 0, out: `Mailproof is ready at ${server.mail.http.url}\n` });
    expect((await run("health", "--json", "--url", `${server.mail.http.url}/`)).out).toBe('{"ready":true}\n');
  });

  test("health --wait asks until the server is there", async () => {
    const before = await startMailproof();
    const port = Number(new URL(before.http.url).port);
    await before.close();
    const asking = run("health", "--url", `http://127.0.0.1:${port}`, "--wait", "15s");
    const late = await startMailproof({ httpPort: port });
    expect((await asking).code).toBe(0);
    await late.close();
    const { code, err } = await run("health", "--url", `http://127.0.0.1:${port}`);
    expect(code).toBe(1);
    expect(err).toMatch(/^mailproof: Failed to reach Mailproof: .*check that it runs at http.*\n$/);
  });

  test("a wrong token is told apart from a server that is not there", async () => {
    const { code, err } = await run("list", "--url", server.mail.http.url, "--http-token", "wrong");
    expect(code).toBe(1);
    expect(err).toMatch(/^mailproof: .*token.*\n$/);
  });
});
