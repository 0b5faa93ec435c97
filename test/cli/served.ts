/** A server for the tests of one file, reset between them, and the program that is told where it is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Mailproof, startMailproof } from "../../mod.ts";
import { type Outcome, run } from "./recorder.ts";

export interface Served {
  readonly mail: Mailproof;
  /** A file that holds the value as JSON. */
  readonly fileOf: (value: unknown) => string;
  readonly ask: (...args: string[]) => Promise<Outcome>;
  readonly send: (to: string, subject?: string, more?: object) => Promise<void>;
}

/** To be called once, outside of all tests. */
export function served(): Served {
  let mail: Mailproof;
  beforeAll(async () => {
    mail = await startMailproof({ httpToken: "secret", faults: ["rcpt nobody@* 550 5.1.1 No such user"] });
  });
  afterAll(() => mail.close());
  beforeEach(() => mail.reset());
  const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    get mail() {
      return mail;
    },
    fileOf(value) {
      const path = join(folder, "value.json");
      writeFileSync(path, JSON.stringify(value));
      return path;
    },
    ask: (...args) => run(...args, "--url", mail.http.url, "--http-token", "secret"),
    async send(to, subject = "Welcome", more = {}) {
      const client = createTransport({ host: mail.smtp.host, port: mail.smtp.port });
      await client.sendMail({ from: "ada@a.test", to, subject, text: "Good morning.", ...more });
    },
  };
}
