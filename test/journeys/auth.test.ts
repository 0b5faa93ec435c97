/** Each mechanism of AUTH with every client that speaks it, against the started program on every runtime. */
import nodemailer from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof } from "../../mod.ts";
import { run } from "./clients.ts";
import { available, type Program, type Runtime, runtimes, startProgram } from "./program.ts";

interface LogIn {
  readonly host: string;
  readonly port: number;
  readonly mechanism: string;
  readonly user: string;
  /** Password or token. */
  readonly secret: string;
}

interface Client {
  readonly name: string;
  readonly program: string | null;
  readonly mechanisms: readonly string[];
  /** Rejects if it was not let in. */
  logIn(order: LogIn): Promise<void>;
}

const smtplib = `
import smtplib, sys
host, port, mechanism, user, secret = sys.argv[1:]
with smtplib.SMTP(host, int(port)) as client:
    client.ehlo()
    client.user, client.password = user, secret
    client.auth(mechanism, getattr(client, "auth_" + mechanism.lower().replace("-", "_")))
`;

const clients: readonly Client[] = [
  {
    name: "GNU SASL",
    program: "gsasl",
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "SCRAM-SHA-1", "EXTERNAL"],
    async logIn({ host, port, mechanism, user, secret }) {
      const args = ["--smtp", "--no-starttls", `--connect=${host}:${port}`, "--mechanism", mechanism];
      const name = mechanism === "EXTERNAL" ? "--authorization-id" : "--authentication-id";
      await run("gsasl", [...args, name, user, "--password", secret], [0]);
    },
  },
  {
    name: "curl",
    program: "curl",
    // With a token it takes OAUTHBEARER wherever that is offered, whatever it is told.
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "OAUTHBEARER", "EXTERNAL"],
    async logIn({ host, port, mechanism, user, secret }) {
      const isToken = mechanism === "OAUTHBEARER";
      const password = isToken || mechanism === "EXTERNAL" ? "" : secret;
      const args = ["--silent", "--show-error", "--user", `${user}:${password}`];
      if (isToken) args.push("--oauth2-bearer", secret);
      args.push("--login-options", `AUTH=${mechanism}`, `smtp://${host}:${port}/curl.test`);
      await run("curl", args, [0]);
    },
  },
  {
    name: "swaks",
    program: "swaks",
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    async logIn({ host, port, mechanism, user, secret }) {
      const args = ["--server", host, "--port", String(port), "--helo", "swaks.test", "--to", "b@s.test"];
      args.push("--auth", mechanism, "--auth-user", user, "--auth-password", secret);
      await run("swaks", [...args, "--quit-after", "AUTH"], [0]);
    },
  },
  {
    name: "smtplib",
    program: "python3",
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    async logIn({ host, port, mechanism, user, secret }) {
      await run("python3", ["-c", smtplib, host, String(port), mechanism, user, secret], [0]);
    },
  },
  {
    name: "nodemailer",
    program: null,
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"],
    async logIn({ host, port, mechanism, user, secret }) {
      const auth =
        mechanism === "XOAUTH2"
          ? ({ type: "OAuth2", user, accessToken: secret } as const)
          : { user, pass: secret };
      const transport = nodemailer.createTransport({ host, port, auth, authMethod: mechanism });
      try {
        await transport.verify();
      } finally {
        transport.close();
      }
    },
  },
];

for (const runtime of Object.keys(runtimes) as Runtime[]) {
  describe.skipIf(!available(runtimes[runtime].command))(`the program on ${runtime}`, () => {
    describe.each([
      ["any credentials", []],
      ["users with passwords", ["--auth", "ada:secret"]],
    ])("%s", (_, flags) => {
      const isAny = flags.length === 0;
      let program: Program;
      let mail: Mailproof;

      beforeAll(async () => {
        program = await startProgram(runtime, [...flags]);
        mail = await connectMailproof(program.ready.http.url);
      }, 60_000);

      afterAll(async () => {
        await mail?.close();
        expect(await program?.stop()).toBe(0);
      });

      for (const client of clients) {
        const offered = client.mechanisms.filter((name) =>
          isAny ? !name.startsWith("SCRAM-") : name !== "EXTERNAL",
        );
        describe.skipIf(client.program !== null && !available(client.program))(client.name, () => {
          test.each(offered)("%s", async (mechanism) => {
            const { host, port } = program.ready.smtp;
            const order = { host, port, mechanism, user: "ada", secret: "secret" };
            await client.logIn(order);
            const session = (await mail.sessions()).at(-1);
            expect(session).toMatchObject({ user: "ada", mechanism, authError: null });
            if (isAny) return;
            await expect(client.logIn({ ...order, secret: "wrong" })).rejects.toThrow();
            const authError = expect.stringMatching(`^AUTH ${mechanism} 535 5\\.7\\.8 `);
            expect((await mail.sessions()).at(-1)).toMatchObject({ user: null, authError });
          });
        });
      }
    });
  });
}
