import { readFileSync, writeFileSync } from "node:fs";
import { findJsonFault } from "../notation/mod.ts";
import { isGranted } from "./permission.ts";
import { UsageError } from "./usage-error.ts";

/** A file that the user named; `place` is where: `--tls-cert`. */
export function readNamedFile(path: string, place: string): string {
  return new TextDecoder().decode(readNamedOctets(path, place));
}

/** The same as it is. */
export function readNamedOctets(path: string, place: string): Uint8Array {
  if (!isGranted({ name: "read", path })) {
    throw new UsageError(
      `Failed to read ${place}: no permission to read ${path}; run with --allow-read=${path}`,
    );
  }
  return attempt(`read ${place}`, path, () => readFileSync(path));
}

/** The same for a file that is to be written. */
export function checkWritable(path: string, place: string): void {
  if (isGranted({ name: "write", path })) return;
  throw new UsageError(
    `Failed to follow ${place}: no permission to write ${path}; run with --allow-write=${path}`,
  );
}

export function writeNamedFile(path: string, content: string, place: string): void {
  attempt(`write ${place}`, path, () => writeFileSync(path, content));
}

/** `source` is the file, or what else the text is. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = findJsonFault(text);
    throw new UsageError(
      `Failed to read ${source}: no JSON at line ${line}, column ${column}; correct it there`,
    );
  }
}

function attempt<T>(action: string, path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file or folder",
      EACCES: "this user may not",
      EISDIR: "it is a folder",
    };
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UsageError(`Failed to ${action}: ${path}; ${reasons[code] ?? message}`);
  }
}
