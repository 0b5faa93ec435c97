/** The search line of the sessions; a bare word is whichever it looks like. */
import { type Field, readSearch } from "./search-terms.ts";

const fields: Readonly<Record<string, Field>> = {
  user: { parameter: "user" },
  address: { parameter: "source" },
  source: { parameter: "source" },
  listener: { parameter: "listener", exact: true },
  inbox: { parameter: "inbox" },
  is: { parameter: "open", values: { open: "true", closed: "false" } },
  before: { parameter: "before", exact: true },
  after: { parameter: "after", exact: true },
};

/** The query parameters of the API for it. @throws SearchError */
export function sessionFilter(line: string): Record<string, string> {
  return readSearch(line, fields, nameOf);
}

/** A user is rarely written in digits and dots only, or with colons. */
function nameOf(word: string): string {
  if (["smtp", "smtps", "lmtp"].includes(word.toLowerCase())) return "listener";
  return /^[\d.*]+$|^[\da-f:.*]*:[\da-f:.*]*$/i.test(word) ? "address" : "user";
}
