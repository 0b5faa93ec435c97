/** The started program on every runtime, driven by clients that we did not write. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof, startMailproof } from "../../mod.ts";
import { clients, type Delivery, run } from "./clients.ts";
import { available, type Program, type Runtime, runtimes, startProgram } from "./program.ts";

const flags = [
  "--starttls",
  "offer",
  "--smtps-port",
  "0",
  "--auth",
  "ada:secret",
  "--fault",
  "rcpt nobody@* 550 5.1.1 No such user",
];

let otherCa: string | null;
beforeAll(async () => {
  const other = await startMailproof({ starttls: "offer" });
  otherCa = other.tls.ca;
  await other.close();
});

for (const runtime of Object.keys(runtimes) as Runtime[]) {
  describe.skipIf(!available(runtimes[runtime].command))(`the program on ${runtime}`, () => {
    let program: Program;
    let mail: Mailproof;
    let ca: string;

    beforeAll(async () => {
      program = await startProgram(runtime, flags);
      mail = await connectMailproof(program.ready.http.url);
      ca = await (await fetch(new URL("/api/tls/ca.pem", program.ready.http.url))).text();
    }, 60_000);

    afterAll(async () => {
      await mail?.close();
      // Told to go, it goes with a good conscience.
      expect(await program?.stop()).toBe(0);
    });

    describe.skipIf(!available("smtp-source"))("Postfix's smtp-source", () => {
      test.each([
        ["10 connections kept open", ["-d"]],
        ["a connection per message", []],
      ])("%s: 500 messages, and every one is kept whole", async (_, mode) => {
        const to = `source${mode.length}@example.test`;
        const { host, port } = program.ready.smtp;
        const args = [...mode, "-s", "10", "-l", "3000", "-m", "500", "-f", "sender@example.test", "-t", to];
        await run("smtp-source", [...args, `${host}:${port}`], [0]);
        const messages = await mail.waitForAll({ to }, { exactly: 500, quiet: "200ms", timeout: 20_000 });
        // -l is the length of the content without its header.
        expect(new Set(messages.map((message) => message.text?.length)).size).toBe(1);
        expect(messages[0]?.size).toBeGreaterThan(3000);
        expect(new Set(messages.map((message) => message.transaction.outcome))).toEqual(
          new Set(["accepted"]),
        );
      });
    });

    for (const client of clients) {
      describe.skipIf(client.program !== null && !available(client.program))(client.name, () => {
        const order = (change: Partial<Delivery>): Delivery => {
          const { host, port } =
            change.tls === "implicit" ? (program.ready.smtps ?? program.ready.smtp) : program.ready.smtp;
          return {
            host,
            port,
            tls: "none",
            ca: null,
            auth: null,
            from: "sender@example.test",
            // Unique, so that no test sees another's mail.
            to: [`${client.name}-${crypto.randomUUID().slice(0, 8)}@example.test`],
            subject: `By ${client.name}`,
            text: "Good morning.\r\n.\r\n..two dots",
            attachment: null,
            ...change,
          };
        };
        /** Sends, and waits for what the first recipient gets. */
        const journey = async (change: Partial<Delivery>) => {
          const delivery = order(change);
          await client.send(delivery);
          return await mail.waitFor({ to: delivery.to[0] as string }, { timeout: 10_000 });
        };
        const session = async (id: string | null) => (await mail.sessions()).find((one) => one.id === id);

        test("plain", async () => {
          const message = await journey({});
          expect(message.envelope.from).toBe("sender@example.test");
          expect(message.subject).toBe(`By ${client.name}`);
          expect(message.text).toContain("\n..two dots");
          expect(message.transaction.outcome).toBe("accepted");
        });

        test("AUTH", async () => {
          const message = await journey({ auth: { user: "ada", password: "secret" } });
          expect((await session(message.sessionId))?.user).toBe("ada");
          expect(await mail.transcript(message.sessionId as string)).not.toContain("secret");
        });

        test("AUTH with a wrong password is refused", async () => {
          const to = [`${client.name}-refused@example.test`];
          await expect(journey({ to, auth: { user: "ada", password: "wrong" } })).rejects.toThrow();
          expect(await mail.messages({ to: to[0] as string })).toEqual([]);
        });

        test("STARTTLS with the generated CA", async () => {
          const message = await journey({ tls: "starttls", ca, host: "localhost" });
          expect((await session(message.sessionId))?.tls?.version).toMatch(/^TLSv1\.[23]$/);
        });

        test("STARTTLS with a CA that is not known to the client", async () => {
          const to = [`${client.name}-distrusts@example.test`];
          await expect(journey({ to, tls: "starttls", ca: otherCa, host: "localhost" })).rejects.toThrow();
          await expect.poll(async () => (await mail.sessions()).at(-1)?.tlsError).toMatch(/^TLS/);
        });

        test("implicit TLS", async () => {
          const message = await journey({ tls: "implicit", ca, host: "localhost" });
          expect(await session(message.sessionId)).toMatchObject({ listener: "smtps" });
        });

        test("a 5 MB attachment arrives octet for octet", async () => {
          const attachment = new Uint8Array(5 * 1024 * 1024).map((_, index) => (index * 7919) >> 3);
          const message = await journey({ attachment });
          expect(message.attachments).toHaveLength(1);
          expect(Buffer.compare(await message.attachment(0), attachment)).toBe(0);
        });

        // A client that cannot has nothing to show here.
        if (client.smtputf8 !== null)
          test("addresses in UTF-8", async () => {
            const [from, to] = ["jürgen@bücher.test", `用户-${client.name}@例え.test`];
            const [bücher, 例え] =
              client.smtputf8 === "utf8" ? ["bücher", "例え"] : ["xn--bcher-kva", "xn--r8jz45g"];
            await client.send(order({ from, to: [to] }));
            const message = await mail.waitFor({ to: `用户-${client.name}@*` }, { timeout: 10_000 });
            expect(message.envelope).toEqual({
              from: `jürgen@${bücher}.test`,
              to: [`用户-${client.name}@${例え}.test`],
            });
            expect(message.transaction.mailParameters).toHaveProperty("SMTPUTF8");
          });

        test("two recipients, one refused", async () => {
          const to = [`${client.name}-one@example.test`, "nobody@example.test"];
          const message = await journey({ to });
          expect(message.envelope.to).toEqual([to[0]]);
          const replies = message.transaction.recipients.map((tried) => tried.reply?.code);
          expect(replies).toEqual([250, 550]);
        });
      });
    }
  });
}
