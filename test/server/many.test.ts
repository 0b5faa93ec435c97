/** Many of a kind: for twice as many there is twice the work to do, which is counted here. */
import { expect, test, vi } from "vitest";
import type { Mailproof, MailproofOptions } from "../../mod.ts";
import { canonicalAddress } from "../../src/smtp/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

vi.mock("../../src/smtp/mailbox.ts", { spy: true });

/** Sends one mail to so many in one go, and waits until it is written down. */
async function sendTo(many: number, mail: Mailproof, protocol: "smtp" | "lmtp"): Promise<void> {
  const client = await RawClient.connect(mail[protocol]?.port ?? 0);
  const rcpt = Array.from({ length: many }, (_, index) => `RCPT TO:<u${index}@s.test>`);
  const before = [protocol === "lmtp" ? "LHLO c.test" : "EHLO c.test", "MAIL FROM:<a@c.test>", ...rcpt];
  client.send([...before, "DATA", ""].join("\r\n"));
  for (let replies = 0; replies < before.length + 2; replies += 1) await client.reply();
  client.send("Subject: many\r\n\r\nHi\r\n.\r\nQUIT\r\n");
  await client.end();
  await expect.poll(async () => (await mail.sessions())[0]?.closedAt).not.toBeNull();
}

test.each<[string, "smtp" | "lmtp", MailproofOptions]>([
  ["at RCPT by its own address", "smtp", { faults: ["rcpt *@full.test 452"] }],
  [
    "at RCPT by how many there are",
    "smtp",
    { faults: [{ on: "rcpt", match: { recipientIndex: { min: 9_999 } }, do: "452" }] },
  ],
  ["at the end of data, in LMTP for each", "lmtp", { lmtpPort: 0, faults: ["end-of-data *@full.test 452"] }],
])("a rule is asked of many recipients, %s", async (_, protocol, options) => {
  const mail = await start(options);
  const work: number[] = [];
  for (const many of [100, 200]) {
    vi.mocked(canonicalAddress).mockClear();
    await sendTo(many, mail, protocol);
    work.push(vi.mocked(canonicalAddress).mock.calls.length);
  }
  // Squared, it would be four times the work.
  expect(work[1]).toBeLessThan(2.5 * work[0]!);
});
