import type { Message } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { isOn, type Values } from "../option.ts";
import { printable, printableJson, printableLines } from "../terminal.ts";
import { localTime } from "../time.ts";
import { formatReply, formatSize } from "../transaction-line.ts";
import { UsageError } from "../usage-error.ts";

const forms = ["raw", "html", "text", "json"];

export const show: Command = {
  name: "show",
  operands: "ID|latest",
  summary: "Show a message",
  options: [
    { flag: "raw", kind: "switch", help: "Its octets as they were sent" },
    { flag: "html", kind: "switch", help: "Its HTML" },
    { flag: "text", kind: "switch", help: "Its text" },
  ],
  notes: [
    "On a terminal, control characters of the message are shown as \\x1b; into a file or a pipe all goes as it is.",
    "",
    "  mailproof show latest --raw > message.eml",
    "",
  ],
  async run(line, terminal) {
    const [id = ""] = operandsOf(show, line, 1);
    refuseTwoForms(line.values);
    await connected(line.values, async (mail) => {
      const message = await mail.message(id);
      if (isOn(line.values, "raw")) terminal.octets(await message.raw());
      else if (isOn(line.values, "html")) terminal.octets(message.html ?? missing(message, "HTML"));
      else if (isOn(line.values, "text")) terminal.octets(message.text ?? missing(message, "text"));
      else if (isOn(line.values, "json")) terminal.out(printableJson(message, 2));
      else terminal.out(overview(message));
    });
    return 0;
  },
};

function refuseTwoForms(values: Values): void {
  const asked = forms.filter((form) => isOn(values, form)).map((form) => `--${form}`);
  if (asked.length < 2) return;
  throw new UsageError(`Failed to choose a form: ${asked.join(" and ")} are given; give one of them`);
}

function missing({ id }: Message, part: string): never {
  throw new Error(`Failed to show the ${part}: ${id} has none; leave out the option, or use --raw`);
}

/** What the envelope says beside the addresses, as far as it says something. */
function delivered({ transaction, nextHop, heldUntil }: Message): string[][] {
  const { verb, mailParameters, recipients } = transaction;
  return [
    ...(verb === null || verb === "MAIL" ? [] : [["Verb", verb]]),
    ...parameterRow("Parameters", mailParameters),
    ...recipients.flatMap(({ path, parameters }) =>
      parameterRow(`Parameters of ${path.address}`, parameters),
    ),
    ...recipients
      .filter(({ accepted }) => !accepted)
      .map(({ path, reply, finalReply }) => [
        "Refused",
        `${path.address || path.raw}, ${formatReply(finalReply ?? reply)}`,
      ]),
    ...(nextHop === null
      ? []
      : [["Next hop", `${nextHop.reversePath} → ${nextHop.forwardPaths.join(", ")}`]]),
    ...(heldUntil === null ? [] : [["Held until", heldUntil]]),
  ];
}

function parameterRow(name: string, parameters: Readonly<Record<string, string | true>>): string[][] {
  const words = Object.entries(parameters).map(([keyword, value]) =>
    value === true ? keyword : `${keyword}=${value}`,
  );
  return words.length === 0 ? [] : [[name, words.join(" ")]];
}

function overview(message: Message): string {
  const { id, receivedAt, envelope, headers, attachments, warnings, size, text, html } = message;
  const shown = ["from", "to", "cc", "reply-to", "subject", "date"];
  const rows = [
    ["Message", `${id}, ${formatSize(size)}, received ${localTime(receivedAt)}`],
    ["Envelope", `${envelope.from || "<>"} → ${envelope.to.join(", ")}`],
    ...headers
      .filter(({ name }) => shown.includes(name.toLowerCase()))
      .map(({ name, value }) => [name, value]),
    ...attachments.map(({ filename, contentType, size: octets }) => [
      "Attachment",
      `${filename ?? "(no name)"}, ${contentType}, ${formatSize(octets)}`,
    ]),
    ...delivered(message),
    ...warnings.map((warning) => ["Warning", warning]),
  ];
  const head = rows.map(([name = "", value = ""]) => `${printable(name)}: ${printable(value)}`);
  const body = text ?? (html === null ? "" : "(only HTML: see --html)");
  return [...head, "", printableLines(body)].join("\n");
}
