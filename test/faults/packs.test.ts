import { describe, expect, test } from "vitest";
import { presetNames } from "../../src/faults/mod.ts";
import { type Phase, type Reply, reply } from "../../src/smtp/mod.ts";
import { engineWith, momentAt, type Sketch } from "./moments.ts";

const faults = ["unknown-user", "mailbox-full", "rate-limit", "spam", "auth", "too-big"];

/** Where each provider says what: the start of its first line, which fault by fault is the same for all mail. */
const says: Readonly<Record<string, readonly (readonly [phase: Phase, start: string])[]>> = {
  gmail: [
    ["rcpt", "550-5.1.1 The email account that you tried to reach does not exist."],
    ["rcpt", "452-4.2.2 The recipient's inbox is out of storage space."],
    ["end-of-data", "421-4.7.28 Gmail has detected an unusual rate of mail"],
    ["end-of-data", "550-5.7.1 [192.0.2.9] Our system has detected"],
    ["auth", "535-5.7.8 Username and Password not accepted."],
    ["end-of-data", "552-5.3.4 Your message exceeded Google's message size limits."],
  ],
  outlook: [
    ["rcpt", "550 5.5.0 Requested action not taken: mailbox unavailable"],
    ["end-of-data", "554 5.2.2 mailbox full"],
    ["mail", "451 4.7.650 The mail server [192.0.2.9] has been temporarily rate limited"],
    ["mail", "550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent."],
    ["auth", "535 5.7.139 Authentication unsuccessful"],
    ["end-of-data", "552 5.3.4 Message size exceeds fixed maximum message size"],
  ],
  yahoo: [
    ["end-of-data", "554 delivery error: dd This user doesn't have a yahoo.com account (bob@s.test)"],
    ["end-of-data", "554 delivery error: dd Sorry, your message to bob@s.test cannot be delivered."],
    ["mail", "421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred"],
    ["end-of-data", "554 5.7.9 Message not accepted for policy reasons."],
    ["auth", "535 5.7.0 (#AUTH005) Too many bad auth attempts."],
    ["end-of-data", "552 5.3.4 Message size exceeds fixed limit"],
  ],
  icloud: [
    ["rcpt", "550 5.1.1 <bob@s.test>: inactive email address"],
    ["rcpt", "552 5.2.2 <bob@s.test>: user is over quota"],
    ["rcpt", "421 4.7.1 Messages to bob@s.test deferred due to excessive volume."],
    ["end-of-data", "550 5.7.1 [CS01] Message rejected due to local policy."],
    ["auth", "535 5.7.8 Error: authentication failed"],
    ["end-of-data", "552 5.3.4 Error: message file too big"],
  ],
};

const domains: Readonly<Record<string, readonly string[]>> = {
  gmail: ["gmail.com", "googlemail.com"],
  outlook: ["outlook.com", "hotmail.com", "live.com"],
  yahoo: ["yahoo.com", "ymail.com"],
  icloud: ["icloud.com", "me.com", "mac.com"],
};

const welcome: Reply = reply(235, "2.7.0", "Authentication successful");

function firstLine(said: Reply | null): string {
  if (said === null) return "";
  const enhanced = said.enhanced === null ? "" : `${said.enhanced} `;
  return `${said.code}${said.lines.length > 1 ? "-" : " "}${enhanced}${said.lines[0]}`;
}

describe.each(Object.entries(says))("%s", (provider, rows) => {
  test.each(rows.map((row, at) => [faults[at]!, ...row] as const))("%s at %s: %s", (fault, phase, start) => {
    const engine = engineWith();
    const [report] = engine.use(`${provider}.${fault}`);
    expect(report?.id).toBe(`${provider}.${fault}`);
    const { said } = engine.judge(momentAt(phase));
    expect(firstLine(said)).toContain(start);
    const longest = Math.max(...said!.lines.map((line) => `550-5.7.515 ${line}\r\n`.length));
    expect(longest).toBeLessThanOrEqual(512);
  });

  test("the pack strikes each address that names the fault", () => {
    const engine = engineWith();
    engine.use(provider);
    for (const [at, [phase, start]] of rows.entries()) {
      for (const domain of domains[provider]!) {
        const address = `${faults[at]}@${domain.toUpperCase()}`;
        // At MAIL the recipient is not known yet.
        const where = phase === "mail" ? "rcpt" : phase;
        const verdict = engine.judge(momentAt(where, meeting(where, address)));
        expect(firstLine(verdict.said)).toContain(start.replace("bob@s.test", address));
        expect(verdict.firings.map(({ ruleId }) => ruleId)).toEqual([`${provider}.pack.${faults[at]}`]);
      }
    }
  });

  test("the pack hurts nobody else", () => {
    const engine = engineWith();
    engine.use(provider);
    for (const phase of ["rcpt", "end-of-data", "auth"] as const) {
      for (const address of ["bob@s.test", `bob@${domains[provider]![0]}`, "spam@s.test"]) {
        expect(engine.judge(momentAt(phase, meeting(phase, address))).firings).toEqual([]);
      }
    }
  });
});

function meeting(phase: Phase, address: string): Sketch {
  if (phase === "auth") return { proposed: welcome, session: { user: address } };
  return phase === "rcpt" ? { recipient: address } : { transaction: { recipients: [address] } };
}

test("each provider has a pack and one preset for each fault; all packs can be on at once", () => {
  const names = Object.keys(says).flatMap((name) => [name, ...faults.map((fault) => `${name}.${fault}`)]);
  expect(presetNames.slice(-names.length)).toEqual(names);
  const engine = engineWith();
  for (const name of names) engine.use(name);
  expect(engine.list()).toHaveLength(Object.keys(says).length * 2 * faults.length);
});

describe("overrides of a pack", () => {
  test("are for each of its rules", () => {
    const reports = engineWith().use("gmail", { match: { helo: "c.test" }, when: { times: 1 }, ttl: "1m" });
    expect(reports).toHaveLength(6);
    for (const { id, match, when, ttl } of reports) {
      expect(id).toMatch(/^gmail\.pack\.[a-z-]+-[0-9a-f]{8}$/);
      expect([match?.helo, when, ttl]).toEqual(["c.test", { times: 1 }, "1m"]);
    }
  });

  test("leave out what a rule cannot know", () => {
    const reports = engineWith().use("gmail", { match: { from: "*@c.test" } });
    const without = reports.filter(({ match }) => match?.from === undefined);
    expect(without.map(({ on }) => on)).toEqual(["auth"]);
  });

  test.each([
    [{ match: { idle: "1s" } }, "match.idle"],
    [{ match: { to: "*@x.test" } }, "match.to"],
    [{ match: { too: "x" } }, "match.too"],
    [{ match: { constructor: "x" } }, "match.constructor"],
    [{ when: { per: "recipient" } }, "when.per"],
  ])("%j is refused, as no rule or not every one can do with it", (overrides, path) => {
    const engine = engineWith();
    expect(() => engine.use("gmail", overrides)).toThrow(expect.objectContaining({ path }));
    expect(engine.list()).toEqual([]);
  });
});
