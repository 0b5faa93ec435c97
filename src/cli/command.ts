import type { CommandLine } from "./flags.ts";
import type { Option } from "./option.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What the program can be asked to do with a running server. */
export interface Command {
  readonly name: string;
  /** What follows the name, without options: `ID|latest`. */
  readonly operands: string;
  /** One line. */
  readonly summary: string;
  /** Beside those of every command. */
  readonly options: readonly Option[];
  /** What `--help` says beside that; lines. */
  readonly notes?: readonly string[];
  /** Resolves to the exit code. */
  run(line: CommandLine, terminal: Terminal): Promise<number>;
}

/** The operands of a command: exactly so many of them. */
export function operandsOf({ name, operands }: Command, line: CommandLine, count: number): readonly string[] {
  if (line.positionals.length === count) return line.positionals;
  const given = line.positionals.length === 0 ? "none" : line.positionals.join(" ");
  const whole = `mailproof ${`${name} ${operands}`.trim()}`;
  throw new UsageError(`Failed to read the operands of ${name}: ${given}; write ${whole}`);
}
