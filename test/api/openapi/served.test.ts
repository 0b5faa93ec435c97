/** What a server says of real sessions, over HTTP, has the forms of the document that it serves. */
import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { startMailproof } from "../../../src/mailproof.ts";
import { described, find } from "./described.ts";
import { validatorOf } from "./validators.ts";

test.each([
  [{}, { maxRecipients: null, maxErrors: 50, idleTimeout: 300_000 }],
  [
    {
      maxRecipients: 2,
      maxSessions: 3,
      maxErrors: 4,
      maxJunk: 5,
      idleTimeout: "6s",
      commandTimeout: "1.5ms",
    },
    { maxRecipients: 2, maxSessions: 3, maxErrors: 4, maxJunk: 5, idleTimeout: 6_000, commandTimeout: 1.5 },
  ],
  [
    { maxBytes: "1M", maxMessages: 9 },
    { maxMessageSize: 1_048_576, maxBytes: 1_048_576, maxMessages: 9 },
  ],
])("the limits of %j", async (options, limits) => {
  const mail = await startMailproof(options);
  try {
    const info = await (await fetch(`${mail.http.url}/api/info`)).json();
    expect(info.limits).toMatchObject(limits);
    const { content } = find("GET /api/info").replies[0]!;
    const validate = validatorOf(content["application/json"]);
    expect([validate(info), validate.errors]).toEqual([true, null]);
  } finally {
    await mail.close();
  }
});

test("sessions, transactions and messages of clients with AUTH, DSN, TLS, LMTP and refusals", async () => {
  const mail = await startMailproof({ starttls: "offer", lmtpPort: 0 });
  try {
    const { host, port } = mail.smtp;
    const auth = { user: "ada", pass: "secret" };
    const letter = { from: "Ada <ada@x.test>", to: "bob@x.test", subject: "Hi", text: "Code: 481516" };
    await mail.faults.use("mailbox-full", { match: { to: "full@*" } });
    const inbox = await mail.inbox({ name: "served", match: { to: "bob@*" }, ttl: "1h" });
    for (const [options, more] of [
      [{ host, port, auth, ignoreTLS: true }, { dsn: { id: "1", return: "headers", notify: "failure" } }],
      [{ host, port, tls: { ca: mail.tls.ca! }, requireTLS: true }, {}],
      [{ ...mail.lmtp!, lmtp: true, ignoreTLS: true }, {}],
      [{ host, port, ignoreTLS: true }, { to: ["full@x.test", "bob@x.test"] }],
    ] as const) {
      const transport = createTransport(options as object);
      await transport.sendMail({ ...letter, ...more } as object);
      transport.close();
    }
    await mail.waitForTransactions({}, { count: 4 });

    const places: Record<string, string> = { messages: "m1", transactions: "t1", sessions: "s1" };
    const rule = (await mail.faults.list())[0]!.id;
    const ids = { ...places, faults: rule, inboxes: inbox.id };
    const tried: string[] = [];
    for (const { method, path, replies } of described) {
      const form = replies[0]!.content["application/json"];
      if (method !== "GET" || form === undefined || form === null) continue;
      const [, kind = ""] = /^\/api\/(\w+)/.exec(path) ?? [];
      const url = mail.http.url + path.replace("{id}", ids[kind as keyof typeof ids] ?? "none");
      const headers = { accept: "application/json" };
      const reply = await fetch(url, { headers });
      const body = await reply.json();
      const validate = validatorOf(form);
      expect([path, reply.status, validate(body), validate.errors]).toEqual([path, 200, true, null]);
      tried.push(path);
    }
    expect(tried.length).toBeGreaterThan(15);
  } finally {
    await mail.close();
  }
});
