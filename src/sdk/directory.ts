import type { DirectoryInput, DirectoryState } from "../api/contract.ts";
import type { Transport } from "./transport.ts";

/** The users and mailing lists that the server answers VRFY, EXPN and, with `strictUsers`, RCPT from. */
export interface Directory {
  get(): Promise<DirectoryState>;
  /**
   * Puts this in the place of all that was there. Rejects with a `MailproofError` whose `path` says where it
   * is wrong; then nothing changes.
   */
  set(directory: DirectoryInput): Promise<DirectoryState>;
}

export function directoryOf(transport: Transport): Directory {
  const path = "/api/directory";
  return {
    get: () => transport.json<DirectoryState>({ action: "read the directory", path }),
    set: (body) => transport.json<DirectoryState>({ action: "set the directory", method: "PUT", path, body }),
  };
}
