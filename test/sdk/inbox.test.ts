import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { startMailproof } from "../../mod.ts";

test("the URL for implicit TLS leads into the inbox, too", async () => {
  const mail = await startMailproof({ smtpsPort: 0 });
  const inbox = await mail.inbox({ listener: true });
  try {
    const transport = createTransport({ url: inbox.smtps?.url, tls: { ca: mail.tls.ca ?? "" } });
    await transport.sendMail({ from: "app@x.test", to: "ada@x.test", subject: "Hello", text: "Hi" });
    transport.close();
    expect(await inbox.waitFor({ subject: "Hello" })).toMatchObject({ inboxes: [inbox.id] });
    expect(mail.smtps?.url).not.toContain("@");
  } finally {
    await mail.close();
  }
});
