/** `--tls-ca-out`: the generated CA as a file, for clients that want one. */
import type { Mailproof } from "../sdk/mod.ts";
import { checkWritable, writeNamedFile } from "./file.ts";
import { textOf, type Values } from "./option.ts";
import { UsageError } from "./usage-error.ts";

/** Where it is to be written, if it may be; null: nowhere. Asked before anything is started. */
export function checkCaFile(program: Values): string | null {
  const path = textOf(program, "tls-ca-out") ?? null;
  if (path !== null) checkWritable(path, "--tls-ca-out");
  return path;
}

/** Ends the server where the file cannot be written. */
export async function writeCa(mail: Mailproof, path: string): Promise<void> {
  try {
    if (mail.tls.ca === null) {
      throw new UsageError(
        "Failed to write --tls-ca-out: there is no generated CA; add --starttls or --smtps-port",
      );
    }
    writeNamedFile(path, mail.tls.ca, "--tls-ca-out");
  } catch (error) {
    await mail.close();
    throw error;
  }
}
