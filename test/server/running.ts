/** A server per test on free ports, closed behind it, and a client brought to where the test begins. */
import { afterEach, expect } from "vitest";
import { type Mailproof, type MailproofOptions, startMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";

const running: Mailproof[] = [];

afterEach(async () => {
  for (const mail of running.splice(0)) await mail.close();
});

export async function start(options: MailproofOptions = {}): Promise<Mailproof> {
  const mail = await startMailproof(options);
  running.push(mail);
  return mail;
}

/** Greeted, and past DATA with one recipient, `b@s.test`. */
export async function toContent(port: number): Promise<RawClient> {
  const client = await RawClient.greeted(port);
  client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\n");
  for (const code of ["250", "250", "354"]) expect(await client.reply()).toMatch(new RegExp(`^${code}`));
  return client;
}
