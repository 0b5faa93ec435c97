import { type CommandLine, readFlags } from "./flags.ts";
import type { Option } from "./option.ts";
import { connectionOptions, helpOption, serverOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What the program can be asked to do, beside serving. */
export interface Command {
  readonly name: string;
  /** What follows the name, without options: `ID|latest`. */
  readonly operands: string;
  /** One line. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** It asks no running server, and so does not take the options for that. */
  readonly alone?: true;
  /** What `--help` says beside that; lines. */
  readonly notes?: readonly string[];
  /** Where its arguments follow a convention of their own. */
  read?(args: readonly string[]): CommandLine;
  /** Resolves to the exit code. */
  run(line: CommandLine, terminal: Terminal): Promise<number>;
}

/** All options of a command. */
export function optionsOf({ options, alone }: Command): readonly Option[] {
  return [...options, ...(alone ? [] : connectionOptions), helpOption];
}

/** The arguments of a command, read as it wants them. */
export function readArguments(command: Command, args: readonly string[]): CommandLine {
  return command.read?.(args) ?? readFlags(args, optionsOf(command), command.alone ? [] : serverOptions);
}

/** The operands of a command: exactly so many of them. */
export function operandsOf({ name, operands }: Command, line: CommandLine, count: number): readonly string[] {
  if (line.positionals.length === count) return line.positionals;
  const given = line.positionals.length === 0 ? "none" : line.positionals.join(" ");
  const whole = `mailproof ${`${name} ${operands}`.trim()}`;
  throw new UsageError(`Failed to read the operands of ${name}: ${given}; write ${whole}`);
}
