/** Many of a kind: for twice as many there is twice the work to do, which is counted here. */
import { expect, test, vi } from "vitest";
import type { Mailproof, MailproofOptions } from "../../mod.ts";
import { readHeader } from "../../src/mail/mod.ts";
import { canonicalAddress } from "../../src/smtp/mod.ts";
import { Inboxes } from "../../src/store/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

vi.mock("../../src/smtp/mailbox.ts", { spy: true });
vi.mock("../../src/mail/header.ts", { spy: true });

/** Sends one mail to so many in one go, and waits until it is written down. */
async function sendTo(many: number, mail: Mailproof, protocol: "smtp" | "lmtp"): Promise<void> {
  const client = await RawClient.connect(mail[protocol]?.port ?? 0);
  const rcpt = Array.from({ length: many }, (_, index) => `RCPT TO:<u${index}@s.test>`);
  const before = [protocol === "lmtp" ? "LHLO c.test" : "EHLO c.test", "MAIL FROM:<a@c.test>", ...rcpt];
  client.send([...before, "DATA", ""].join("\r\n"));
  for (let replies = 0; replies < before.length + 2; replies += 1) await client.reply();
  client.send("Subject: many\r\nX-Run: 7\r\n\r\nHi\r\n.\r\nQUIT\r\n");
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

const header = { "x-run": "7" };

test.each<[string, "smtp" | "lmtp", MailproofOptions]>([
  ["SMTP", "smtp", {}],
  ["SMTP, a rule matches it", "smtp", { faults: [{ on: "end-of-data", match: { header }, do: "451" }] }],
  ["LMTP, each refuses it", "lmtp", { lmtpPort: 0, faults: [{ on: "end-of-data", do: "550 5.7.1 No" }] }],
  [
    "LMTP, rules match it, and some refuse it",
    "lmtp",
    {
      lmtpPort: 0,
      faults: [
        { on: "end-of-data", match: { header, to: "u1@*" }, do: "451" },
        { on: "end-of-data", match: { header, to: "u2@*" }, do: { bounce: { status: "5.1.1" } } },
      ],
    },
  ],
  ["LMTP, over the limit", "lmtp", { lmtpPort: 0, maxMessageSize: "10" }],
])("the header that inboxes match is read once: %s", async (_, protocol, options) => {
  const mail = await start(options);
  const inboxes = [await mail.inbox({ match: { header } }), await mail.inbox({ match: { header } })];
  vi.mocked(readHeader).mockClear();
  await sendTo(3, mail, protocol);
  expect(readHeader).toHaveBeenCalledTimes(1);
  const [transaction] = await mail.transactions();
  expect(transaction?.inboxes).toEqual(inboxes.map(({ id }) => id));
});

test("the header of a mail that comes over HTTP is read once", async () => {
  const mail = await start();
  const { id } = await mail.inbox({ match: { header } });
  for (const to of ["ada@*", "bob@*"]) {
    await mail.faults.add({ on: "http", match: { header, to }, do: { http: { status: 500 } } });
  }
  vi.mocked(readHeader).mockClear();
  await fetch(`${mail.http.url}/providers/resend/emails`, {
    method: "POST",
    headers: { authorization: "Bearer re_1", "content-type": "application/json" },
    body: JSON.stringify({ from: "a@c.test", to: "eve@s.test", subject: "x", text: "x", headers: header }),
  });
  expect(readHeader).toHaveBeenCalledTimes(1);
  expect((await mail.transactions())[0]?.inboxes).toEqual([id]);
});

test("inboxes are asked once for each recipient, also where LMTP answers each", async () => {
  const mail = await start({ lmtpPort: 0 });
  await mail.inbox({ match: { from: "*@c.test" } });
  const asked = vi.spyOn(Inboxes.prototype, "of");
  const work: number[] = [];
  for (const many of [10, 30]) {
    asked.mockClear();
    await sendTo(many, mail, "lmtp");
    work.push(asked.mock.calls.length);
  }
  expect(work[1]! - work[0]!).toBe(20);
  asked.mockRestore();
});

test("a chunk that is not the last has nothing new to say of whose mail it is", async () => {
  const mail = await start();
  const inbox = await mail.inbox();
  const asked = vi.spyOn(Inboxes.prototype, "of");
  const client = await RawClient.greeted(mail.smtp.port);
  for (const line of ["MAIL FROM:<a@c.test>", `RCPT TO:<${inbox.address()}>`]) await client.ask(line);
  asked.mockClear();
  for (let chunk = 0; chunk < 10; chunk += 1) expect(await client.ask("BDAT 3\r\nx")).toMatch(/^250/);
  expect(asked).not.toHaveBeenCalled();
  expect(await client.ask("BDAT 0 LAST")).toMatch(/^250/);
  expect((await mail.messages())[0]?.inboxes).toEqual([inbox.id]);
  asked.mockRestore();
});

test("a chunk that is refused is the last: its header tells whose it was", async () => {
  const mail = await start({ faults: [{ on: "bdat", do: "451 4.3.0 Later" }] });
  const { id } = await mail.inbox({ match: { header } });
  const client = await RawClient.greeted(mail.smtp.port);
  for (const line of ["MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>"]) await client.ask(line);
  expect(await client.ask("BDAT 12\r\nX-Run: 7\r\n")).toMatch(/^451/);
  expect((await mail.transactions())[0]?.inboxes).toEqual([id]);
});

test("a mail of more inboxes than are written down of a session: it is in each, and the newest are named", async () => {
  const mail = await start();
  await mail.inbox();
  const ids = Array.from({ length: 1_200 }, (_, index) => `inbox-${index}`);
  const asked = vi
    .spyOn(Inboxes.prototype, "of")
    .mockImplementation(({ from }) => (from === "a@c.test" ? ids : []));
  await sendTo(1, mail, "smtp");
  const [[message], [transaction], [session]] = await Promise.all([
    mail.messages(),
    mail.transactions(),
    mail.sessions(),
  ]);
  expect(message?.inboxes).toEqual(ids);
  expect(transaction?.inboxes).toEqual(ids);
  expect(session?.inboxes).toEqual(ids.slice(-1_000));
  asked.mockRestore();
});
