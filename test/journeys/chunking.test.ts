/** BDAT and BINARYMIME with a client that we did not write: Perl's Net::SMTP. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectMailproof, type Mailproof } from "../../mod.ts";
import { available, type Program, startProgram } from "./program.ts";

let program: Program;
let mail: Mailproof;

beforeAll(async () => {
  program = await startProgram("node", []);
  mail = await connectMailproof(program.ready.http.url);
});

afterAll(async () => {
  await mail.close();
  await program.stop();
});

const script = `
use Net::SMTP;
my $smtp = Net::SMTP->new("127.0.0.1", Port => $ARGV[0], Hello => "perl.test") or die "connect";
$smtp->mail('a@c.test', Bits => "binary") or die "mail";
$smtp->to('b@s.test') or die "rcpt";
$smtp->bdat("Subject: by bdat\\r\\n\\r\\n") or die "bdat";
$smtp->bdatlast("\\0.\\r\\n\\xff\\n") or die "bdat last";
$smtp->quit;
`;

test.runIf(available("perl"))("K7: what Net::SMTP sends in chunks is kept octet for octet", async () => {
  const perl = spawnSync("perl", ["-e", script, String(mail.smtp.port)], { encoding: "utf8" });
  expect(perl.stderr).toBe("");
  const message = await mail.waitFor({ subject: "by bdat" }, { since: 0 });
  const sent = "Subject: by bdat\r\n\r\n\0.\r\n\xff\n";
  expect(Buffer.from(await message.raw()).toString("latin1")).toBe(sent);
  expect(message.transaction.mailParameters).toMatchObject({ BODY: "BINARYMIME" });
  expect(message.warnings).toEqual([]);
});
