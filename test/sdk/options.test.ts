/** What `startMailproof` and a config file may say. What cannot be is refused before anything is started. */
import { describe, expect, test } from "vitest";
import {
  FaultRuleError,
  ListenError,
  type MailproofOptions,
  PortInUseError,
  startMailproof,
} from "../../mod.ts";
import { optionNames } from "../../src/option-checks.ts";
import { settle } from "../../src/options.ts";

/** As JavaScript calls it, without types. */
const settled = (options: unknown) => settle(options as MailproofOptions);

describe("refused", () => {
  const domain = "use a domain such as mailproof.test, or an address literal such as [127.0.0.1]";
  const size = "use a number of octets from 1, or 10k, 50M, 1G";
  const timeout = "use a duration from 1ms to 596h, such as 10s, 5m, 2h";
  const port = "use 1 to 65535, or 0 for any free port";
  const rows: readonly (readonly [options: object, error: ErrorConstructor, text: string])[] = [
    [{ smtpPrt: 25 }, TypeError, 'Failed to find the option: "smtpPrt"; did you mean "smtpPort"?'],
    [{ bogus: undefined }, TypeError, 'Failed to find the option: "bogus"; use one of host, smtpPort, '],
    [{ toString: 1 }, TypeError, 'Failed to find the option: "toString"; use one of host, '],
    [{ host: "" }, RangeError, 'Failed to set host: ""; use a text, or leave it out'],
    [{ smtpPort: "25" }, TypeError, `Failed to set smtpPort: "25"; ${port}`],
    [{ httpPort: 65_536 }, RangeError, `Failed to set httpPort: 65536; ${port}`],
    [{ smtpsPort: null }, TypeError, `Failed to set smtpsPort: null; ${port}`],
    [{ starttls: true }, TypeError, "Failed to set starttls: true; use off, offer, require"],
    [{ starttls: "maybe" }, RangeError, 'Failed to set starttls: "maybe"; use off, offer, require'],
    [{ tlsCert: new Uint8Array(1) }, TypeError, "Failed to set tlsCert: [object Uint8Array]; use a text"],
    [{ auths: "ada:secret" }, TypeError, "Failed to set auths: no list; use a list"],
    [
      { auths: ["ada"] },
      TypeError,
      "Failed to set auths: a pair without a user or a colon; use user:password",
    ],
    [{ authRequired: "yes" }, TypeError, 'Failed to set authRequired: "yes"; use true or false'],
    [{ hostname: "a b\r\n" }, RangeError, `Failed to set hostname: "a b\\r\\n"; ${domain}`],
    [{ hostname: "mail.test\n" }, RangeError, `Failed to set hostname: "mail.test\\n"; ${domain}`],
    [{ hostname: "mail..test" }, RangeError, `Failed to set hostname: "mail..test"; ${domain}`],
    [{ hostname: "é.test" }, RangeError, `Failed to set hostname: "é.test"; ${domain}`],
    [{ hostname: "a".repeat(256) }, RangeError, "Failed to set hostname: "],
    [{ hostname: 5 }, TypeError, `Failed to set hostname: 5; ${domain}`],
    [
      { hideExtensions: ["CHUNK"] },
      RangeError,
      'Failed to set hideExtensions: "CHUNK"; use one of PIPELINING, ',
    ],
    [{ hideExtensions: ["PIPELINE"] }, RangeError, '"PIPELINE"; did you mean "PIPELINING"?'],
    [{ hideExtensions: [8] }, TypeError, "Failed to set hideExtensions: 8; use PIPELINING, "],
    [{ maxMessageSize: 0 }, RangeError, `Failed to set maxMessageSize: 0; ${size}`],
    [{ maxMessageSize: "5x" }, TypeError, 'Failed to parse the size: "5x"; '],
    [{ maxBytes: true }, TypeError, `Failed to set maxBytes: true; ${size}`],
    [{ maxMessages: 0 }, RangeError, "Failed to set maxMessages: 0; use a whole number from 1"],
    [{ maxRecipients: 1.5 }, RangeError, "Failed to set maxRecipients: 1.5; use a whole number from 1"],
    [{ idleTimeout: 0 }, RangeError, `Failed to set idleTimeout: 0; ${timeout}`],
    [{ idleTimeout: "0s" }, RangeError, `Failed to set idleTimeout: "0s"; ${timeout}`],
    [{ idleTimeout: "597h" }, RangeError, `Failed to set idleTimeout: "597h"; ${timeout}`],
    [{ faults: "greylisting" }, TypeError, "Failed to set faults: no list; use a list"],
    [{ faults: [1] }, TypeError, "Failed to set faults: 1; use a text"],
    [{ directory: [] }, TypeError, "Failed to set directory: [] is not an object; use the fields users, "],
    [
      { directory: { users: [{ address: "ada" }] } },
      TypeError,
      'Failed to set directory: users[0].address: "ada" is no address; ',
    ],
    [{ seed: {} }, TypeError, "Failed to set seed: [object Object]; use a text"],
    [{ tlsCert: "PEM" }, TypeError, "Failed to set tlsCert: its key is missing; give both or none"],
    [{ tlsKey: "PEM" }, TypeError, "Failed to set tlsKey: its certificate is missing; give both or none"],
    [
      { tlsCert: "PEM", tlsKey: "PEM" },
      TypeError,
      "Failed to set tlsCert: TLS is off; offer STARTTLS or SMTPS, too, or leave it out",
    ],
    [{ tlsNames: ["x.test"], starttls: "off" }, TypeError, "Failed to set tlsNames: TLS is off; offer "],
    [
      { tlsCert: "PEM", tlsKey: "PEM", tlsNames: ["x.test"], smtpsPort: 0 },
      TypeError,
      "Failed to set tlsNames: the certificate is not generated, but given; leave out one of them",
    ],
    [
      { auths: ["u:one", "v:two", "u:three"] },
      RangeError,
      'Failed to set auths: "u" is there twice; give it one password',
    ],
    [
      { strict: true, lenient: true },
      TypeError,
      "Failed to set strict: lenient is set, too; set one or none",
    ],
    ...["bad name", "https://x.test", "x.test:443", "", "*"].map(
      (name) =>
        [
          { tlsNames: [name] },
          RangeError,
          `Failed to set tlsNames: ${JSON.stringify(name)}; use a `,
        ] as const,
    ),
    ...["http://x.test", "x.test:8025", "*.x.test", "bücher.test"].map(
      (name) =>
        [
          { allowedHosts: [name] },
          RangeError,
          `Failed to set allowedHosts: "${name}"; use a whole name such as mail.example.com, without scheme and port`,
        ] as const,
    ),
    ...["a b", "\u00e9", "a\n"].map(
      (httpToken) =>
        [{ httpToken }, RangeError, "Failed to set httpToken: it has a blank or is not ASCII; use "] as const,
    ),
  ];
  test.each(rows)("%o", (options, error, text) => {
    expect(() => settled(options)).toThrow(error);
    expect(() => settled(options)).toThrow(text);
  });

  test("names and tokens that work are taken", () => {
    const tlsNames = ["*.dev.test", "my_app", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"];
    expect(settle({ tlsNames, starttls: "offer" }).tlsNames).toEqual(expect.arrayContaining(tlsNames));
    const allowedHosts = ["mail.x.test", "my_app", "[::1]", "x.test."];
    expect(settle({ allowedHosts }).allowedHosts).toEqual(allowedHosts);
    expect(settle({ httpToken: "~!a:b/+=" }).httpToken).toBe("~!a:b/+=");
  });

  test.each([null, "smtp", 25])("no object: %j", (options) => {
    expect(() => settled(options)).toThrow(/^Failed to read the options: .*; use an object$/);
  });

  test.each(optionNames)("%s that is a function", (name) => {
    expect(() => settled({ [name]: () => {} })).toThrow(TypeError);
    expect(() => settled({ [name]: () => {} })).toThrow(`Failed to set ${name}: `);
  });

  test("by a start, too, with errors that can be told apart", async () => {
    await expect(startMailproof({ idleTimeout: 0 })).rejects.toThrow(RangeError);
    await expect(startMailproof({ host: "192.0.2.1" })).rejects.toThrow(ListenError);
    const faults = startMailproof({ faults: [{ on: "rcpt", do: "990" }] });
    await expect(faults).rejects.toThrow(FaultRuleError);
    await expect(faults).rejects.toMatchObject({ path: "do" });
    await using mail = await startMailproof();
    const { port } = mail.smtp;
    const second = startMailproof({ smtpPort: port });
    await expect(second).rejects.toThrow(PortInUseError);
    await expect(second).rejects.toMatchObject({ port, code: "EADDRINUSE" });
  });
});

describe("accepted", () => {
  test("nothing at all, and what is undefined, is the default", () => {
    const { seed: _, ...defaults } = settled({});
    const { seed: __, ...others } = settled(Object.fromEntries(optionNames.map((name) => [name, undefined])));
    expect(others).toEqual(defaults);
    expect(defaults).toMatchObject({ smtpPort: 0, smtpsPort: null, starttls: "off", idleTimeout: 300_000 });
  });

  test.each(["localhost", "mx_1.a-b.test", "[127.0.0.1]", "[IPv6:::1]"])("hostname %s", (hostname) => {
    expect(settle({ hostname }).hostname).toBe(hostname);
  });

  test("an address literal is an address in the generated certificate", () => {
    expect(settle({ hostname: "[192.0.2.1]" }).tlsNames).toContain("192.0.2.1");
    expect(settle({ hostname: "[IPv6:2001:db8::1]" }).tlsNames).toContain("2001:db8::1");
  });

  test("keywords of extensions in any case", () => {
    expect(settle({ hideExtensions: ["pipelining", "Size"] }).hiddenExtensions).toEqual(
      new Set(["PIPELINING", "SIZE"]),
    );
  });

  test("texts and objects as rules, a number as seed", () => {
    const faults = ["greylisting", { on: "rcpt", do: "550 no" } as const];
    expect(settle({ faults, seed: 7 })).toMatchObject({ faults, seed: "7" });
  });
});
