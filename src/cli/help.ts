import { type Command, optionsOf } from "./command.ts";
import { type Option, synopsisOf } from "./option.ts";
import { serveGroups } from "./options.ts";

/** `mailproof --help` */
export function programHelp(commands: readonly Command[]): string {
  const groups = Object.entries(serveGroups).map(([title, options]) =>
    section(title, options.map(optionRow)),
  );
  return [
    "Mailproof: a mock mail server. Catch mail, assert it, break its delivery.",
    "",
    "Usage: mailproof [serve] [options]",
    "       mailproof COMMAND [options]    for a running server; see mailproof help COMMAND",
    "",
    ...groups,
    "Options are also variables, MAILPROOF_SMTP_PORT, and keys of the config file, smtpPort; lists in plural.",
    "Sizes: 10k, 50M, 1G. Durations: 250ms, 10s, 5m. Lists in variables: a line for each.",
    "For --fault: mailproof faults presets lists the presets, mailproof faults --help phases and examples.",
    "",
    section(
      "Commands",
      commands.map(({ name, operands, summary }) => [`${name} ${operands}`.trim(), summary]),
    ),
  ].join("\n");
}

/** `mailproof wait --help` */
export function commandHelp(command: Command): string {
  const { name, operands, summary, notes = [] } = command;
  return [
    `${summary}.`,
    "",
    `Usage: mailproof ${name} ${operands.startsWith("--") ? `[options] ${operands}` : `${operands} [options]`.trimStart()}`,
    "",
    section("Options", optionsOf(command).map(optionRow)),
    ...notes,
  ].join("\n");
}

function optionRow(option: Option): [string, string] {
  return [synopsisOf(option), option.help];
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = 34;
  const lines = rows.map(([left, right]) =>
    left.length > width - 2
      ? `  ${left}\n${" ".repeat(width + 2)}${right}`
      : `  ${left.padEnd(width)}${right}`,
  );
  return `${title}\n${lines.join("\n")}\n`;
}
