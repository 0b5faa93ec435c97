/** What a rule takes out of the list of EHLO is gone until the next list, and no longer. */
import { expect, test } from "vitest";
import type { FaultRule, MailproofOptions } from "../../mod.ts";
import { extensions } from "../../src/smtp/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

async function offers(client: RawClient, keyword: string): Promise<boolean> {
  const lines = (await client.ask("EHLO c.test")).split("\n");
  return lines.some((line) => line.slice(4).split(" ")[0] === keyword);
}

async function list(options: MailproofOptions): Promise<string[]> {
  const mail = await start({ starttls: "offer", maxRecipients: 5, ...options });
  const client = await RawClient.connect(mail.smtp.port);
  await client.reply();
  const lines = (await client.ask("EHLO c.test")).split("\n");
  client.close();
  return lines.map((line) => line.slice(4));
}

async function connected(rule: FaultRule): Promise<{ client: RawClient; ca: string }> {
  const mail = await start({ starttls: "offer", faults: [rule] });
  const client = await RawClient.connect(mail.smtp.port);
  await client.reply();
  return { client, ca: mail.tls.ca ?? "" };
}

test("AUTH is offered under TLS only", async () => {
  const { client, ca } = await connected({
    on: "ehlo",
    match: { tls: false },
    do: { capabilities: { remove: ["AUTH"] } },
  });
  expect(await offers(client, "AUTH")).toBe(false);
  expect(await client.ask("AUTH PLAIN AGEAYg==")).toMatch(/^502 /);
  expect(await client.ask("STARTTLS")).toMatch(/^220 /);
  await client.secure(ca);
  expect(await offers(client, "AUTH")).toBe(true);
  expect(await client.ask("AUTH PLAIN AGEAYg==")).toMatch(/^235 /);
  client.close();
});

test("what a rule takes away again and again stays away", async () => {
  const { client } = await connected({ on: "ehlo", do: { capabilities: { only: ["SIZE"] } } });
  for (const _ of [1, 2, 3]) {
    expect(await offers(client, "STARTTLS")).toBe(false);
    expect(await client.ask("STARTTLS")).toMatch(/^502 /);
    expect(await client.ask("MAIL FROM:<a@c.test> BODY=8BITMIME")).toMatch(/^555 /);
  }
  client.close();
});

test("what is listed again is there again", async () => {
  const { client } = await connected({
    on: "ehlo",
    when: { times: 1 },
    do: { capabilities: { remove: ["STARTTLS"] } },
  });
  expect(await offers(client, "STARTTLS")).toBe(false);
  expect(await offers(client, "STARTTLS")).toBe(true);
  expect(await client.ask("STARTTLS")).toMatch(/^220 /);
  client.close();
});

test.each(["EHLO", "HELO c.test"])("%s lists nothing anew", async (hello) => {
  const { client } = await connected({ on: "ehlo", do: { capabilities: { remove: ["STARTTLS"] } } });
  await offers(client, "STARTTLS");
  await client.ask(hello);
  expect(await client.ask("STARTTLS")).toMatch(/^502 /);
  client.close();
});

test.each(extensions.map(({ keyword }) => keyword))(
  "without %s the list is that of a server that hides it",
  async (keyword) => {
    const byRule = await list({ faults: [{ on: "ehlo", do: { capabilities: { remove: [keyword] } } }] });
    expect(byRule).toEqual(await list({ hideExtensions: [keyword] }));
  },
);

test.each([
  [{ remove: ["CHUNKING"] }, "BINARYMIME", "BODY=BINARYMIME"],
  [{ remove: ["8BITMIME"] }, "SMTPUTF8", "SMTPUTF8"],
  [{ only: ["PIPELINING", "SMTPUTF8"] }, "SMTPUTF8", "SMTPUTF8"],
])("with %j %s is neither offered nor served", async (capabilities, keyword, parameter) => {
  const { client } = await connected({ on: "ehlo", do: { capabilities } });
  expect(await offers(client, keyword)).toBe(false);
  expect(await client.ask(`MAIL FROM:<a@c.test> ${parameter}`)).toMatch(/^5/);
  client.close();
});
