import { nearest } from "../notation/mod.ts";
import { type Command, readArguments } from "./command.ts";
import { clear, reset } from "./commands/clear.ts";
import { clock } from "./commands/clock.ts";
import { directory } from "./commands/directory.ts";
import { exec } from "./commands/exec.ts";
import { faults } from "./commands/faults.ts";
import { health } from "./commands/health.ts";
import { list } from "./commands/list.ts";
import { send } from "./commands/send.ts";
import { sendmail } from "./commands/sendmail.ts";
import { sessions } from "./commands/sessions.ts";
import { show } from "./commands/show.ts";
import { transactions } from "./commands/transactions.ts";
import { transcript } from "./commands/transcript.ts";
import { wait } from "./commands/wait.ts";
import { warningsOfVariables } from "./environment.ts";
import { readFlags } from "./flags.ts";
import { commandHelp, programHelp } from "./help.ts";
import { isOn } from "./option.ts";
import { helpOption, programOptions, serverOptions, versionOption } from "./options.ts";
import { serve } from "./serve.ts";
import { printableLines, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const commands: readonly Command[] = [
  wait,
  list,
  show,
  transactions,
  sessions,
  transcript,
  faults,
  directory,
  clock,
  clear,
  reset,
  health,
  send,
  sendmail,
  exec,
];

/**
 * Does what the arguments ask for and resolves to the exit code: 0, 1 for what went wrong, 2 for arguments,
 * variables or a config file that cannot be followed. What goes wrong is said in one line.
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [first = "", ...rest] = args;
    if (first === "help") return help(rest, terminal);
    if (first === "serve") return await runServe(rest, terminal);
    if (first === "" || first.startsWith("-")) return await runServe(args, terminal);
    return await runCommand(first, rest, terminal);
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // The message of a wait tells of mails, and so of what strangers wrote.
    terminal.err(`mailproof: ${printableLines((isMistake(error) ? stack : message) ?? message)}`);
    if (error instanceof UsageError) return error.exitCode;
    return isUsage(error) ? 2 : 1;
  }
}

/** `mailproof help wait` is `mailproof wait --help`. */
function help([name = "serve", ...more]: readonly string[], terminal: Terminal): number {
  if (more.length > 0)
    throw new UsageError(
      `Failed to read the operands of help: ${[name, ...more].join(" ")}; name one command`,
    );
  terminal.out(name === "serve" ? programHelp(commands) : commandHelp(commandOf(name)));
  return 0;
}

async function runServe(args: readonly string[], terminal: Terminal): Promise<number> {
  const line = readFlags(args, [...serverOptions, ...programOptions, versionOption, helpOption]);
  if (isOn(line.values, "help")) {
    terminal.out(programHelp(commands));
    return 0;
  }
  if (isOn(line.values, "version")) {
    const { version } = await import("../mailproof.ts");
    terminal.out(`mailproof ${version}`);
    return 0;
  }
  const [operand] = line.positionals;
  if (operand !== undefined) {
    throw new UsageError(
      `Failed to read the arguments: ${operand} is no option; a command comes first, see --help`,
    );
  }
  warn(terminal);
  return await serve(line.values, terminal);
}

async function runCommand(name: string, args: readonly string[], terminal: Terminal): Promise<number> {
  const command = commandOf(name);
  const line = readArguments(command, args);
  if (isOn(line.values, "help")) {
    terminal.out(commandHelp(command));
    return 0;
  }
  warn(terminal);
  return await command.run(line, terminal);
}

function commandOf(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  const near = nearest(name, ["serve", "help", ...commands.map((one) => one.name)]);
  throw new UsageError(`Unknown command: ${name}; ${near === null ? "see --help" : `did you mean ${near}?`}`);
}

function warn(terminal: Terminal): void {
  for (const warning of warningsOfVariables([...serverOptions, ...programOptions]))
    terminal.err(terminal.paint("yellow", warning));
}

/** Values that no server could take are refused by the rooms below, as `TypeError` or `RangeError`. */
function isUsage(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof RangeError) && !isMistake(error);
}

/** An error of the language itself, which no message of ours explains. */
function isMistake(error: unknown): boolean {
  const { name, message } = error as Error;
  return /^(Type|Range|Reference|Syntax)Error$/.test(name) && !message.startsWith("Failed to ");
}
