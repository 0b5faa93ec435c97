/** Postfix as a relaying MTA with its queue: what it hands over, puts off, gives up and reports. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mailproof, startMailproof } from "../../mod.ts";
import { askOffer } from "./offer.ts";
import { canStartPostfix, type Postfix, startPostfix } from "./postfix.ts";

const offer = await askOffer();

describe.skipIf(!canStartPostfix())("Postfix", () => {
  let mail: Mailproof;
  let postfix: Postfix;

  beforeAll(async () => {
    mail = await startMailproof({ starttls: "offer", smtpsPort: 0, lmtpPort: 0 });
    postfix = await startPostfix(mail);
  }, 60_000);

  afterAll(async () => {
    await postfix?.stop();
    await mail?.close();
  }, 60_000);

  const sender = "sender@example.test";
  const message = "From: sender@example.test\nSubject: By Postfix\n\nGood morning.\n.\n..two dots\n";
  const submit = (to: readonly string[], ...options: string[]): Promise<void> =>
    postfix.submit([...options, "-f", sender, ...to], message);
  /** What reaches a recipient; a failure shows what Postfix says about it. */
  const arrival = async (to: string) => {
    try {
      return await mail.waitFor({ to }, { timeout: 15_000 });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await postfix.log()}`);
    }
  };
  /** Once Postfix has read our reply and put the recipient off. */
  const deferred = (to: string) =>
    expect.poll(postfix.log, { timeout: 15_000 }).toMatch(new RegExp(`to=<${to}>.*status=deferred`));
  const sessionOf = async (id: string | null) => (await mail.sessions()).find((one) => one.id === id);

  test("relays to two recipients in one transaction, and takes a certificate it does not know", async () => {
    await submit(["ada@relay.test", "bob@relay.test"]);
    const message = await arrival("ada@relay.test");
    expect(message.envelope).toEqual({ from: sender, to: ["ada@relay.test", "bob@relay.test"] });
    expect(message.subject).toBe("By Postfix");
    expect(message.text?.trimEnd()).toBe("Good morning.\n.\n..two dots");
    expect(message.header("Received")).toMatch(/^by postfix\.test \(Postfix/);
    expect(message.warnings).toEqual([]);
    expect(message.transaction.mailParameters).toHaveProperty("SIZE");
    const session = await sessionOf(message.sessionId);
    expect(session).toMatchObject({ helo: "postfix.test", esmtp: true, tlsError: null, warnings: [] });
    expect(session?.tls?.version).toMatch(/^TLSv1\.[23]$/);
  });

  test("STARTTLS with the generated CA", async () => {
    await submit(["ada@starttls.test"]);
    const { sessionId } = await arrival("ada@starttls.test");
    expect(await sessionOf(sessionId)).toMatchObject({ listener: "smtp", tlsError: null });
  });

  test("implicit TLS", async () => {
    await submit(["ada@smtps.test"]);
    const { sessionId } = await arrival("ada@smtps.test");
    expect(await sessionOf(sessionId)).toMatchObject({ listener: "smtps", tlsError: null });
  });

  test("greylisted, it keeps the message in its queue and delivers it later", async () => {
    const to = "ada@grey.test";
    await mail.faults.use("greylisting", { match: { to } });
    await submit([to]);
    const [refused] = await mail.waitForTransactions({ to }, { timeout: 15_000 });
    expect(refused?.outcome).toBe("rejected");
    expect(refused?.recipients[0]?.reply).toMatchObject({ code: 451, enhanced: "4.7.1" });
    await mail.clock.advance("5m");
    await deferred(to);
    await postfix.flush();
    const delivered = await arrival(to);
    expect(delivered.transaction.outcome).toBe("accepted");
    expect(delivered.transactionId).not.toBe(refused?.id);
  });

  test("refused for good, it sends the sender a report with the null reverse-path", async () => {
    await mail.faults.add({ on: "rcpt", match: { to: "gone@*" }, do: "550 5.1.1 No such user" });
    await submit(["gone@relay.test"]);
    const report = await arrival(sender);
    expect(report.envelope).toEqual({ from: "", to: [sender] });
    expect(report.from?.address).toBe("MAILER-DAEMON@postfix.test");
    expect(report.header("Content-Type")).toMatch(/^multipart\/report; report-type=delivery-status/);
    const raw = Buffer.from(await report.raw()).toString("latin1");
    expect(raw).toContain("Final-Recipient: rfc822; gone@relay.test");
    expect(raw).toContain("Status: 5.1.1");
    expect(raw).toContain("Remote-MTA: dns; 127.0.0.1");
  });

  test("addresses in UTF-8", async () => {
    await postfix.submit(["-f", "jürgen@bücher.test", "用户@例え.test"], message);
    const { envelope, transaction } = await arrival("用户@*");
    expect(envelope).toEqual({ from: "jürgen@bücher.test", to: ["用户@例え.test"] });
    expect(transaction.mailParameters).toHaveProperty("SMTPUTF8");
  });

  const ifDsn = offer.keywords.has("DSN") ? test : test.todo;
  ifDsn("DSN: hands on what the sender asked for", async () => {
    const to = "ada@dsn.test";
    await submit([to], "-N", "success,failure", "-R", "hdrs", "-V", "journey7");
    const { transaction } = await arrival(to);
    expect(transaction.mailParameters).toMatchObject({ RET: "HDRS", ENVID: "journey7" });
    expect(transaction.recipients[0]?.parameters).toMatchObject({
      NOTIFY: "SUCCESS,FAILURE",
      ORCPT: `rfc822;${to}`,
    });
  });

  test("LMTP: each recipient has its own reply, and only the one put off is tried again", async () => {
    const [ada, full] = ["ada@lmtp.test", "full@lmtp.test"];
    const fault = await mail.faults.add({
      on: "end-of-data",
      match: { to: full },
      do: "452 4.2.2 Mailbox full",
    });
    await submit([ada, full]);
    const first = await arrival(ada);
    expect(first).toMatchObject({ channel: "lmtp", envelope: { from: sender, to: [ada] } });
    const replies = first.transaction.recipients.map(({ finalReply }) => finalReply?.code);
    expect(replies.sort()).toEqual([250, 452]);
    await fault.remove();
    await deferred(full);
    await postfix.flush();
    const second = await arrival(full);
    expect(second.envelope).toEqual({ from: sender, to: [full] });
  });
});
