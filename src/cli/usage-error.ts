/** The command line, the environment or the config file cannot be followed: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
