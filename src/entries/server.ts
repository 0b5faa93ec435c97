import { type MailproofOptions, startMailproof } from "../mailproof.ts";
import { connectMailproof, type Mailproof, readEnvironment } from "../sdk/mod.ts";

/** Milliseconds. A runner ends a test after 5 s, and would not tell what it was waiting for. */
const longestConnect = 3_000;

/**
 * The server of a worker: the one at `MAILPROOF_URL`, else one of its own.
 * @param options of a server that is started; one that runs has its own
 */
export async function openMail(options: MailproofOptions): Promise<Mailproof> {
  const url = readEnvironment("MAILPROOF_URL");
  if (url === null) return await startMailproof(options);
  try {
    return await connectMailproof(url, { signal: AbortSignal.timeout(longestConnect) });
  } catch (cause) {
    const reason =
      (cause as Error).name === "TimeoutError" ? `no answer in ${longestConnect} ms` : String(cause);
    throw new Error(
      `Failed to set up mail: MAILPROOF_URL names a server that cannot be used: ${reason}; unset it to have one started`,
      { cause },
    );
  }
}
