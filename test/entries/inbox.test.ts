import { expect, test } from "vitest";
import { startMailproof } from "../../mod.ts";
import { closeInbox, openInbox } from "../../src/entries/inbox.ts";
import { connectMailproof } from "../../src/sdk/mod.ts";

test("a server that has gone does not hide why the test failed", async () => {
  const server = await startMailproof();
  const mail = await connectMailproof(server.http.url);
  const inbox = await openInbox(mail, ["a suite", "a test"]);
  await server.close();
  const told: string[] = [];
  const closing = closeInbox(inbox, true, ({ text }) => {
    told.push(text);
  });
  await expect(closing).rejects.toThrow(/^Failed to delete the inbox: .*; check that Mailproof runs at http/);
  expect(told.join()).toMatch(
    /^the mail of this test cannot be read: MailproofError: Failed to list .*; check that/,
  );
});

test("nothing is told of a test that passed", async () => {
  const mail = await startMailproof();
  const inbox = await openInbox(mail, ["a test"]);
  await closeInbox(inbox, false, () => expect.unreachable());
  await expect(inbox.waitFor()).rejects.toThrow("the inbox was closed");
  await mail.close();
});
