import { describe, expect, test } from "vitest";
import type { Strictness, Warning } from "../../src/smtp/mod.ts";
import { attemptedPath, parsePath } from "../../src/smtp/path.ts";
import { Driver } from "./dialogue.ts";

function parse(text: string, verb: "MAIL" | "RCPT" = "RCPT", strictness: Strictness = "default"): string {
  const warnings: Warning[] = [];
  const parsed = parsePath(text, 0, verb, strictness, warnings);
  if ("code" in parsed) return [`${parsed.code} ${parsed.enhanced}`, ...warnings].join(" ! ");
  const { path, end } = parsed;
  const route = path.route.length === 0 ? "" : ` via ${path.route.join(",")}`;
  const rest = end === text.length ? "" : ` rest ${JSON.stringify(text.slice(end))}`;
  return [`${path.address}${route}${rest}`, ...warnings].join(" ! ");
}

const LABEL = `${"d".repeat(62)}.`;
const DOMAIN_255 = LABEL.repeat(4) + "d".repeat(3);

describe("path", () => {
  test.each([
    // B04 source routes
    ["<@h1.test:a@c.test>", "a@c.test via h1.test"],
    ["<@h1.test,@h2.test:a@c.test>", "a@c.test via h1.test,h2.test"],
    ["<@[127.0.0.1]:a@c.test>", "a@c.test via [127.0.0.1]"],
    ["<@h1.test,a@c.test>", "501 5.1.3"],
    ["<@h1.test:>", "501 5.1.3"],
    ["<@:a@c.test>", "501 5.1.3"],
    // B05
    ["<postmaster>", "postmaster"],
    ["<PostMaster>", "PostMaster"],
    ["<postmaster2>", "501 5.1.3 ! bare-local-part"],
    // B06 quoted local parts
    ['<"a b"@s.test>', '"a b"@s.test'],
    ['<"a\\"b"@s.test>', '"a\\"b"@s.test'],
    ['<"x@y"@s.test>', '"x@y"@s.test'],
    ['<">"@s.test>', '">"@s.test'],
    ['<""@s.test>', '""@s.test'],
    ['<"a@s.test>', "501 5.1.3"],
    ['<"a"b@s.test>', "501 5.1.3"],
    ['<"a\\', "501 5.1.3"],
    ['<"a\tb"@s.test>', "501 5.1.3"],
    // B07 literals
    ["<a@[127.0.0.1]>", "a@[127.0.0.1]"],
    ["<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"],
    ["<a@[ipv6:::]>", "a@[ipv6:::]"],
    ["<a@[IPv6:1:2:3:4:5:6:7:8]>", "a@[IPv6:1:2:3:4:5:6:7:8]"],
    ["<a@[IPv6:::ffff:192.0.2.1]>", "a@[IPv6:::ffff:192.0.2.1]"],
    ["<a@[999.1.1.1]>", "501 5.1.3"],
    ["<a@[1.2.3]>", "501 5.1.3"],
    ["<a@[1.2.3.4.5]>", "501 5.1.3"],
    ["<a@[0001.2.3.4]>", "501 5.1.3"],
    ["<a@[IPv6:1:2:3:4:5:6:7]>", "501 5.1.3"],
    ["<a@[IPv6:1:2:3:4:5:6:7:8:9]>", "501 5.1.3"],
    ["<a@[IPv6:1::2::3]>", "501 5.1.3"],
    ["<a@[IPv6:12345::]>", "501 5.1.3"],
    ["<a@[IPv6:1:::2]>", "501 5.1.3"],
    ["<a@[IPv6:192.0.2.1::]>", "501 5.1.3"],
    ["<a@[x400:foo]>", "501 5.1.3"],
    ["<a@[127.0.0.1>", "501 5.1.3"],
    // B08, B09, B10
    ["<bob>", "501 5.1.3 ! bare-local-part"],
    ["<>", "501 5.1.3"],
    ["", "501 5.5.4"],
    ["<", "501 5.1.3"],
    ["<a@b", "501 5.5.4"],
    ["<a@b c>", "501 5.5.4"],
    ["<a@>", "501 5.1.3"],
    ["<@b>", "501 5.1.3"],
    ["<a@b@c>", "501 5.1.3"],
    // B11 control characters
    ["<a\0@s.test>", "501 5.1.3"],
    ["<a\t@s.test>", "501 5.1.3"],
    ["<a\r@s.test>", "501 5.1.3"],
    ["<a@s.test\x07>", "501 5.1.3"],
    ["<a@s\x7f.test>", "501 5.1.3"],
    ["<a\x85@s.test>", "501 5.1.3"],
    // B13 and dot-strings
    ["<a@b_c.test>", "501 5.1.3 ! underscore-in-domain"],
    ["<a@b..c>", "501 5.1.3"],
    ["<a@b.>", "501 5.1.3"],
    ["<a@-b.test>", "501 5.1.3"],
    ["<a@b-.test>", "501 5.1.3"],
    ["<a@b-c.test>", "a@b-c.test"],
    ["<.a@b>", "501 5.1.3"],
    ["<a.@b>", "501 5.1.3"],
    ["<a..b@b>", "501 5.1.3"],
    ["<a!#$%&'*+-/=?^_`{|}~.b@b>", "a!#$%&'*+-/=?^_`{|}~.b@b"],
    ["<用户@例え.test>", "用户@例え.test"],
    // what follows stays
    ["<a@b> SIZE=1", 'a@b rest " SIZE=1"'],
    ["a@b SIZE=1", 'a@b rest " SIZE=1" ! missing-brackets'],
    ['"Bob" <b@s.test>', "501 5.1.3 ! missing-brackets"],
    ["Bob <b@s.test>", "501 5.1.3 ! missing-brackets"],
  ])("%j: %s", (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test("B03 the null reverse-path is a path of its own", () => {
    expect(parsePath("<>", 0, "MAIL", "strict", [])).toMatchObject({
      path: { raw: "<>", address: "", route: [] },
      end: 2,
    });
  });

  test("faults in a reverse-path have their own code", () => {
    expect(parse("<a..b@c>", "MAIL")).toBe("501 5.1.7");
    expect(parse("<postmaster>", "MAIL")).toBe("501 5.1.7 ! bare-local-part");
  });

  test.each([
    ["B14 local part of 64 octets", `<${"a".repeat(64)}@c.test>`, ""],
    ["B14 local part of 65 octets", `<${"a".repeat(65)}@c.test>`, " ! long-path"],
    ["B14 domain of 255 octets", `<a@${DOMAIN_255}>`, " ! long-path"],
    ["B14 path of 256 octets", `<a@${DOMAIN_255.slice(3)}>`, ""],
    ["B14 path of 257 octets", `<a@${DOMAIN_255.slice(2)}>`, " ! long-path"],
    ["B14 octets, not characters", `<${"ü".repeat(33)}@c.test>`, " ! long-path"],
  ])("%s", (_, text, warning) => {
    expect(parse(text)).toBe(`${text.slice(1, -1)}${warning}`);
    expect(parse(text, "RCPT", "strict")).toBe(warning === "" ? text.slice(1, -1) : "501 5.1.3 ! long-path");
  });

  test.each([
    ["<bob>", "bob ! bare-local-part"],
    ["<postmaster>", "postmaster"],
    ["<a@b_c.test>", "a@b_c.test ! underscore-in-domain"],
    ["<a@b..c>", "501 5.1.3"],
    ["bob", "bob ! missing-brackets ! bare-local-part"],
    ["Bob <b@s.test>", "501 5.1.3 ! missing-brackets"],
  ])("lenient: %j: %s", (text, expected) => {
    expect(parse(text, "RCPT", "lenient")).toBe(expected);
  });

  test("strict: brackets are needed", () => {
    expect(parse("a@b", "RCPT", "strict")).toBe("501 5.5.4 ! missing-brackets");
  });

  test("raw is the path as sent", () => {
    expect(parsePath("<@h.test:a@b> X", 0, "RCPT", "default", [])).toMatchObject({
      path: { raw: "<@h.test:a@b>" },
    });
  });
});

describe("B11: a control character in a path", () => {
  const places = [
    ["<a?b@s.test>", "in a local part"],
    ['<"a?b"@s.test>', "in quotes"],
    ['<"a\\?b"@s.test>', "behind a backslash"],
    ["<b@s?.test>", "in a domain"],
    ["<b@s.test?>", "at the end"],
    ["<?b@s.test>", "at the start"],
    ["<b@[127.0.0.?1]>", "in an address literal"],
    ["<@h?.test:b@s.test>", "in a route"],
    ["b?@s.test", "without brackets"],
  ] as const;

  test.each(places)("%s is refused at every level, %s", (path) => {
    // LF ends a line, and is no part of it.
    const controls = Array.from({ length: 32 }, (_, code) => code).concat(0x7f);
    for (const strictness of ["strict", "default", "lenient"] as const) {
      for (const code of controls.filter((code) => code !== 0x0a)) {
        const driver = new Driver({ strictness });
        driver.pump();
        for (const line of ["HELO c.test", "MAIL FROM:<a@c.test>"]) driver.send(`${line}\r\n`);
        const said = driver.send(`RCPT TO:${path.replace("?", String.fromCharCode(code))}\r\n`);
        expect(said.at(-1), `${strictness}, ${code}`).toMatch(/^S: 501 5\.(1\.3|5\.4) /);
        expect(driver.session.transaction?.recipients).toEqual([]);
      }
    }
  });
});

describe("of a line that was refused the path still tells what was tried", () => {
  test.each([
    ["TO:<ada>", "<ada>", "ada"],
    ["from:<app> SIZE=5 AUTH=<>", "<app>", "app"],
    ["TO: <ada@x..test>", "<ada@x..test>", "ada@x..test"],
    ["TO:<ada lovelace@x.test> NOTIFY=NEVER", "<ada lovelace@x.test>", "ada lovelace@x.test"],
    ['TO:"Ada" <ada@x.test>', '"Ada" <ada@x.test>', "ada@x.test"],
    ["TO:ada SIZE=1", "ada", "ada"],
    ["TO:<ada@x.test SIZE=1", "<ada@x.test", "ada@x.test"],
    ["TO:<@a.test,@b.test:ada>", "<@a.test,@b.test:ada>", "ada"],
    ["<ada@x.test>", "<ada@x.test>", "ada@x.test"],
    ["tony@x.test", "tony@x.test", "tony@x.test"],
    ["fromage@x.test", "fromage@x.test", "fromage@x.test"],
    ["to ada@x.test", "ada@x.test", "ada@x.test"],
    ["TO <ada@x.test>", "<ada@x.test>", "ada@x.test"],
    ["TO:<>", "<>", ""],
    ["TO:<a\x1b[2Jb>", "<a\\x1b[2Jb>", "a\\x1b[2Jb"],
  ])("%j: %j, %j", (argument, raw, address) => {
    expect(attemptedPath(argument)).toEqual({ raw, address, route: [] });
  });

  test.each(["", "TO:", "FROM: ", "TO"])("nothing in %j", (argument) => {
    expect(attemptedPath(argument)).toBe(null);
  });
});
