/** The fixtures as a test has them. */
import { describe } from "vitest";
import { expect, test } from "../../src/entries/vitest.ts";
import type { Mailproof } from "../../src/sdk/mod.ts";
import { send, sendRefused } from "../sdk/sender.ts";

const withTls = test.extend({ mailOptions: { starttls: "offer" } });

const servers = new Set<Mailproof>();

describe("a suite", () => {
  test("inbox: named after its test", async ({ mail, inbox }) => {
    servers.add(mail);
    expect(inbox.name).toBe("a suite > inbox: named after its test");
    expect(inbox.id).toMatch(/^a-suite-inbox-named-after-its-test-\d+$/);
  });

  test(`inbox: of a ${"very ".repeat(60)}long name`, ({ inbox }) => {
    expect(inbox.name).toHaveLength(200);
  });

  test("inbox: of a test that is over it is gone", async ({ mail, inbox }) => {
    servers.add(mail);
    expect(servers.size).toBe(1);
    const { inboxes } = await (await fetch(`${mail.http.url}/api/inboxes`)).json();
    expect(inboxes).toMatchObject([{ id: inbox.id }]);
  });
});

test("expect has the matchers, and their types", async ({ mail, inbox }) => {
  const full = await inbox.faults.use("mailbox-full", { when: { times: 1 } });
  expect(await sendRefused(inbox, { to: inbox.address() })).toBe(452);
  await send(inbox, { to: inbox.address(), text: "Your code is 481516" });
  await expect(inbox).toHaveRetried({ to: inbox.address() }, { times: 1, quiet: "50ms" });
  await expect(mail).toHaveRejected({ to: inbox.address() }, { code: 452 });
  await expect(inbox.waitFor()).resolves.toHaveCode("481516");
  expect(await inbox.waitFor()).not.toHaveSubject("Bye");
  await expect(full).toHaveFired(1);
  // @ts-expect-error: a pattern is no number
  expect(() => expect(mail).toHaveSubject(7)).toThrow();
});

test("mailOptions: a test that is extended has a server of its own", async ({ mail }) => {
  expect(mail.tls.ca).toBe(null);
});
withTls("mailOptions: which is started with them", ({ mail }) => {
  expect(mail.tls.ca).toContain("BEGIN CERTIFICATE");
  expect(servers.has(mail)).toBe(false);
});
