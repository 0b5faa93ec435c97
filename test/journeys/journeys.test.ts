/** The started program on every runtime, driven by clients that we did not write. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof, startMailproof } from "../../mod.ts";
import { type Client, type Delivery, requestedDsn, run } from "./client.ts";
import { clients } from "./clients/all.ts";
import { askOffer } from "./offer.ts";
import { available, type Program, type Runtime, runtimes, startProgram } from "./program.ts";

/** What does not touch sockets and TLS is the same everywhere, and shown here only. */
const thorough: Runtime = "node";

/** One that speaks plain text only, as by default, and one that offers TLS. */
interface Place {
  readonly program: Program;
  readonly mail: Mailproof;
}

const flags = ["--auth", "ada:secret", "--fault", "rcpt nobody@* 550 5.1.1 No such user"];
const tlsFlags = ["--starttls", "offer", "--smtps-port", "0"];
const offer = await askOffer();

const isThere = (client: Client): boolean => client.needs.map(available).every(Boolean);

let otherCa: string | null;
beforeAll(async () => {
  const other = await startMailproof({ starttls: "offer" });
  otherCa = other.tls.ca;
  await other.close();
  await Promise.all(clients.filter(isThere).map((client) => client.prepare?.()));
}, 120_000);

for (const runtime of Object.keys(runtimes) as Runtime[]) {
  describe.skipIf(!available(runtimes[runtime].command))(`the program on ${runtime}`, () => {
    const places: Place[] = [];
    let plain: Place;
    let secure: Place;
    let ca: string;

    beforeAll(async () => {
      const open = async (...more: string[]): Promise<Place> => {
        const program = await startProgram(runtime, [...flags, ...more]);
        const place = { program, mail: await connectMailproof(program.ready.http.url) };
        places.push(place);
        return place;
      };
      [plain, secure] = await Promise.all([open(), open(...tlsFlags)]);
      ca = await (await fetch(new URL("/api/tls/ca.pem", secure.program.ready.http.url))).text();
    }, 60_000);

    afterAll(async () => {
      for (const { program, mail } of places) {
        await mail.close();
        // Told to go, it goes with a good conscience.
        expect(await program.stop()).toBe(0);
      }
    });

    describe.skipIf(!available("smtp-source"))("Postfix's smtp-source", () => {
      test.each([
        ["10 connections kept open", ["-d"]],
        ["a connection per message", []],
      ])("%s: 500 messages, and every one is kept whole", async (_, mode) => {
        const to = `source${mode.length}@example.test`;
        const { host, port } = plain.program.ready.smtp;
        const args = [...mode, "-s", "10", "-l", "3000", "-m", "500", "-f", "sender@example.test", "-t", to];
        await run("smtp-source", [...args, `${host}:${port}`]);
        const messages = await plain.mail.waitForAll(
          { to },
          { exactly: 500, quiet: "200ms", timeout: 20_000 },
        );
        // -l is the length of the content without its header.
        expect(new Set(messages.map((message) => message.text?.length)).size).toBe(1);
        expect(messages[0]?.size).toBeGreaterThan(3000);
        expect(new Set(messages.map((message) => message.transaction.outcome))).toEqual(
          new Set(["accepted"]),
        );
      });
    });

    for (const client of clients) {
      describe.skipIf(!isThere(client))(client.name, () => {
        const order = (change: Partial<Delivery>): Delivery => ({
          ...plain.program.ready.smtp,
          tls: "none",
          ca: null,
          auth: null,
          from: "sender@example.test",
          to: [uniqueAddress(client)],
          subject: `By ${client.name}`,
          text: "Good morning.\r\nSecond line",
          attachment: null,
          dsn: false,
          ...change,
        });
        /** Sends, and waits for what the first recipient gets. */
        const journey = async (change: Partial<Delivery>, { mail }: Place = plain) => {
          const delivery = order(change);
          await client.send(delivery);
          const message = await mail.waitFor({ to: delivery.to[0] as string }, { timeout: 10_000 });
          const session = (await mail.sessions()).find((one) => one.id === message.sessionId);
          if (session === undefined) throw new Error(`Failed to find the session of ${message.id}`);
          return { message, session };
        };
        const overStartTls = () => ({
          tls: "starttls" as const,
          host: "localhost",
          port: secure.program.ready.smtp.port,
        });

        test.concurrent("plain", async () => {
          const { message, session } = await journey({});
          expect(message.envelope.from).toBe("sender@example.test");
          expect(message.envelope.to).toHaveLength(1);
          expect(message.from?.address).toBe("sender@example.test");
          expect(message.subject).toBe(`By ${client.name}`);
          expect(message.text).toContain("\nSecond line");
          expect(message.transaction.outcome).toBe("accepted");
          const esmtp = client.hello === "EHLO";
          expect(session).toMatchObject({ esmtp, tls: null, user: null, mechanism: null });
          const warnings = new Set([...message.warnings, ...session.warnings]);
          expect([...warnings].sort()).toEqual([...client.warnings].sort());
        });

        runs(runtime === thorough)(`lines that begin with a dot: it ${client.dots}`, async () => {
          const { message } = await journey({ text: "Dots.\r\n.\r\n..two" });
          const text = {
            keeps: "Dots.\n.\n..two",
            "loses a dot": "Dots.\n.\n.two",
            "doubles a lone dot": "Dots.\n..\n..two",
            "ends the message there": "Dots.",
          };
          expect(message.text?.trimEnd()).toBe(text[client.dots]);
        });

        const mechanisms = runtime === thorough ? client.mechanisms : client.mechanisms.slice(0, 1);
        for (const mechanism of mechanisms) {
          if (!offer.mechanisms.has(mechanism)) {
            test.todo(`AUTH ${mechanism}`);
            continue;
          }
          test.concurrent(`AUTH ${mechanism}`, async () => {
            const { message, session } = await journey({
              auth: { mechanism, user: "ada", password: "secret" },
            });
            expect(session).toMatchObject({ user: "ada", mechanism, authError: null });
            const transcript = await plain.mail.transcript(message.sessionId as string);
            expect(transcript).not.toContain("secret");
            expect(transcript).not.toContain(btoa("secret"));
          });
        }

        runs(runtime === thorough)("AUTH with a wrong password is refused", async () => {
          const to = [uniqueAddress(client)];
          const mechanism = client.mechanisms.find((one) => offer.mechanisms.has(one)) as string;
          const auth = { mechanism, user: "ada", password: "wrong" };
          await expect(client.send(order({ to, auth }))).rejects.toThrow();
          expect(await plain.mail.messages({ to: to[0] as string })).toEqual([]);
        });

        runs(client.tls.includes("starttls"))("STARTTLS with the generated CA", async () => {
          const { session } = await journey({ ...overStartTls(), ca }, secure);
          expect([session.listener, session.tlsError]).toEqual(["smtp", null]);
          expect(session.tls?.version).toMatch(/^TLSv1\.[23]$/);
        });

        runs(client.tls.includes("implicit"))("implicit TLS", async () => {
          const port = secure.program.ready.smtps?.port as number;
          const { session } = await journey({ tls: "implicit", host: "localhost", port, ca }, secure);
          expect(session).toMatchObject({
            listener: "smtps",
            tls: { version: expect.stringMatching(/^TLSv1\.[23]$/) },
          });
        });

        test.concurrent("a 5 MB attachment arrives octet for octet", async () => {
          const attachment = new Uint8Array(5 * 1024 * 1024).map((_, index) => (index * 7919) >> 3);
          const { message } = await journey({ attachment });
          expect(message.attachments).toHaveLength(1);
          expect(Buffer.compare(await message.attachment(0), attachment)).toBe(0);
        });

        runs(client.smtputf8 !== null && runtime === thorough)("addresses in UTF-8", async () => {
          const user = `用户${crypto.randomUUID().slice(0, 8)}`;
          const [bücher, 例え] =
            client.smtputf8 === "utf8" ? ["bücher", "例え"] : ["xn--bcher-kva", "xn--r8jz45g"];
          await client.send(order({ from: "jürgen@bücher.test", to: [`${user}@例え.test`] }));
          const message = await plain.mail.waitFor({ to: `${user}@*` }, { timeout: 10_000 });
          expect(message.envelope).toEqual({ from: `jürgen@${bücher}.test`, to: [`${user}@${例え}.test`] });
          expect(message.transaction.mailParameters).toHaveProperty("SMTPUTF8");
        });

        if (client.dsn.length > 0 && runtime === thorough) {
          const asks = offer.keywords.has("DSN") ? test.concurrent : test.todo;
          asks(`DSN: ${client.dsn.join(", ")}`, async () => {
            const { message } = await journey({ dsn: true });
            const [recipient] = message.transaction.recipients;
            const parameters = { ...message.transaction.mailParameters, ...recipient?.parameters };
            for (const name of client.dsn) expect(parameters).toHaveProperty(name, requestedDsn[name]);
          });
        }

        runs(runtime === thorough)(
          `one of two recipients is refused: it ${client.refusedRecipient}`,
          async () => {
            const to = [uniqueAddress(client), "nobody@example.test"];
            // Some report a failure although the rest went out.
            await client.send(order({ to })).catch(() => {});
            const [transaction] = await plain.mail.waitForTransactions(
              { to: to[0] as string },
              { timeout: 10_000 },
            );
            expect(transaction?.recipients.map((tried) => tried.reply?.code)).toEqual([250, 550]);
            const isSent = client.refusedRecipient === "sends to the rest";
            expect(transaction?.outcome).toBe(isSent ? "accepted" : "aborted");
          },
        );

        // Not at the same time as others: the sessions are told apart by their order.
        const lastSession = async () => (await secure.mail.sessions()).at(-1);

        runsAlone(client.tls.includes("starttls"))("STARTTLS with a CA that it does not know", async () => {
          const to = [uniqueAddress(client)];
          const sent = client.send(order({ ...overStartTls(), to, ca: otherCa }));
          if (client.verifies) await expect(sent).rejects.toThrow();
          else await sent;
          await expect.poll(async () => (await lastSession())?.closedAt).not.toBeNull();
          expect(await secure.mail.messages({ to: to[0] as string })).toHaveLength(client.verifies ? 0 : 1);
        });

        runsAlone(runtime === thorough)(
          `where STARTTLS is offered, it ${client.onStartTls} by itself`,
          async () => {
            const upgrades = client.onStartTls === "upgrades";
            const sent = client.send(order({ ...overStartTls(), tls: "none" }));
            if (upgrades && client.verifies) await expect(sent).rejects.toThrow();
            else await sent;
            await expect.poll(async () => (await lastSession())?.closedAt).not.toBeNull();
            const session = await lastSession();
            expect(session?.tls !== null || session.tlsError !== null).toBe(upgrades);
          },
        );
      });
    }
  });
}

type Declare = (name: string, act: () => Promise<void>) => void;

/** What a client cannot do, or what is shown elsewhere, is no test that is skipped. */
function runs(can: boolean): Declare {
  return can ? test.concurrent : () => {};
}

/** The same, not while others run. */
function runsAlone(can: boolean): Declare {
  return can ? test : () => {};
}

/** So that no test sees another's mail. */
function uniqueAddress(client: Client): string {
  const name = client.name.replace(/[^a-z]+/gi, "-").toLowerCase();
  return `${name}-${crypto.randomUUID().slice(0, 8)}@example.test`;
}
