/** `mailproof faults`, in this process, for a running server. */
import { describe, expect, test } from "vitest";
import { run } from "./recorder.ts";
import { served } from "./served.ts";

const server = served();
const { ask, fileOf, send } = server;

describe("faults", () => {
  test("use, list, add, reset, clear", async () => {
    const used = await ask("faults", "use", "greylisting", "--to", "*@slow.test", "--times", "1");
    expect(used.out).toMatch(/^greylisting\S* {2}.*\*@slow\.test.* {2}\(matched 0×, fired 0×\)\n$/);
    await expect(send("bob@slow.test")).rejects.toThrow("451");
    await send("bob@slow.test");
    expect((await ask("faults")).out).toContain("(matched 2×, fired 1×)");
    expect((await ask("faults", "reset")).out).toBe("Counters are at zero\n");
    expect((await ask("faults", "list")).out).not.toContain("(matched 2×, fired 1×)");

    const added = await ask(
      "faults",
      "add",
      '{"id": "full", "on": "rcpt", "do": "452 4.2.2 Mailbox full"}',
      "--json",
    );
    expect(JSON.parse(added.out)).toMatchObject([{ id: "full", state: { fired: 0 } }]);
    const short = await ask("faults", "add", "rcpt *@full.test 452 4.2.2 Mailbox full");
    expect(short.out).toMatch(
      /^rcpt-452-\w+ {2}At RCPT, if the recipient matches \*@full\.test, the server says /,
    );
    expect((await ask("faults", "clear")).out).toBe("All rules are gone\n");
    expect((await ask("faults")).out).toBe("No rules\n");
    expect((await ask("faults", "--json")).out).toBe("[]\n");
  });

  test("what list --json says can be added again", async () => {
    await ask("faults", "clear");
    await ask("faults", "use", "greylisting", "--to", "*@slow.test");
    await ask("faults", "add", "rcpt 550");
    const { out } = await ask("faults", "list", "--json");
    await ask("faults", "clear");
    expect((await ask("faults", "add", `@${fileOf(JSON.parse(out))}`, "--json")).out).toBe(out);
    expect((await ask("faults", "--json")).out).toBe(out);
    await ask("faults", "clear");
  });

  test("unused, remove", async () => {
    await ask("faults", "clear");
    await ask(
      "faults",
      "add",
      '{"id": "full", "on": "rcpt", "when": {"times": 1}, "do": "452 4.2.2 Mailbox full"}',
    );
    expect((await ask("faults", "unused")).out).toMatch(/^full {2}.*\(matched 0×, fired 0×\)\n$/);
    await expect(send("bob@b.test")).rejects.toThrow("452");
    expect((await ask("faults", "unused")).out).toBe("No rule is unused\n");
    expect((await ask("faults")).out).toContain("  (matched 1×, fired 1×, spent)\n");
    expect((await ask("faults", "remove", "ful")).err).toBe(
      'mailproof: Failed to find the rule: "ful"; did you mean full?\n',
    );
    expect((await ask("faults", "remove", "full")).out).toBe("The rule full is gone\n");
    expect((await ask("faults", "remove")).code).toBe(2);
    await send("bob@b.test");
  });

  test("remove: several at once, all or none; what an id begins with is enough to be told it", async () => {
    await ask("faults", "clear");
    await ask(
      "faults",
      "add",
      '[{"id": "a", "on": "data", "do": "451"}, {"id": "b", "on": "data", "do": "451"}]',
    );
    const first = await ask("faults", "use", "mailbox-full", "--to", "*@a.test", "--json");
    const [{ id }] = JSON.parse(first.out);
    const remove = async (...ids: string[]) => await ask("faults", "remove", ...ids);
    expect((await remove("a", "mailbox-full")).err).toBe(
      `mailproof: Failed to find the rule: "mailbox-full"; did you mean ${id}?\n`,
    );
    await ask("faults", "use", "mailbox-full", "--to", "*@b.test");
    expect((await remove("mailbox-full")).err).toMatch(
      /did you mean mailbox-full-\w+ or mailbox-full-\w+\?\n$/,
    );
    expect(await remove("a", id)).toEqual({
      code: 0,
      out: `The rule a is gone\nThe rule ${id} is gone\n`,
      err: "",
    });
    expect(JSON.parse((await remove("b", "--json")).out)).toEqual({ removed: ["b"] });
    expect(await server.mail.faults.list()).toHaveLength(1);
  });

  test("a rule that cannot work is refused with its path, and those beside it are not added", async () => {
    await ask("faults", "clear");
    const { code, err } = await ask("faults", "add", '[{"on": "rcptx", "do": "550 no"}]');
    expect(code).toBe(2);
    expect(err).toMatch(/^mailproof: Failed to read \[0\]\.on in the rule: "rcptx".*\n$/);
    const file = fileOf({
      rules: [
        { on: "rcpt", do: "550" },
        { on: "data", do: "451" },
        { on: "rcpt", do: ["451", "what"] },
      ],
    });
    const refused = await ask("faults", "add", `@${file}`);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(`mailproof: Failed to read rules[2].do[1] in ${file}: "what" is no effect`);
    expect((await ask("faults", "add", "[]")).err).toContain("the list is empty");
    expect(await server.mail.faults.list()).toEqual([]);
  });

  test("use: only what was given is asked for, and a refusal speaks of the preset", async () => {
    const used = await ask(
      "faults",
      "use",
      "auth-failed",
      "--user",
      "ada",
      "--helo",
      "app.*",
      "--times",
      "2",
      "--json",
    );
    expect(JSON.parse(used.out)).toMatchObject([
      { match: { user: ["ada"], helo: ["app.*"] }, when: { times: 2 } },
    ]);
    const refusing = await ask("faults", "use", "connection-refused", "--ttl", "1ms", "--json");
    expect([refusing.err, JSON.parse(refusing.out)]).toEqual(["", [expect.objectContaining({ ttl: "1ms" })]]);
    await ask("faults", "clear");
    expect(await ask("faults", "use", "connection-refused", "--to", "ada@*")).toEqual({
      code: 1,
      out: "",
      err: 'mailproof: Failed to use the preset "connection-refused": match.to: cannot be known of a connection that is refused; only listener and inbox can\n',
    });
    expect((await ask("faults", "use", "greylisting", "--ttl", "0s")).err).toMatch(
      /^mailproof: Failed to use the preset "greylisting": ttl: "0s" .*\n$/,
    );
  });

  test("--inbox: only the rules of that inbox are listed, reset and removed, and what is added is for it", async () => {
    await ask("faults", "clear");
    const inbox = await server.mail.inbox({ name: "orders" });
    const own = async (...args: string[]) => await ask("faults", ...args, "--inbox", inbox.id);
    const idsOf = ({ out }: { out: string }) => JSON.parse(out).map(({ id }: { id: string }) => id);
    await ask("faults", "add", '{"id": "of-all", "on": "rcpt", "do": "pass"}');
    await own("use", "mailbox-full", "--times", "2");
    await own("add", '{"id": "own", "on": "mail", "match": {"from": "none"}, "do": "451"}');
    await expect(send(inbox.address("ada"))).rejects.toThrow("452");
    await send("ada@elsewhere.test");

    const ids = idsOf(await own("list", "--json"));
    expect(ids).toEqual([expect.stringMatching(/^orders-1\.mailbox-full-/), "orders-1.own"]);
    expect(idsOf(await own("unused", "--json"))).toEqual(["orders-1.own"]);
    expect((await own("remove", "of-all")).err).toContain('Failed to find the rule: "of-all"');
    expect((await own("reset")).out).toBe("Counters are at zero\n");
    const fired = (await server.mail.faults.list()).map(({ id, rule }) => [id, rule.state.fired]);
    expect(fired).toEqual([
      ["of-all", 1],
      [ids[0], 0],
      ["orders-1.own", 0],
    ]);
    expect((await own("clear")).out).toBe("The rules of that inbox are gone\n");
    expect(idsOf(await ask("faults", "--json"))).toEqual(["of-all"]);
    await inbox.close();
  });

  test.each(["list", "add data#451", "use greylisting", "unused", "reset", "clear"])(
    "%s: an inbox that is not there is told, and nothing is done",
    async (action) => {
      await ask("faults", "clear");
      await ask("faults", "add", '{"id": "of-all", "on": "data", "do": "pass"}');
      const words = action.split(" ").map((word) => word.replace("#", " "));
      const { code, err } = await ask("faults", ...words, "--inbox", "nope");
      expect([code, err]).toEqual([1, expect.stringContaining('Failed to find the inbox: "nope"; ')]);
      expect((await server.mail.faults.list()).map(({ id }) => id)).toEqual(["of-all"]);
    },
  );

  test.each([
    ["add", "--to", "ada@a.test", "say it in RULE, or leave it out"],
    ["add", "--times", "1", "say it in RULE, or leave it out"],
    ["clear", "--to", "ada@a.test", "leave it out"],
    ["list", "--from", "ada@a.test", "leave it out"],
    ["remove", "--user", "ada", "leave it out"],
    ["reset", "--helo", "a.test", "leave it out"],
    ["unused", "--ttl", "5m", "leave it out"],
    ["presets", "--inbox", "orders", "leave it out"],
  ])(
    "%s %s: an option that it does not take is refused, and nothing is done",
    async (name, flag, value, advice) => {
      await ask("faults", "clear");
      await ask("faults", "add", '{"id": "of-all", "on": "data", "do": "pass"}');
      const operands = { add: ["data 451"], remove: ["of-all"] }[name] ?? [];
      const { code, err } = await ask("faults", name, ...operands, flag, value);
      expect([code, err]).toEqual([
        2,
        `mailproof: Failed to follow ${flag}: faults ${name} does not take it; ${advice}\n`,
      ]);
      expect((await server.mail.faults.list()).map(({ id }) => id)).toEqual(["of-all"]);
    },
  );

  test("presets: each with its sentence; a misspelt one is told", async () => {
    // No server is asked.
    const { out } = await run("faults", "presets", "--url", "http://127.0.0.1:1");
    expect(out).toMatch(/^mailbox-full {2,}Every recipient is refused for now: the mailbox is full\.$/m);
    const names = JSON.parse((await ask("faults", "presets", "--json")).out).map(
      ({ name }: { name: string }) => name,
    );
    expect(out.trimEnd().split("\n")).toHaveLength(names.length);
    expect(await ask("faults", "use", "mailbox-fulll")).toEqual({
      code: 1,
      out: "",
      err: 'mailproof: Failed to find the preset: "mailbox-fulll"; did you mean "mailbox-full"?\n',
    });
    expect((await ask("faults", "use", "gravity")).err).toContain(
      '"gravity"; see mailproof faults presets\n',
    );
  });

  test("what has nothing to show still answers as JSON", async () => {
    expect(JSON.parse((await ask("faults", "reset", "--json")).out)).toEqual({ reset: true });
    expect(JSON.parse((await ask("faults", "clear", "--json")).out)).toEqual({ cleared: true });
    expect(JSON.parse((await ask("clear", "--json")).out)).toEqual({ cleared: true });
  });
});
