/** What MAIL and RCPT say to each value of a parameter, and what the transaction then keeps of it. */
import { describe, expect, test } from "vitest";
import { Driver } from "./dialogue.ts";

const year = 31_536_000_000;

/** `null`: refused with 501 5.5.4. A text: accepted, and this is kept. */
type Row = readonly [parameters: string, kept: string | true | null];

const mail: readonly Row[] = [
  // SIZE, RFC 1870
  ["SIZE=0", "0"],
  ["SIZE=00000000000000000001", "00000000000000000001"],
  ["SIZE=000000000000000000001", null],
  ["SIZE=1k", null],
  ["SIZE", null],
  // BODY, RFC 6152
  ["BODY=8bitmime", "8bitmime"],
  ["BODY=7BIT", "7BIT"],
  ["BODY=8BIT", null],
  // SMTPUTF8, RFC 6531
  ["SMTPUTF8", true],
  ["SMTPUTF8=1", null],
  // RET and ENVID, RFC 3461
  ["RET=FULL", "FULL"],
  ["RET=hdrs", "hdrs"],
  ["RET=BODY", null],
  ["RET", null],
  ["ENVID=QQ314159", "QQ314159"],
  ["ENVID=QQ+2B1", "QQ+1"],
  ["ENVID=a+20b+3Dc", "a b=c"],
  ["ENVID=QQ+2b1", null],
  ["ENVID=QQ+G1", null],
  ["ENVID=QQ+", null],
  ["ENVID=QQ+2", null],
  ["ENVID=a+0D+0Ab", null],
  ["ENVID=a+C3+BC", null],
  ["ENVID=ü", null],
  ["ENVID", null],
  [`ENVID=${"x".repeat(100)}`, "x".repeat(100)],
  [`ENVID=${"x".repeat(101)}`, null],
  // BY, RFC 2852
  ["BY=120;R", "120;R"],
  ["BY=1;rt", "1;rt"],
  ["BY=-10;N", "-10;N"],
  ["BY=+22;NT", "+22;NT"],
  ["BY=0;N", "0;N"],
  ["BY=999999999;R", "999999999;R"],
  ["BY=-999999999;NT", "-999999999;NT"],
  ["BY=1000000000;R", null],
  ["BY=0;R", null],
  ["BY=-0;R", null],
  ["BY=-1;R", null],
  ["BY=+0;RT", null],
  ["BY=120", null],
  ["BY=120;", null],
  ["BY=120;T", null],
  ["BY=120;RTT", null],
  ["BY=;R", null],
  ["BY=+-1;N", null],
  ["BY=1.5;N", null],
  ["BY", null],
  // HOLDFOR and HOLDUNTIL, RFC 4865
  ["HOLDFOR=1", "1"],
  ["HOLDFOR=999999999", "999999999"],
  ["HOLDFOR=1000000000", null],
  ["HOLDFOR=0", null],
  ["HOLDFOR=01", null],
  ["HOLDFOR=-1", null],
  ["HOLDFOR", null],
  ["HOLDUNTIL=1971-01-01T00:00:00.001Z", "1971-01-01T00:00:00.001Z"],
  ["HOLDUNTIL=1971-01-01t00:00:01z", "1971-01-01t00:00:01z"],
  ["HOLDUNTIL=1971-01-01T00:59:59+00:59", "1971-01-01T00:59:59+00:59"],
  ["HOLDUNTIL=9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ["HOLDUNTIL=1971-01-01T00:00:00Z", null], // now
  ["HOLDUNTIL=1970-12-31T23:59:59Z", null],
  ["HOLDUNTIL=9999-12-31T23:59:60Z", null],
  ["HOLDUNTIL=2030-01-01", null],
  ["HOLDUNTIL=2030-01-01T00:00:00", null],
  ["HOLDUNTIL=2030-02-29T00:00:00Z", null],
  ["HOLDUNTIL", null],
  ["HOLDFOR=60 HOLDUNTIL=2030-01-01T00:00:00Z", null],
  ["HOLDFOR=60 HOLDFOR=60", null],
  // MT-PRIORITY, RFC 6710
  ["MT-PRIORITY=0", "0"],
  ["MT-PRIORITY=9", "9"],
  ["MT-PRIORITY=-9", "-9"],
  ["MT-PRIORITY=10", null],
  ["MT-PRIORITY=-10", null],
  ["MT-PRIORITY=+1", null],
  ["MT-PRIORITY=-0", null],
  ["MT-PRIORITY=00", null],
  ["MT-PRIORITY=high", null],
  ["MT-PRIORITY", null],
  // REQUIRETLS, RFC 8689
  ["REQUIRETLS", true],
  ["REQUIRETLS=1", null],
  // AUTH, RFC 4954
  ["AUTH=<>", "<>"],
  ["AUTH=e+3Dmc2@example.com", "e=mc2@example.com"],
  ["AUTH=e+3dmc2@example.com", null],
];

const rcpt: readonly Row[] = [
  // NOTIFY and ORCPT, RFC 3461
  ["NOTIFY=NEVER", "NEVER"],
  ["NOTIFY=SUCCESS", "SUCCESS"],
  ["NOTIFY=success,Failure,DELAY", "success,Failure,DELAY"],
  ["NOTIFY=NEVER,FAILURE", null],
  ["NOTIFY=FAILURE,NEVER", null],
  ["NOTIFY=NEVER,NEVER", null],
  ["NOTIFY=FOO", null],
  ["NOTIFY=SUCCESS,", null],
  ["NOTIFY=,SUCCESS", null],
  ["NOTIFY=SUCCESS;DELAY", null],
  ["NOTIFY", null],
  ["ORCPT=rfc822;Bob@x.test", "rfc822;Bob@x.test"],
  ["ORCPT=rfc822;Bob+2B@x.test", "rfc822;Bob+@x.test"],
  ["ORCPT=X400;/G+3DBob/", "X400;/G=Bob/"],
  ["ORCPT=rfc822;a+00b", null],
  ["ORCPT=rfc822;Bob+G1@x.test", null],
  ["ORCPT=rfc822;ü@x.test", null],
  ["ORCPT=rfc822;", null],
  ["ORCPT=;x", null],
  ["ORCPT=rfc822", null],
  ["ORCPT=a(b);x", null],
  ["ORCPT", null],
  [`ORCPT=rfc822;${"x".repeat(493)}`, `rfc822;${"x".repeat(493)}`],
  [`ORCPT=rfc822;${"x".repeat(494)}`, null],
  // RFC 6533
  ["ORCPT=utf-8;bob@x.test", "utf-8;bob@x.test"],
  ["ORCPT=UTF-8;\\x{7528}\\x{1F600}@x.test", "UTF-8;用😀@x.test"],
  ["ORCPT=utf-8;a\\x{2B}b\\x{3D}c\\x{5C}@x.test", "utf-8;a+b=c\\@x.test"],
  ["ORCPT=utf-8;用@x.test", "utf-8;用@x.test"],
  ["ORCPT=utf-8;a+2Bb@x.test", null],
  ["ORCPT=utf-8;a\\b@x.test", null],
  ["ORCPT=utf-8;\\x{D800}@x.test", null],
  ["ORCPT=utf-8;\\x{110000}@x.test", null],
  ["ORCPT=utf-8;\\x{0D}\\x{0A}@x.test", null],
  ["ORCPT=utf-8;\\x{7}@x.test", null],
  ["ORCPT=utf-8;", null],
  // RRVS, RFC 7293
  ["RRVS=2014-04-03T23:01:00Z", "2014-04-03T23:01:00Z"],
  ["RRVS=2014-04-03T23:01:00Z;C", "2014-04-03T23:01:00Z;C"],
  ["RRVS=2014-04-03T23:01:00Z;r", "2014-04-03T23:01:00Z;r"],
  ["RRVS=2014-04-03T23:01:00Z;", null],
  ["RRVS=2014-04-03T23:01:00Z;RC", null],
  ["RRVS=2014-04-03", null],
  ["RRVS=2014-13-03T23:01:00Z", null],
  ["RRVS", null],
];

/** Under TLS, past EHLO, a year after the epoch. */
function ready(hidden: readonly string[] = []): Driver {
  const driver = new Driver({ secure: true, now: () => year, hiddenExtensions: new Set(hidden) });
  driver.pump();
  driver.send("EHLO c.test\r\n");
  return driver;
}

function say(driver: Driver, line: string): string {
  const octets = new TextEncoder().encode(`${line}\r\n`);
  return driver.send(String.fromCharCode(...octets)).join("\n");
}

const keywordOf = (parameters: string): string => /^[^= ]+/.exec(parameters)?.[0] ?? "";

describe("SIZE 8BITMIME SMTPUTF8 DSN DELIVERBY FUTURERELEASE MT-PRIORITY REQUIRETLS: MAIL", () => {
  test.each(mail)("%s", (parameters, kept) => {
    const driver = ready();
    const said = say(driver, `MAIL FROM:<a@c.test> ${parameters}`);
    expect(said).toMatch(kept === null ? /^S: 501 5\.5\.4 / : /^S: 250 2\.1\.0 /);
    expect(driver.session.transaction?.parameters[keywordOf(parameters)] ?? null).toBe(kept);
  });
});

describe("DSN RRVS: RCPT", () => {
  test.each(rcpt)("%s", (parameters, kept) => {
    const driver = ready();
    say(driver, "MAIL FROM:<a@c.test> SMTPUTF8");
    const said = say(driver, `RCPT TO:<b@s.test> ${parameters}`);
    expect(said).toMatch(kept === null ? /^S: 501 5\.5\.4 / : /^S: 250 2\.1\.5 /);
    const [recipient] = driver.session.transaction?.recipients ?? [];
    expect(recipient?.parameters[keywordOf(parameters)] ?? null).toBe(kept);
  });
});

test("ORCPT of type utf-8 goes with SMTPUTF8", () => {
  const driver = ready(["SMTPUTF8"]);
  say(driver, "MAIL FROM:<a@c.test>");
  expect(say(driver, "RCPT TO:<b@s.test> ORCPT=utf-8;b@s.test")).toMatch(/^S: 501 5\.5\.4 .*SMTPUTF8/);
  expect(say(driver, "RCPT TO:<b@s.test> ORCPT=rfc822;b@s.test")).toMatch(/^S: 250 /);
});

test("what is refused is shown as it was sent, what is accepted as it was meant", () => {
  const driver = ready();
  const command = (line: string): unknown => {
    driver.session.receive(new TextEncoder().encode(`${line}\r\n`));
    const event = driver.session.next();
    if (event.kind !== "checkpoint") throw new Error("Failed to reach the checkpoint");
    driver.session.settle(event.checkpoint.proposed);
    return event.checkpoint.command;
  };
  expect(command("MAIL FROM:<a@c.test> ENVID=+G1")).toMatchObject({ parameters: { ENVID: "+G1" } });
  expect(command("SAML FROM:<a@c.test> ENVID=+41 RET=FULL")).toMatchObject({
    verb: "SAML",
    parameters: { ENVID: "A", RET: "FULL" },
  });
  expect(driver.session.transaction).toMatchObject({ verb: "SAML", parameters: { ENVID: "A" } });
});
