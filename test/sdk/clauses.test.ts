/** Each clause of a failed wait, brought about by a real client on a real server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createTransport } from "nodemailer";
import { afterEach, expect, test } from "vitest";
import { type Mailproof, type MailproofOptions, type RuleInput, startMailproof } from "../../mod.ts";
import { available } from "../journeys/program.ts";
import { RawClient } from "../support/raw-client.ts";
import { send, sendRefused } from "./sender.ts";

let mail: Mailproof;
afterEach(() => mail.close());

/** Nodemailer as it comes: it upgrades where STARTTLS is offered, and does not know the CA. */
async function sendUpgraded({ smtp: { port } }: Mailproof): Promise<void> {
  const transport = createTransport({ host: "localhost", port });
  await expect(transport.sendMail({ to: "ada@x.test", from: "app@x.test", text: "Hi" })).rejects.toThrow();
  transport.close();
}

/** OpenSSL, which says why it goes. */
async function curl({ smtp: { port } }: Mailproof): Promise<void> {
  const letter = ["--mail-from", "app@x.test", "--mail-rcpt", "ada@x.test", "-T", "/dev/null"];
  await once(spawn("curl", ["-sS", "--ssl-reqd", `smtp://localhost:${port}`, ...letter]), "close");
}

/** The server, too, has seen that the client has gone. */
function left(act: (mail: Mailproof) => Promise<unknown>): (mail: Mailproof) => Promise<void> {
  return async (mail) => {
    await act(mail);
    for await (const _ of mail.events({ types: ["session.closed"], since: 0 })) break;
  };
}

const down: RuleInput = { id: "down", on: "connect", do: { end: "refuse", for: "5m" } };

const idle = (text: string): string => `never reached MAIL: 1 session, ${text}`;

/** On Node a client looks at the certificate after the handshake, and goes without a word. Bun hides the alert. */
const alert = "TLS alert unknown_ca";
const distrust = {
  node: { curl: alert, nodemailer: "TLS: the client left in the handshake" },
  deno: { curl: alert, nodemailer: alert },
  bun: { curl: "TLS: bad_packet_length", nodemailer: "TLS: econnreset" },
}["Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node"];

const clauses: [
  string,
  MailproofOptions,
  (mail: Mailproof) => Promise<unknown>,
  (mail: Mailproof) => string,
][] = [
  ["nobody", {}, async () => {}, ({ smtp }) => `no client connected to ${smtp.url}`],
  [
    "a rule that closes the port",
    {},
    async (mail) => {
      await mail.faults.add({ id: "down", on: "connect", do: { end: "refuse" } });
      await expect(send(mail)).rejects.toMatchObject({ code: "ESOCKET" });
    },
    ({ smtp }) => `no client connected to ${smtp.url}, for rule down closes the port`,
  ],
  [
    "a rule that closes the port, its counters reset",
    {},
    async (mail) => {
      await mail.faults.add({ ...down, match: { listener: ["/^smtp$/", "smtps"], inbox: { not: "a*" } } });
      await mail.faults.reset();
    },
    ({ smtp }) => `no client connected to ${smtp.url}, for rule down closes the port`,
  ],
  [
    "a rule that has closed the port",
    {},
    async (mail) => {
      await mail.faults.add(down);
      await mail.clock.advance("5m");
    },
    ({ smtp }) => `no client connected to ${smtp.url}`,
  ],
  [
    "a rule that closed the port and was turned off",
    {},
    async (mail) => {
      await mail.faults.add(down);
      const headers = { "content-type": "application/json" };
      const change = { method: "PATCH", headers, body: '{"enabled":false}' };
      expect((await fetch(`${mail.http.url}/api/faults/down`, change)).status).toBe(200);
    },
    ({ smtp }) => `no client connected to ${smtp.url}`,
  ],
  [
    "rules that close other ports",
    { lmtpPort: 0 },
    async (mail) => {
      const { id } = await mail.inbox({ listener: true });
      for (const [n, listener] of ["lmtp", { not: "smtp" }, ["lm*", id]].entries())
        await mail.faults.add({ ...down, id: `down-${n}`, match: { listener } });
      await mail.faults.add({ ...down, match: { inbox: id } });
    },
    ({ smtp }) => `no client connected to ${smtp.url}`,
  ],
  ["curl does not know the CA", { starttls: "offer" }, left(curl), () => idle(distrust.curl)],
  [
    "nodemailer does not know the CA",
    { starttls: "offer" },
    left(sendUpgraded),
    () => idle(distrust.nodemailer),
  ],
  [
    "a client that only looks in",
    {},
    left(async ({ smtp }) => {
      const client = await RawClient.greeted(smtp.port);
      await client.ask("QUIT");
      client.close();
    }),
    () => idle("closed by the client after HELO"),
  ],
  [
    "a client that ends its lines with LF alone",
    {},
    left(async ({ smtp }) => {
      const client = await RawClient.connect(smtp.port);
      await client.reply();
      client.send("EHLO app.test\nMAIL FROM:<app@x.test>\n");
      client.socket.end();
      await client.end();
    }),
    () => idle("closed by the client before HELO, warning lf-command"),
  ],
  [
    "a login that is refused",
    { auths: ["ada:secret"], authRequired: true },
    left(({ smtp }) => sendRefused({ smtp: { ...smtp, url: smtp.url.replace("//", "//ada:wrong@") } })),
    () => idle("AUTH PLAIN refused 535 5.7.8"),
  ],
  [
    "a rule that refuses, twice",
    { faults: ["greylisting"] },
    async (mail) => {
      for (let attempt = 0; attempt < 2; attempt++) await sendRefused(mail);
    },
    () => "refused: RCPT 451 4.7.1, rule greylisting, 2×",
  ],
  [
    "refused without a rule",
    { maxMessageSize: 1000 },
    (mail) => sendRefused(mail, { text: "Good morning\n".repeat(100) }),
    () => "refused: end of data 552 5.3.4",
  ],
  [
    "broken off by a rule",
    { faults: ["data reset"] },
    (mail) => send(mail).catch(() => {}),
    () => "broken off: after RCPT, rule data-reset-…",
  ],
  [
    "under way",
    {},
    async ({ smtp }) => {
      const client = await RawClient.greeted(smtp.port);
      await client.ask("MAIL FROM:<app@x.test>");
    },
    () => "still open: after MAIL",
  ],
  [
    "another subject",
    {},
    (mail) => send(mail, { subject: "Good bye" }),
    () => 'closest: #1 "Good bye" (subject differs)',
  ],
  [
    "another recipient",
    {},
    (mail) => send(mail, { to: "eve@x.test" }),
    () => 'closest: #1 "Welcome" (to differs: eve@x.test)',
  ],
  [
    "gone to make room",
    { maxMessages: 1 },
    async (mail) => {
      for (const to of ["ada@x.test", "eve@x.test"]) await send(mail, { to });
    },
    () => 'closest: #2 "Welcome" (to differs: eve@x.test) · evicted to make room: 1 message',
  ],
];

test.each(clauses)("%s", async (name, options, act, text) => {
  if (name.startsWith("curl") && !available("curl")) return;
  mail = await startMailproof(options);
  await act(mail);
  const filter = { to: "ada@x.test", subject: /welcome/i };
  const error: Error = await mail.waitFor(filter, { timeout: 100 }).then(Promise.reject, (failed) => failed);
  const said = error.message.replace(/(?<=rule data-reset-)\w+/, "…");
  expect(said).toBe(`no mail to ada@x.test with subject /welcome/i in 100 ms · ${text(mail)}`);
});
