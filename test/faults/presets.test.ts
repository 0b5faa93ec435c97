import { describe, expect, test } from "vitest";
import {
  DuplicateRuleError,
  type FaultRule,
  FaultRuleError,
  listPresets,
  presetNames,
} from "../../src/faults/mod.ts";
import { type Phase, type Reply, reply } from "../../src/smtp/mod.ts";
import { engineWith, momentAt, nested, ok, type Sketch } from "./moments.ts";

const big: Sketch = { octets: 1_048_577, transaction: { declaredSize: 1_048_577 } };
const hundred = Array.from({ length: 100 }, (_, index) => `r${index}@s.test`);

const silent: Sketch = { proposed: null };
const list: Reply = { code: 250, enhanced: null, lines: ["mailproof.test", "SIZE", "STARTTLS"] };

/** Where each preset strikes at once, and what is said there; null: nothing, "same": the normal reply. */
const strikes: Readonly<Record<string, readonly [phase: Phase, said: string | null, sketch?: Sketch]>> = {
  "unknown-user": ["rcpt", "550 5.1.1 <bob@s.test>: Recipient address rejected: User unknown"],
  "mailbox-disabled": ["rcpt", "550 5.2.1 <bob@s.test>: Mailbox disabled, not accepting messages"],
  "mailbox-full": ["rcpt", "452 4.2.2 <bob@s.test>: Mailbox full"],
  "mailbox-full-hard": ["rcpt", "552 5.2.2 <bob@s.test>: Mailbox full"],
  "mailbox-busy": ["rcpt", "450 4.2.1 <bob@s.test>: Mailbox temporarily unavailable"],
  "user-moved": ["rcpt", "551 5.1.6 User not local; please try <moved@example.test>"],
  greylisting: [
    "rcpt",
    "451 4.7.1 <bob@s.test>: Recipient address rejected: Greylisted, try again in 300 seconds",
  ],
  "greylisting-once": ["rcpt", "451 4.7.1 Greylisted, please try again later"],
  "too-many-recipients": [
    "rcpt",
    "452 4.5.3 Error: too many recipients",
    { transaction: { recipients: hundred } },
  ],
  "too-big-declared": ["mail", "552 5.3.4 Message size exceeds fixed maximum message size", big],
  "too-big": ["end-of-data", "552 5.3.4 Message size exceeds fixed maximum message size", big],
  "insufficient-storage": ["mail", "452 4.3.1 Insufficient system storage"],
  "system-full-at-eod": ["end-of-data", "452 4.3.1 Insufficient system storage"],
  "local-error": ["end-of-data", "451 4.3.0 Requested action aborted: local error in processing"],
  shutdown: ["noop", "421 4.3.2 mailproof.test Service shutting down and closing transmission channel"],
  "too-many-connections": [
    "greeting",
    "421 4.7.0 mailproof.test Error: too many connections from 192.0.2.9",
    { openSessions: 11 },
  ],
  "bare-lf": ["end-of-data", "550 5.6.11 BareLinefeedsAreIllegal", { warnings: ["bare-lf"] }],
  "async-bounce": ["end-of-data", "same"],
  "tls-handshake-fails": ["tls", null, silent],
  "tls-alert": ["tls", null, silent],
  "tls-expired": ["tls", null, silent],
  "tls-wrong-host": ["tls", null, silent],
  "tls-self-signed": ["tls", null, silent],
  "tls-old": ["tls", null, silent],
  "no-starttls": ["ehlo", "250 mailproof.test|SIZE", { proposed: list }],
  "connection-reset": ["connect", null, silent],
  "drop-mid-data": ["content", null, { ...silent, octets: 4096, transaction: {} }],
  "stall-mid-data": ["content", null, { ...silent, octets: 4096, transaction: {} }],
  "half-close": ["data", "same"],
  "slow-drip": ["connect", null, silent],
  "slow-link": ["connect", null, silent],
  "long-reply": ["greeting", "220 mailproof.test ESMTP"],
  "lf-replies": ["noop", "same"],
  "not-accepting": ["greeting", "554 mailproof.test No SMTP service here"],
  "maintenance-window": ["greeting", "421 4.3.2 mailproof.test Service not available"],
  "relay-denied": ["rcpt", "554 5.7.1 <bob@s.test>: Relay access denied"],
  "relay-denied-550": ["rcpt", "550 5.7.1 Unable to relay"],
  "sender-rejected": ["mail", "550 5.1.8 <ada@c.test>: Sender address rejected: Domain not found"],
  spam: ["end-of-data", "550 5.7.1 Message rejected as spam"],
  dnsbl: ["rcpt", "550 5.7.1 Service unavailable; client [192.0.2.9] blocked using bl.example.test"],
  dmarc: [
    "end-of-data",
    "550 5.7.26 Unauthenticated email from this domain is not accepted|due to domain's DMARC policy",
  ],
  "spf-fail": ["mail", "550 5.7.23 SPF validation failed"],
  "dkim-fail": ["end-of-data", "550 5.7.20 No passing DKIM signature found"],
  virus: ["end-of-data", "554 5.7.1 Message contains a virus"],
  "auth-failed": ["auth", "535 5.7.8 Authentication credentials invalid"],
  "auth-temp": ["auth", "454 4.7.0 Temporary authentication failure"],
  "auth-required": ["mail", "530 5.7.0 Authentication required"],
  "auth-needs-tls": ["auth-start", "538 5.7.11 Encryption required for requested authentication mechanism"],
  "tls-required": ["mail", "530 5.7.0 Must issue a STARTTLS command first"],
  "tls-unavailable": ["starttls", "454 4.7.0 TLS not available due to temporary reason"],
  "no-extensions": ["ehlo", "502 5.5.1 Error: command not implemented"],
  pix: ["greeting", "same"],
  "reply-lost": ["end-of-data", "same"],
  "reply-lost-once": ["end-of-data", "same"],
  "reply-late": ["end-of-data", "same"],
  "no-greeting": ["greeting", null],
  "slow-greeting": ["greeting", "same"],
  "malformed-reply": ["rcpt", null],
  "mixed-codes": ["rcpt", "same"],
  "bare-code": ["rcpt", "same"],
  desync: ["mail", "same"],
  "fail-twice-then-ok": ["end-of-data", "451 4.3.0 Temporary failure 1"],
};

/** Without the packs of providers, which have a test of their own. */
const plainNames = presetNames.filter((name) => !/^(?:gmail|outlook|yahoo|icloud)/.test(name));

function text(said: Reply | null): string | null {
  if (said === null) return null;
  if (said === ok) return "same";
  const enhanced = said.enhanced === null ? "" : `${said.enhanced} `;
  return `${said.code} ${enhanced}${said.lines.join("|")}`;
}

describe("presets", () => {
  test.each(Object.entries(strikes))("%s", (name, [phase, said, sketch]) => {
    const engine = engineWith();
    const [report] = engine.use(name);
    expect(report?.id).toBe(name);
    const verdict = engine.judge(momentAt(phase, sketch));
    expect(text(verdict.said)).toBe(said);
    expect(verdict.firings.map(({ ruleId }) => ruleId)).toEqual([name]);
  });

  test("those that strike later or by chance have tests of their own", () => {
    const others = plainNames.filter((name) => !(name in strikes));
    expect(others).toEqual(["rate-limit", "rate-limit-recipient", "flaky", "connection-refused"]);
  });

  test("66 of them are no provider's", () => {
    expect(plainNames).toHaveLength(66);
    expect(Object.keys(strikes).filter((name) => !plainNames.includes(name))).toEqual([]);
  });

  test("connection-refused: the listeners are closed for 30 seconds", () => {
    const engine = engineWith();
    engine.use("connection-refused");
    expect(engine.refusals()).toMatchObject([{ ruleId: "connection-refused", until: 30_000 }]);
  });

  test.each([
    ["no-greeting", "greeting", { ending: { kind: "stall", for: 3_600_000 }, wire: null }],
    ["reply-lost", "end-of-data", { ending: { kind: "reset" }, wire: { raw: null, truncate: 0 } }],
    ["shutdown", "quit", { ending: { kind: "fin" }, wire: null }],
    ["tls-handshake-fails", "tls", { tls: { handshake: "close" } }],
    ["tls-alert", "tls", { tls: { handshake: "alert" } }],
    ["tls-expired", "tls", { tls: { certificate: "expired" } }],
    ["tls-wrong-host", "tls", { tls: { certificate: "wrong-host" } }],
    ["tls-self-signed", "tls", { tls: { certificate: "self-signed" } }],
    ["tls-old", "tls", { tls: { maxVersion: "TLSv1.1" } }],
    ["connection-reset", "connect", { ending: { kind: "reset" } }],
    ["half-close", "data", { ending: { kind: "half-close" } }],
    ["slow-drip", "connect", { pace: { drip: { octets: 1, every: 1_000 } } }],
    ["slow-link", "connect", { pace: { read: 1_024, write: 1_024 } }],
    ["long-reply", "greeting", { wire: { padTo: 5_000 } }],
    ["lf-replies", "greeting", { wire: { eol: "\n" } }],
    ["lf-replies", "quit", { wire: { eol: "\n" } }],
    ["async-bounce", "end-of-data", { bounce: { status: "5.1.1", after: 1_000 } }],
    ["not-accepting", "greeting", { ending: null }],
    ["reply-late", "end-of-data", { ending: null, delay: 660_000 }],
    ["desync", "mail", { wire: { raw: new TextEncoder().encode("250 2.1.0 Ok\r\n250 2.1.0 Ok\r\n") } }],
  ] as const)("%s on the wire", (name, phase, wire) => {
    const engine = engineWith();
    engine.use(name);
    const mute = phase === "tls" || phase === "connect";
    expect(engine.judge(momentAt(phase, mute ? silent : {}))).toMatchObject(wire);
  });

  test.each([
    ["drop-mid-data", { kind: "reset" }],
    ["stall-mid-data", { kind: "stall" }],
  ])("%s strikes once, at 4 KiB", (name, ending) => {
    const engine = engineWith();
    engine.use(name);
    expect(engine.nextStop(0)).toBe(4_096);
    expect(engine.nextStop(4_096)).toBe(null);
    const verdict = engine.judge(momentAt("content", { ...silent, octets: 4_096, transaction: {} }));
    expect(verdict).toMatchObject({ ending });
  });

  test.each([
    ["postmaster", 250],
    ["POSTMASTER@s.test", 250],
    ["postmaster2@s.test", 550],
    ["bob@s.test", 550],
  ])("B05 unknown-user: %s gets %i", (recipient, code) => {
    const engine = engineWith();
    engine.use("unknown-user");
    expect(engine.judge(momentAt("rcpt", { recipient })).said?.code).toBe(code);
  });

  test("B05 unknown-user: a postmaster that is named is caught", () => {
    const engine = engineWith();
    engine.use("unknown-user", { match: { to: "postmaster@s.test" } });
    expect(engine.judge(momentAt("rcpt", { recipient: "postmaster@s.test" })).said?.code).toBe(550);
  });

  test("fail-twice-then-ok: the third try of a triplet is accepted", () => {
    const engine = engineWith();
    engine.use("fail-twice-then-ok");
    const tries = ["a", "b", "a", "a", "b", "a"].map((user) => {
      const { said } = engine.judge(
        momentAt("end-of-data", { transaction: { recipients: [`${user}@s.test`] } }),
      );
      return `${user} ${said?.code} ${said?.lines[0]}`;
    });
    expect(tries).toEqual([
      "a 451 Temporary failure 1",
      "b 451 Temporary failure 1",
      "a 451 Temporary failure 2",
      "a 250 Ok",
      "b 451 Temporary failure 2",
      "a 250 Ok",
    ]);
  });

  test("rate-limit-recipient: the eleventh try of a recipient in a minute is refused", () => {
    const engine = engineWith();
    engine.use("rate-limit-recipient");
    const codes = Array.from({ length: 11 }, () => engine.judge(momentAt("rcpt")).said?.code);
    expect(codes).toEqual([...new Array<number>(10).fill(250), 450]);
    expect(engine.judge(momentAt("rcpt", { recipient: "eve@s.test" })).said?.code).toBe(250);
  });

  test("flaky: about one in twenty of many senders is refused", () => {
    const engine = engineWith();
    engine.use("flaky");
    const refused = Array.from({ length: 2_000 }, (_, index) =>
      engine.judge(momentAt("mail", { transaction: { from: `u${index}@c.test` } })),
    ).filter((verdict) => verdict.said?.code === 451).length;
    expect(refused).toBeGreaterThan(60);
    expect(refused).toBeLessThan(150);
  });

  test("each has a name, a sentence and rules, and a copy is given", () => {
    const presets = listPresets();
    expect(presets.map(({ name }) => name)).toEqual(presetNames);
    for (const { explain, rules } of presets) {
      expect(explain).toMatch(/^[A-Z0-9].*\.$/);
      expect(rules.length).toBeGreaterThan(0);
    }
    Object.assign(presets[0]!.rules[0]!, { do: "pass" });
    expect(listPresets()[0]!.rules[0]!.do).toContain("550 5.1.1");
  });
});

describe("use", () => {
  test("merges match, when and ttl field by field", () => {
    const engine = engineWith();
    const [report] = engine.use("greylisting", {
      match: { to: "*@x.test" },
      when: { for: "1m", times: 2 },
      ttl: "1h",
    });
    expect(report).toMatchObject({
      on: "rcpt",
      match: { to: "*@x.test" },
      when: { per: "triplet", for: "1m", times: 2 },
      ttl: "1h",
    } satisfies Partial<FaultRule>);
    expect(report?.id).toMatch(/^greylisting-[0-9a-f]{8}$/);
    const [second] = engine.use("too-many-recipients", { match: { to: "*@x.test" } });
    expect(second?.match).toEqual({ recipientIndex: { min: 101 }, to: "*@x.test" });
  });

  test("the same twice is a duplicate, with other overrides another rule", () => {
    const engine = engineWith();
    engine.use("spam");
    engine.use("spam", { ttl: "1m" });
    engine.use("spam", { ttl: "2m" });
    expect(() => engine.use("spam", {})).toThrow(DuplicateRuleError);
    expect(() => engine.use("spam", { ttl: "1m" })).toThrow(DuplicateRuleError);
    expect(engine.remove("spam")).toBe(true);
    expect(engine.list().length).toBe(2);
  });

  test.each<[string, unknown, string, string]>([
    ["greylistin", undefined, "", 'did you mean "greylisting"?'],
    ["constructor", undefined, "", "use one of unknown-user"],
    ["spam", { wen: {} }, "wen", 'did you mean "when"?'],
    ["spam", { do: "550" }, "do", "unknown field"],
    ["spam", [], "", "is not an object"],
    ["spam", { match: "x" }, "match", "is not an object"],
    ["spam", { match: { too: "x" } }, "match.too", 'did you mean "to"?'],
    ["insufficient-storage", { when: { per: "recipient" } }, "when.per", "cannot be seen at mail"],
    ["spam", { ttl: "never" }, "ttl", "duration"],
  ])("%s with %j is refused at %j", (name, overrides, path, reason) => {
    const engine = engineWith();
    expect(() => engine.use(name, overrides)).toThrow(
      expect.objectContaining({ name: "FaultRuleError", path }),
    );
    expect(() => engine.use(name, overrides)).toThrow(reason);
    expect(engine.list()).toEqual([]);
  });
});

test("overrides that are nested too deep to walk through are refused", () => {
  const deep = nested(100_000);
  for (const overrides of [deep, { ttl: deep }, { match: { to: deep } }, { when: { per: deep } }]) {
    expect(() => engineWith().use("spam", overrides)).toThrow(FaultRuleError);
  }
});

test("{retryAfter} is 0 where neither `for` nor `rate` says when to come back", () => {
  const engine = engineWith({ on: "rcpt", do: "451 4.7.1 Try again in {retryAfter} seconds" });
  expect(engine.judge(momentAt("rcpt")).said).toEqual(reply(451, "4.7.1", "Try again in 0 seconds"));
});
