/** The command line, the environment or the config file cannot be followed: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode: number;

  /** @param exitCode where a command has a convention of its own */
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
