/** The calling convention of sendmail, for PHP, cron and whatever else pipes a message into it. */
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { MailproofError } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { readVariable } from "../environment.ts";
import { readFlags } from "../flags.ts";
import { addressesIn, addressesOf, type Field, fieldsOf, hasControl, withFields } from "../mail-text.ts";
import { isOn, type Option, textOf, type Values } from "../option.ts";
import { connectionOptions, helpOption } from "../options.ts";
import { type Refusal, submit } from "../submission.ts";
import { printableJson } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { tell } from "./send.ts";

/** sysexits.h */
const exit = { usage: 64, data: 65, unavailable: 69, temporary: 75 };

const authOption: Option = {
  flag: "auth",
  kind: "text",
  placeholder: "USER:PASSWORD",
  help: "Authenticate (without)",
};

/** Letters that are followed by a value; those that are not used here are accepted and ignored. */
const valued = "fFrobeBCLNORVXhp";

export const sendmail: Command = {
  name: "sendmail",
  operands: "[-t] [-i] [-f FROM] [-F NAME] [RECIPIENT…]",
  summary: "Send the message on stdin, called as sendmail is, for PHP and cron",
  options: [authOption],
  notes: [
    "-t: recipients of To, Cc and Bcc too; Bcc is removed. -i, -oi: a line with a dot alone ends nothing.",
    "-f: the reverse-path; -F: the name in From, where the message has no From. Other options are ignored.",
    "A name without a domain, such as root, is one of this machine: root@localhost.",
    "Exit code: 0 accepted, 75 try again later (4yz, no connection), 69 refused, 65 content refused or no address, 64 usage.",
    "",
    '  php -d sendmail_path="mailproof sendmail -t -i" app.php',
    "  printf 'To: ada@example.test\\nSubject: Hello\\n\\nGood morning.\\n' | mailproof sendmail -t",
    "",
  ],
  read(args) {
    try {
      return readLine(args);
    } catch (error) {
      throw new UsageError((error as Error).message, exit.usage);
    }
  },
  async run({ values, positionals }, terminal) {
    const input = await terminal.input();
    const whole = withoutPostmark(isOn(values, "i") ? input : upToDot(input));
    const fields = fieldsOf(whole);
    const named = isOn(values, "t") ? addressesIn(fields, ["to", "cc", "bcc"]) : [];
    const to = [...positionals.flatMap(recipientsIn), ...named].map(qualified);
    if (to.length === 0) {
      throw new UsageError(
        "Failed to send: no recipient; name one as an argument, or take those of the message with -t",
        exit.usage,
      );
    }
    const own = qualified(readVariable("USER") ?? "nobody");
    const sender = textOf(values, "f") ?? authorOf(fields) ?? own;
    const from = sender === "" || sender === "<>" ? "" : qualified(sender);
    const name = textOf(values, "F");
    if (name !== undefined && hasControl(name)) {
      throw new UsageError(
        `Failed to read -F: ${JSON.stringify(name)} has a control character; give a name without one`,
        exit.usage,
      );
    }
    const content = withFields(whole, completed(fields, from === "" ? own : from, name));
    try {
      const report = await connected(values, (mail) =>
        submit(mail, { from, to, content }, textOf(values, "auth")),
      );
      if (isOn(values, "json")) terminal.out(printableJson(report, 2));
      // Cron would mail what a program says, and its sender waits for no word.
      else tell({ ...report, accepted: null }, terminal);
      return Math.max(0, ...report.refusals.map(exitCodeOf));
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(error.message, exit.usage);
      if (!(error instanceof MailproofError)) throw error;
      terminal.err(`mailproof: ${error.message}`);
      return exit.temporary;
    }
  },
};

/** Cron gives `root,ada` as one argument. What is none stays, to be told of. */
function recipientsIn(argument: string): string[] {
  const addresses = addressesOf(argument);
  return addresses.length === 0 || hasControl(argument) ? [argument] : addresses;
}

/** The reverse-path where none is given. A From that is only for who reads it does not stop the message. */
function authorOf(fields: readonly Field[]): string | undefined {
  const authors = addressesIn(fields, ["from"]);
  return authors.find((author) => author.includes("@")) ?? authors.find((author) => localName.test(author));
}

/** One word. An encoded word (RFC 2047) is a name for who reads it. */
const localName = /^(?!=\?)[^\s<>()[\]\\,;:"]+$/;

/** A name alone is one of this machine, as for every sendmail. What has a domain is left to the server. */
function qualified(text: string): string {
  const address = text.replace(/^<(.*)>$/, "$1");
  if (!hasControl(address)) {
    if (address.includes("@")) return address;
    if (localName.test(address)) return `${address}@localhost`;
  }
  throw new UsageError(
    `Failed to send: ${JSON.stringify(text)} is no address; use one such as root or ada@example.test`,
    exit.data,
  );
}

/** Our own options have two dashes, those of sendmail one, with their values attached or not (getopt). */
function readLine(args: readonly string[]): { values: Values; positionals: string[] } {
  const long: string[] = [];
  const positionals: string[] = [];
  const values = new Map<string, string | boolean>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") positionals.push(...rest.splice(0));
    else if (word.startsWith("--")) {
      long.push(word);
      if (!word.includes("=") && !["--json", "--help"].includes(word)) long.push(...rest.splice(0, 1));
    } else if (!word.startsWith("-") || word === "-") positionals.push(word);
    else readCluster(word, rest, values);
  }
  const ours = readFlags(long, [authOption, ...connectionOptions, helpOption]);
  return { values: new Map([...ours.values, ...values]), positionals };
}

/** `-ti`, `-fada@example.test`, `-oi`, `-f ada@example.test` */
function readCluster(word: string, rest: string[], values: Map<string, string | boolean>): void {
  for (let index = 1; index < word.length; index++) {
    const letter = word.charAt(index);
    if (!valued.includes(letter)) {
      values.set(letter, true);
      continue;
    }
    const value = word.slice(index + 1) || rest.shift();
    if (value === undefined) {
      throw new UsageError(`Failed to read -${letter}: no value; write -${letter} and the value`);
    }
    if (letter === "b" && value !== "m") {
      throw new UsageError(
        `Failed to follow -b${value}: only -bm is done here; give the message on standard input, or speak SMTP to the server`,
      );
    }
    if (letter === "o" && value === "i") values.set("i", true);
    else values.set(letter === "r" ? "f" : letter, value);
    return;
  }
}

/** Without -i, a line with a dot alone is the end. */
function upToDot(input: Uint8Array): Uint8Array {
  const text = Buffer.from(input).toString("latin1");
  const dot = /^\.\r?$/m.exec(text);
  return dot === null ? input : input.subarray(0, dot.index);
}

/** An mbox has a line `From ada@a.test Fri Nov 28 10:00:00 2025` before each message, which is no field of it. */
function withoutPostmark(input: Uint8Array): Uint8Array {
  const isPostmark = Buffer.from(input.subarray(0, 5)).toString("latin1") === "From ";
  return isPostmark ? input.subarray(input.indexOf(0x0a) + 1) : input;
}

/** As sendmail leaves them: without Bcc, and with what every message has. */
function completed(fields: readonly Field[], from: string, name: string | undefined): string[] {
  const has = (wanted: string): boolean => fields.some((field) => field.name === wanted);
  const quoted = name === undefined ? from : `${JSON.stringify(name)} <${from}>`;
  return [
    ...(has("from") ? [] : [Buffer.from(`From: ${quoted}`).toString("latin1")]),
    ...(has("date") ? [] : [`Date: ${new Date().toUTCString().replace("GMT", "+0000")}`]),
    ...(has("message-id") ? [] : [`Message-ID: <${randomUUID()}@localhost>`]),
    ...fields.filter((field) => field.name !== "bcc").map(({ text }) => text),
  ];
}

function exitCodeOf({ code, command }: Refusal): number {
  if (code === null || code < 500) return exit.temporary;
  return command === "DATA" ? exit.data : exit.unavailable;
}
