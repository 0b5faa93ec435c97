/** LMTP with clients that we did not write: each recipient hears its own reply. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof } from "../../mod.ts";
import { available, type Program, startProgram } from "./program.ts";

let program: Program;
let mail: Mailproof;

beforeAll(async () => {
  program = await startProgram("node", ["--lmtp-port", "0", "--fault", "end-of-data full@* 452 4.2.2 Full"]);
  mail = await connectMailproof(program.ready.http.url);
});

afterAll(async () => {
  await mail.close();
  await program.stop();
});

async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  child.stderr.on("data", (text) => {
    said += text;
  });
  await once(child, "close");
  return said;
}

/** Python raises for the first recipient that is refused after the content, and tells its reply. */
const script = `
import smtplib, sys
client = smtplib.LMTP("127.0.0.1", int(sys.argv[1]), local_hostname="lmtplib.test")
print(client.ehlo_resp.decode() if client.ehlo()[0] == 250 else "no LHLO")
client.mail("a@c.test")
for to in ("ada@s.test", "full@s.test"): client.rcpt(to)
print(client.data(b"Subject: by lmtplib\\r\\n\\r\\nhi\\r\\n"))
print(client.getreply())
client.quit()
`;

const clients = [
  {
    name: "swaks",
    run: (port: number) =>
      output("swaks", [
        ...["--protocol", "LMTP", "--server", "127.0.0.1", "--port", String(port), "--helo", "swaks.test"],
        ...["--from", "a@c.test", "--to", "ada@s.test,full@s.test", "--header", "Subject: by swaks"],
      ]),
    subject: "by swaks",
  },
  {
    name: "python3",
    run: (port: number) => output("python3", ["-c", script, String(port)]),
    subject: "by lmtplib",
  },
];

describe.each(clients)("LMTP: $name", ({ name, run, subject }) => {
  test.runIf(available(name))("one recipient has the message, the other is refused", async () => {
    const said = await run(mail.lmtp?.port ?? 0);
    expect(said).toMatch(/250.*queued as m\d+/s);
    expect(said).toMatch(/452.*Full/s);
    const message = await mail.waitFor({ subject, to: "ada@s.test" }, { since: 0 });
    expect(message.channel).toBe("lmtp");
    expect(message.envelope.to).toEqual(["ada@s.test"]);
    const finals = message.transaction.recipients.map(({ finalReply }) => finalReply?.code);
    expect(finals).toEqual([250, 452]);
  });
});
