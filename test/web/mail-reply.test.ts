import { expect, test } from "vitest";
import type { Reply, TranscriptLine } from "../../src/api/contract.ts";
import { mailReply } from "../../web/src/transactions/mail-reply.ts";

/** Lines such as `C MAIL FROM:<a@x>`; those that begin with `-` are of another transaction. */
function transcript(...lines: readonly string[]): TranscriptLine[] {
  return lines.map((line, at) => {
    const ours = line.replace(/^-/, "");
    const transactionId = ours === line ? "t1" : "t0";
    return { at, by: ours[0] as "C" | "S" | "*", text: ours.slice(2), transactionId };
  });
}

const reply = (code: number, ...lines: string[]): Reply => ({ code, enhanced: null, lines });

const rows: readonly [name: string, lines: readonly string[], said: Reply | null][] = [
  [
    "the reply after MAIL",
    ["C MAIL FROM:<a@x>", "S 250 2.1.0 Ok", "C RCPT TO:<b@x>", "S 550 No"],
    reply(250, "2.1.0 Ok"),
  ],
  ["with a remark between", ["C MAIL FROM:<a@x>", "* rule r: 451 Later", "S 451 Later"], reply(451, "Later")],
  ["of several lines", ["C mail from:<a@x>", "S 250-one", "S 250 two"], reply(250, "one", "two")],
  [
    "not that of another transaction",
    ["-C MAIL FROM:<a@x>", "-S 250 Other", "C MAIL FROM:<b@x>", "S 552 Big"],
    reply(552, "Big"),
  ],
  ["nothing was said", ["C MAIL FROM:<a@x>", "C RCPT TO:<b@x>", "S 250 2.1.5 Ok"], null],
  ["MAIL was let go", ["C RCPT TO:<b@x>", "S 250 2.1.5 Ok"], null],
  ["no reply at all", ["C MAIL FROM:<a@x>", "S what?"], null],
  ["no lines", [], null],
];

for (const [name, lines, said] of rows) {
  test(`MAIL's reply: ${name}`, () => {
    expect(mailReply(transcript(...lines), "t1")).toEqual(said);
  });
}
