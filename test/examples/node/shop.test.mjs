import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startMailproof } from "mailproof";
import { openShop } from "../app/shop.mjs";

const mail = await startMailproof();
after(() => mail.close());

test("a new member gets a code and a link", async (t) => {
  const inbox = await mail.inbox({ name: t.name });
  const shop = openShop(inbox.smtp.url);
  const ada = inbox.address("ada");
  await shop.signUp(ada);
  const message = await inbox.waitFor({ to: ada, subject: /^welcome/i });
  assert.match(message.link(), /^https:\/\/shop\.test\/confirm/);
  assert.ok(shop.confirm(ada, message.code()));
});

test("an invoice is tried again while the mailbox is full", async (t) => {
  const inbox = await mail.inbox({ name: t.name });
  const shop = openShop(inbox.smtp.url);
  const bob = inbox.address("bob");
  const full = await inbox.faults.use("mailbox-full", { match: { to: bob }, when: { times: 2 } });
  await shop.sendInvoice(bob, 7);
  const attempts = await inbox.waitForTransactions({ to: bob }, { exactly: 3, quiet: "200ms" });
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ["rejected", "rejected", "accepted"],
  );
  assert.equal(await full.fired(), 2);
});
