import { afterAll, expect, test } from "bun:test";
import { startMailproof } from "mailproof";
import { matchers } from "mailproof/matchers";
import { openShop } from "../app/shop.mjs";

expect.extend(matchers);

const mail = await startMailproof();
afterAll(() => mail.close());

test("a new member gets a code and a link", async () => {
  const inbox = await mail.inbox({ name: "a new member" });
  const shop = openShop(inbox.smtp.url);
  const ada = inbox.address("ada");
  await shop.signUp(ada);
  const message = await inbox.waitFor({ to: ada, subject: /^welcome/i });
  expect(message).toHaveLink("https://shop.test/confirm*");
  expect(shop.confirm(ada, message.code())).toBe(true);
});

test("an invoice is tried again while the mailbox is full", async () => {
  const inbox = await mail.inbox({ name: "a full mailbox" });
  const shop = openShop(inbox.smtp.url);
  const bob = inbox.address("bob");
  const full = await inbox.faults.use("mailbox-full", { match: { to: bob }, when: { times: 2 } });
  await shop.sendInvoice(bob, 7);
  await expect(inbox).toHaveRetried({ to: bob }, { times: 2, quiet: "200ms" });
  await expect(inbox).toHaveReceived({ to: bob, subject: "Invoice 7" }, { times: 1, quiet: "200ms" });
  await expect(full).toHaveFired(2);
});
