/**
 * AUTH with GNU SASL, which only logs in, and so has mechanisms that few clients for mail have: against the
 * started program on every runtime. The others are in journeys.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof } from "../../mod.ts";
import { run } from "./client.ts";
import { available, type Program, type Runtime, runtimes, startProgram } from "./program.ts";

const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "SCRAM-SHA-1", "EXTERNAL"];

/** Rejects if it was not let in. */
async function logIn(port: number, mechanism: string, password: string): Promise<void> {
  const args = ["--smtp", "--no-starttls", `--connect=127.0.0.1:${port}`, "--mechanism", mechanism];
  const name = mechanism === "EXTERNAL" ? "--authorization-id" : "--authentication-id";
  await run("gsasl", [...args, name, "ada", "--password", password]);
}

for (const runtime of Object.keys(runtimes) as Runtime[]) {
  describe.skipIf(!available("gsasl") || !available(runtimes[runtime].command))(
    `the program on ${runtime}`,
    () => {
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

        const offered = mechanisms.filter((name) =>
          isAny ? !name.startsWith("SCRAM-") : name !== "EXTERNAL",
        );
        test.each(offered)("%s", async (mechanism) => {
          const { port } = program.ready.smtp;
          await logIn(port, mechanism, "secret");
          const session = (await mail.sessions()).at(-1);
          expect(session).toMatchObject({ user: "ada", mechanism, authError: null });
          if (isAny) return;
          await expect(logIn(port, mechanism, "wrong")).rejects.toThrow();
          const authError = expect.stringMatching(`^AUTH ${mechanism} 535 5\\.7\\.8 `);
          expect((await mail.sessions()).at(-1)).toMatchObject({ user: null, authError });
        });
      });
    },
  );
}
