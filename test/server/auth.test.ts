/** AUTH over real sockets: who is let in, and what is written down of it. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import type { Mailproof, MailproofOptions } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { provedBy } from "../support/scram-client.ts";
import { start } from "./running.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");
const decoded = (reply: string): string => Buffer.from(reply.slice(4), "base64").toString();

type Dialogue = (client: RawClient, user: string, secret: string) => Promise<string>;

const scram =
  (name: string, hash: "sha1" | "sha256"): Dialogue =>
  async (client, user, secret) => {
    const first = `n,,n=${user},r=clientNonce`;
    const serverFirst = decoded(await client.ask(`AUTH ${name} ${encoded(first)}`));
    const reply = await client.ask(encoded(provedBy(secret, hash, first, serverFirst)));
    return reply.startsWith("334 ") ? await client.ask("") : reply;
  };

/** An OAuth client answers an error that stands in a challenge, to hear the reply. */
const bearer =
  (name: string, offer: (user: string, token: string) => string, dummy: string): Dialogue =>
  async (client, user, secret) => {
    const reply = await client.ask(`AUTH ${name} ${encoded(offer(user, secret))}`);
    return reply.startsWith("334 ") ? await client.ask(dummy) : reply;
  };

const dialogues: Readonly<Record<string, Dialogue>> = {
  PLAIN: (client, user, secret) => client.ask(`AUTH PLAIN ${encoded(`\0${user}\0${secret}`)}`),
  LOGIN: async (client, user, secret) => {
    await client.ask("AUTH LOGIN");
    await client.ask(encoded(user));
    return await client.ask(encoded(secret));
  },
  "CRAM-MD5": async (client, user, secret) => {
    const challenge = decoded(await client.ask("AUTH CRAM-MD5"));
    expect(challenge).toMatch(/^<[\w-]{16,}@mailproof\.test>$/);
    const digest = createHmac("md5", secret).update(challenge).digest("hex");
    return await client.ask(encoded(`${user} ${digest}`));
  },
  "SCRAM-SHA-256": scram("SCRAM-SHA-256", "sha256"),
  "SCRAM-SHA-1": scram("SCRAM-SHA-1", "sha1"),
  XOAUTH2: bearer("XOAUTH2", (user, token) => `user=${user}\x01auth=Bearer ${token}\x01\x01`, ""),
  OAUTHBEARER: bearer("OAUTHBEARER", (user, token) => `n,a=${user},\x01auth=Bearer ${token}\x01\x01`, "AQ=="),
  EXTERNAL: (client, user) => client.ask(`AUTH EXTERNAL ${encoded(user)}`),
};

const withUsers = Object.keys(dialogues).filter((name) => name !== "EXTERNAL");
const acceptAny = Object.keys(dialogues).filter((name) => !name.startsWith("SCRAM"));

async function open(options: MailproofOptions): Promise<{ mail: Mailproof; client: RawClient }> {
  const mail = await start(options);
  return { mail, client: await RawClient.greeted(mail.smtp.port) };
}

/** Everything that can be read of a session from outside. */
async function written(mail: Mailproof): Promise<string> {
  const [session] = await mail.sessions();
  const events = await (await fetch(new URL("/api/sessions", mail.http.url))).text();
  return `${await mail.transcript(session?.id ?? "")}${JSON.stringify(session)}${events}`;
}

test.each([
  [{}, acceptAny],
  [{ auths: ["ada:hunter2"] }, withUsers],
])("U1: %j offers %j", async (options, names) => {
  const { client } = await open(options);
  expect((await client.ask("EHLO again.test")).split("\n")).toContain(`250-AUTH ${names.join(" ")}`);
  const absent = Object.keys(dialogues).filter((name) => !names.includes(name));
  for (const name of absent) expect(await client.ask(`AUTH ${name}`)).toMatch(/^504 5\.5\.4 /);
  client.close();
});

describe.each(acceptAny)("any credentials, %s", (name) => {
  test("U13: they are accepted, who it was is known, and no secret is written down", async () => {
    const { mail, client } = await open({ authRequired: true });
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^530 5\.7\.0 /);
    expect(await dialogues[name]!(client, "ada", "hunter2")).toBe("235 2.7.0 Authentication successful");
    expect(await client.ask(`AUTH ${name}`)).toMatch(/^503 5\.5\.1 /);
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^250 /);
    expect(await mail.sessions()).toMatchObject([{ user: "ada", mechanism: name }]);
    const text = await written(mail);
    expect(text).toContain(`AUTH ${name}`);
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(encoded("hunter2"));
    expect(text).not.toContain(encoded("ada"));
    client.close();
  });
});

describe.each(withUsers)("users with passwords, %s", (name) => {
  test("U13: the right one is let in, no other is", async () => {
    const { mail, client } = await open({ auths: ["ada:hunter2", "bob:swordfish"], authRequired: true });
    for (const [user, secret] of [
      ["ada", "wrong"],
      ["ada", "swordfish"],
      ["eve", "hunter2"],
    ] as const) {
      expect(await dialogues[name]!(client, user, secret)).toMatch(/^535 5\.7\.8 /);
      expect(await mail.sessions()).toMatchObject([
        {
          user: null,
          mechanism: null,
          authError: `AUTH ${name} 535 5.7.8 Authentication credentials invalid`,
        },
      ]);
    }
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^530 /);
    expect(await dialogues[name]!(client, "ada", "hunter2")).toMatch(/^235 2\.7\.0 /);
    expect(await mail.sessions()).toMatchObject([{ user: "ada", mechanism: name, authError: null }]);
    expect(await written(mail)).not.toContain("hunter2");
    client.close();
  });

  test("U13: a rule refuses one user with one mechanism, and it is said at the end", async () => {
    const rule = {
      on: "auth" as const,
      match: { user: "ada", mechanism: name },
      do: "535 5.7.9 {helo} is not trusted",
    };
    const { mail, client } = await open({ auths: ["ada:hunter2", "bob:swordfish"], faults: [rule] });
    expect(await dialogues[name]!(client, "ada", "hunter2")).toBe("535 5.7.9 raw.test is not trusted");
    expect(await mail.sessions()).toMatchObject([
      { user: null, authError: expect.stringContaining("5.7.9") },
    ]);
    expect(await dialogues[name]!(client, "bob", "swordfish")).toMatch(/^235 /);
    expect(await mail.sessions()).toMatchObject([{ user: "bob", mechanism: name, authError: null }]);
    client.close();
  });
});

test("U13: of an exchange that does not come about no secret is written down either", async () => {
  const secrets = ["S3CRET", encoded("S3CRET"), encoded("S3CRET").toUpperCase(), "AGFkYQBTM0NSRVQ"];
  for (const options of [{}, { starttls: "require" }, { hideExtensions: ["AUTH"] }] as const) {
    const { mail, client } = await open(options);
    client.send(`AUTH AGFkYQBTM0NSRVQ\r\nAUTH LOGIN\r\n*\r\n${encoded("S3CRET")}\r\nS3CRET\r\nQUIT\r\n`);
    await client.end();
    await expect.poll(async () => (await mail.sessions({ open: true })).length).toBe(0);
    const text = await written(mail);
    expect(text).toContain("AUTH LOGIN");
    for (const secret of secrets) expect(text, secret).not.toContain(secret);
  }
});

test("U5: the salt of a user is always the same, there or not, and the nonce never is", async () => {
  const mail = await start({ auths: ["ada:hunter2"], seed: "1" });
  const first = async (user: string): Promise<string> => {
    const client = await RawClient.greeted(mail.smtp.port);
    const reply = await client.ask(`AUTH SCRAM-SHA-256 ${encoded(`n,,n=${user},r=abc`)}`);
    client.close();
    return decoded(reply);
  };
  const replies = [await first("ada"), await first("ada"), await first("eve"), await first("eve")];
  const part = (at: number) => replies.map((reply) => reply.split(",")[at]);
  const [ada, adaAgain, eve, eveAgain] = part(1);
  expect([adaAgain, eveAgain]).toEqual([ada, eve]);
  expect(ada).not.toBe(eve);
  expect(new Set(part(2))).toEqual(new Set(["i=4096"]));
  expect(new Set(part(0)).size).toBe(4);
});

test.each(["a\rb", "a\x1b[2Jb", "a\u0085b"])("U13: nobody is called %j", async (user) => {
  const { mail, client } = await open({});
  expect(await dialogues.PLAIN!(client, user, "x")).toMatch(/^501 5\.5\.2 /);
  expect(await dialogues.EXTERNAL!(client, user, "")).toMatch(/^501 5\.5\.2 /);
  expect(await dialogues["CRAM-MD5"]!(client, user, "x")).toMatch(/^501 5\.5\.2 /);
  expect(await mail.sessions()).toMatchObject([{ user: null }]);
  client.close();
});

/** Sends lines under TLS, one after the other; resolves to the first line of each reply. */
async function under(secure: TLSSocket, lines: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  for (const line of lines) {
    secure.write(`${line}\r\n`);
    const [octets] = await once(secure, "data");
    said.push(String(octets).split("\r\n")[0] ?? "");
  }
  return said;
}

const ada = `AUTH PLAIN ${encoded("\0ada\0hunter2")}`;

test("U12: AUTH needs TLS with the preset auth-needs-tls", async () => {
  const { mail, client } = await open({ smtpsPort: 0, faults: ["auth-needs-tls"] });
  const refusal = "538 5.7.11 Encryption required for requested authentication mechanism";
  for (const line of [ada, "AUTH LOGIN", "AUTH CRAM-MD5"]) expect(await client.ask(line)).toBe(refusal);
  expect(await client.ask("NOOP")).toMatch(/^250 /);
  client.close();
  const port = mail.smtps?.port ?? 0;
  const secure = connectTls({ host: "127.0.0.1", port, servername: "localhost", ca: mail.tls.ca ?? "" });
  await once(secure, "data");
  expect(await under(secure, ["EHLO c.test", ada])).toEqual([
    "250-mailproof.test",
    "235 2.7.0 Authentication successful",
  ]);
  secure.destroy();
});

test("U12: a rule for mechanisms that show the password", async () => {
  const rule = {
    on: "auth-start" as const,
    match: { tls: false, mechanism: ["PLAIN", "LOGIN"] },
    do: "523 5.7.10",
  };
  const { client } = await open({ faults: [rule] });
  expect(await client.ask(ada)).toMatch(/^523 5\.7\.10 /);
  expect(await dialogues["CRAM-MD5"]!(client, "ada", "hunter2")).toMatch(/^235 /);
  client.close();
});

test("T5: who authenticated in plain text is nobody under TLS", async () => {
  const { mail, client } = await open({ starttls: "offer", authRequired: true });
  expect(await client.ask(ada)).toMatch(/^235 /);
  expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^250 /);
  expect(await client.ask("STARTTLS")).toMatch(/^220 /);
  client.socket.removeAllListeners("data");
  const secure = connectTls({ socket: client.socket, servername: "localhost", ca: mail.tls.ca ?? "" });
  await once(secure, "secureConnect");
  const [, refused] = await under(secure, ["EHLO c.test", "MAIL FROM:<a@c.test>"]);
  expect(refused).toMatch(/^530 5\.7\.0 /);
  expect(await mail.sessions()).toMatchObject([{ user: null, mechanism: null }]);
  expect(await under(secure, [ada])).toEqual(["235 2.7.0 Authentication successful"]);
  expect(await mail.sessions()).toMatchObject([{ user: "ada", mechanism: "PLAIN" }]);
  secure.destroy();
});

test.each<[auths: string[], lines: string[], heard: string]>([
  [
    [],
    ["AUTH LOGIN", "Ym9i", "cw=="],
    "334 VXNlcm5hbWU6\n334 UGFzc3dvcmQ6\n235 2.7.0 Authentication successful\n",
  ],
  [[], ["AUTH PLAIN AGJvYgBz"], "235 2.7.0 Authentication successful\n"],
  [["bob:other"], ["AUTH PLAIN AGJvYgBz"], "535 5.7.8 Authentication credentials invalid\n"],
  [[], ["AUTH LOGIN", "*"], "334 VXNlcm5hbWU6\n501 5.0.0 Authentication cancelled\n"],
])("of %j, %j every reply has the line ends of a rule for any", async (auths, lines, heard) => {
  const mail = await start({ auths });
  const client = await RawClient.greeted(mail.smtp.port);
  const fault = await mail.faults.use("lf-replies");
  for (const line of lines) {
    const before = client.rest.length;
    client.send(`${line}\r\n`);
    await expect.poll(() => client.rest.length).toBeGreaterThan(before);
  }
  expect(client.rest).toBe(heard);
  expect(await fault.fired()).toBe(1);
  client.close();
});
