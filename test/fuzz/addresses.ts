/** Host names, paths and ESMTP parameters as the grammar of RFC 5321 §4.1.2 makes them, and some beside it. */
import { utf8 } from "../smtp/dialogue.ts";
import type { Chance } from "./chance.ts";

const atoms = ["a", "bob", "b.c", "x+tag", "o'neil", "{!#}", "Postmaster", "a".repeat(64)];
const quoted = ['"a b"', '"x@y"', '">"', '"a\\"b"', '"\\\\"', '""', '"bob"', '"a,b:c;"'];
const wide = ["ü", "用户", "ä.ö", '"é "', "\u{1f980}"].map(utf8);
const badLocals = [".a", "a..b", '"open', "a b", "", '"a"b', "a\\b", "\x7f", "\xc3\x28", "\xed\xa0\x80"];
const domains = ["c.test", "S.Test", "mail.example.org", "x", "1.2.test", `${"a".repeat(63)}.test`];
const wideDomains = ["ü.test", "例え.test"].map(utf8);
const literals = ["[127.0.0.1]", "[IPv6:::1]", "[IPv6:2001:db8::1]", "[IPv6:::ffff:1.2.3.4]"];
const badDomains = ["b_c.test", "b..c", "-b.test", "[999.1.1.1]", "[IPv6:x]", "[", "b-", "", "a b"];

export function hostName(chance: Chance): string {
  return chance.weighted([
    [8, () => chance.pick(domains)],
    [2, () => chance.pick(literals)],
    [1, () => chance.pick(badDomains)],
    [1, () => chance.pick(wideDomains)],
    [1, () => chance.pick(["foo bar", "my_pc", "localhost.", "\x80\xff", "a\x1b[2J", " x"])],
  ])();
}

/** With its brackets. */
export function path(chance: Chance, isUtf8: boolean): string {
  const mailbox = `${localPart(chance, isUtf8)}@${domain(chance, isUtf8)}`;
  return chance.weighted([
    [30, () => `<${mailbox}>`],
    [3, () => `<${route(chance)}:${mailbox}>`],
    [2, () => "<>"],
    [2, () => `<${chance.pick(["postmaster", "POSTMASTER", "bob"])}>`],
    [1, () => mailbox],
    [1, () => `<${chance.pick(badLocals)}@c.test>`],
    [1, () => `<${mailbox}`],
    [1, () => `<@a,:${mailbox}>`],
    [1, () => `"Bob" <${mailbox}>`],
  ])();
}

function localPart(chance: Chance, isUtf8: boolean): string {
  if (isUtf8 && chance.oneIn(2)) return chance.pick(wide);
  return chance.weighted([
    [10, () => chance.pick(atoms)],
    [4, () => chance.pick(quoted)],
    [1, () => chance.pick(wide)],
    [1, () => chance.pick(badLocals)],
  ])();
}

function domain(chance: Chance, isUtf8: boolean): string {
  if (isUtf8 && chance.oneIn(3)) return chance.pick(wideDomains);
  return chance.weighted([
    [12, () => chance.pick(domains)],
    [2, () => chance.pick(literals)],
    [1, () => chance.pick(badDomains)],
  ])();
}

function route(chance: Chance): string {
  return Array.from({ length: chance.between(1, 3) }, () => `@${chance.pick(domains)}`).join(",");
}

/** Values by keyword: right ones and wrong ones. `true`: without a value. */
type Values = readonly (string | true)[];

const mailParameters: Readonly<Record<string, Values>> = {
  SIZE: ["0", "10", "100", "99999999", "100000000000000000000", "-1", "abc", "", true],
  BODY: ["7BIT", "8BITMIME", "8bitmime", "BINARYMIME", "FOO", true],
  SMTPUTF8: [true, true, true, "1"],
  AUTH: ["<>", "e+3Dmc2@example.com", "+G1", "", true],
  RET: ["FULL", "HDRS", "X"],
  ENVID: ["QQ314159", "QQ+2B1", "x".repeat(100), "x".repeat(101), "+", ""],
  BY: ["120;R", "-10;N", "+22;NT", "0;R", "120", "120;X", "1000000000;R", ""],
  HOLDFOR: ["60", "1", "99999999999", "x", "-1"],
  HOLDUNTIL: ["2030-01-01T00:00:00Z", "1990-01-01T00:00:00Z", "tomorrow"],
  "MT-PRIORITY": ["-9", "0", "9", "10", "abc", ""],
  REQUIRETLS: [true, "x"],
};

const rcptParameters: Readonly<Record<string, Values>> = {
  NOTIFY: ["NEVER", "SUCCESS,FAILURE,DELAY", "success", "NEVER,FAILURE", "FOO", ""],
  ORCPT: ["rfc822;Bob+2B@x.test", "utf-8;b\\x{FC}@x.test", "rfc822;", ";x", "rfc822;+G1", ""],
  RRVS: ["2014-04-03T23:01:00Z", "2014-04-03T23:01:00Z;C", "2014-04-03T23:01:00Z;X", "now"],
};

/** Which keyword a parameter needs in the EHLO list; where none stands here, it is its own. */
const extensionOf: Readonly<Record<string, string>> = {
  BODY: "8BITMIME",
  RET: "DSN",
  ENVID: "DSN",
  NOTIFY: "DSN",
  ORCPT: "DSN",
  BY: "DELIVERBY",
  HOLDFOR: "FUTURERELEASE",
  HOLDUNTIL: "FUTURERELEASE",
};

/** Mostly none, mostly of extensions that are offered. Each with a space before it. */
export function parameters(chance: Chance, verb: "MAIL" | "RCPT", offered: ReadonlySet<string>): string {
  const known = Object.entries(verb === "MAIL" ? mailParameters : rcptParameters);
  const usable = known.filter(([keyword]) => offered.has(extensionOf[keyword] ?? keyword));
  let text = "";
  for (
    let more = chance.weighted([
      [6, 0],
      [6, 1],
      [2, 2],
      [1, 4],
    ]);
    more > 0;
    more--
  ) {
    if (chance.oneIn(20)) {
      text += chance.pick([
        " FOO",
        " FOO=1",
        " =",
        " -X",
        " SIZE=1=2",
        " junk (comment)",
        " SIZE",
        "SIZE=10",
      ]);
      continue;
    }
    const [keyword, values] = chance.pick(usable.length === 0 || chance.oneIn(12) ? known : usable);
    // The right values stand first.
    const value = chance.oneIn(2) ? values[0]! : chance.pick(values);
    text += ` ${chance.oneIn(6) ? keyword.toLowerCase() : keyword}${value === true ? "" : `=${value}`}`;
  }
  return text;
}
