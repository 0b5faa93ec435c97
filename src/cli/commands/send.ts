import { Buffer } from "node:buffer";
import { basename } from "node:path";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { readNamedOctets } from "../file.ts";
import { addressesIn, fieldsOf, hasControl } from "../mail-text.ts";
import { isOn, textOf, type Values } from "../option.ts";
import { formatRefusal, type Letter, type Report, submit } from "../submission.ts";
import { printable, printableJson, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export const send: Command = {
  name: "send",
  operands: "[FILE|-]",
  summary: "Send a test mail by SMTP, or the message in a file or on stdin (-)",
  options: [
    { flag: "to", kind: "list", placeholder: "ADDRESS", help: "Repeatable (ada@example.test)" },
    { flag: "from", kind: "text", placeholder: "ADDRESS", help: "(mailproof@example.test)" },
    { flag: "subject", kind: "text", help: "(Test mail)" },
    { flag: "text", kind: "text", help: "(a line)" },
    { flag: "html", kind: "text", help: "(none)" },
    { flag: "attach", kind: "list", placeholder: "FILE", help: "Repeatable" },
    { flag: "count", kind: "count", help: "So many, one after the other (1)" },
    { flag: "auth", kind: "text", placeholder: "USER:PASSWORD", help: "Authenticate (without)" },
  ],
  notes: [
    "Prints the server's reply. Exit code 0: all is accepted; 1: something was refused, which is told on stderr.",
    "Of a message that is given, --to and --from are the envelope; without them it is that of its fields.",
    "",
    "  mailproof send --to bob@full.test --subject Invoice --attach invoice.pdf",
    "  mailproof send - --to ada@example.test < message.eml",
    "",
  ],
  async run(line, terminal) {
    const { values, positionals } = line;
    if (positionals.length > 1) {
      throw new UsageError(
        `Failed to read the operands of send: ${positionals.join(" ")}; write mailproof send [FILE|-]`,
      );
    }
    checkAddresses(values);
    const [source] = positionals;
    const letter =
      source === undefined
        ? await compose(values)
        : readLetter(
            source === "-" ? await terminal.input() : readNamedOctets(source, "the message"),
            values,
          );
    const reports: Report[] = [];
    const json = isOn(values, "json");
    await connected(values, async (mail) => {
      for (let left = Number(values.get("count") ?? 1); left > 0; left--) {
        const report = await submit(mail, letter, textOf(values, "auth"));
        reports.push(report);
        if (!json) tell(report, terminal);
      }
    });
    if (json) terminal.out(printableJson(reports, 2));
    return reports.every(({ refusals }) => refusals.length === 0) ? 0 : 1;
  },
};

/** The replies as lines. */
export function tell({ accepted, refusals }: Report, terminal: Terminal): void {
  for (const refusal of refusals) terminal.err(`mailproof: ${printable(formatRefusal(refusal))}`);
  if (accepted !== null) terminal.out(printable(accepted));
}

async function compose(values: Values): Promise<Letter> {
  const from = textOf(values, "from") ?? "mailproof@example.test";
  const to = recipients(values) ?? ["ada@example.test"];
  const html = textOf(values, "html");
  const composer = new MailComposer({
    from,
    to: [...to],
    subject: textOf(values, "subject") ?? "Test mail",
    text: textOf(values, "text") ?? "This mail was sent by mailproof send.",
    ...(html === undefined ? {} : { html }),
    attachments: ((values.get("attach") ?? []) as readonly string[]).map((path) => ({
      filename: basename(path),
      content: Buffer.from(readNamedOctets(path, "--attach")),
    })),
  });
  return { ...envelope([from], to), content: await composer.compile().build() };
}

function readLetter(content: Uint8Array, values: Values): Letter {
  const fields = fieldsOf(content);
  const from = textOf(values, "from");
  return {
    ...envelope(
      from === undefined ? addressesIn(fields, ["from"]) : [from],
      recipients(values) ?? addressesIn(fields, ["to", "cc", "bcc"]),
    ),
    content,
  };
}

/** Names beside the addresses belong to the fields alone. */
function envelope(from: readonly string[], to: readonly string[]): { from: string; to: readonly string[] } {
  const bare = (text: string): string => /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
  if (to.length === 0)
    throw new UsageError("Failed to send: the message names no recipient; give one with --to");
  return { from: bare(from[0] ?? ""), to: to.map(bare) };
}

function checkAddresses(values: Values): void {
  const wrong = [textOf(values, "from") ?? "", ...(recipients(values) ?? [])].find(hasControl);
  if (wrong === undefined) return;
  throw new UsageError(
    `Failed to read the address: ${JSON.stringify(wrong)} has a control character; use one such as ada@example.test`,
  );
}

function recipients(values: Values): readonly string[] | undefined {
  return values.get("to") as readonly string[] | undefined;
}
