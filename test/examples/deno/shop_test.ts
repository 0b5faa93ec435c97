import assert from "node:assert/strict";
import { startMailproof } from "mailproof";
import { openShop } from "../app/shop.mjs";

Deno.test("a new member gets a code and a link", async () => {
  await using mail = await startMailproof();
  const shop = openShop(mail.smtp.url);
  await shop.signUp("ada@example.test");
  const message = await mail.waitFor({ to: "ada@example.test", subject: /^welcome/i });
  assert.match(message.link(), /^https:\/\/shop\.test\/confirm/);
  assert.ok(shop.confirm("ada@example.test", message.code()));
});

Deno.test("an invoice is tried again while the mailbox is full", async () => {
  await using mail = await startMailproof();
  const shop = openShop(mail.smtp.url);
  const full = await mail.faults.use("mailbox-full", { match: { to: "bob@*" }, when: { times: 2 } });
  await shop.sendInvoice("bob@example.test", 7);
  const attempts = await mail.waitForTransactions({ to: "bob@*" }, { exactly: 3, quiet: "200ms" });
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ["rejected", "rejected", "accepted"],
  );
  assert.equal(await full.fired(), 2);
});
