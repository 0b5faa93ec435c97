/** The search line of the sessions: `user: address: listener: is:open`; a bare word is whichever it looks like. */
import { terms, within } from "./search-terms.ts";

const fields: Readonly<Record<string, string>> = {
  user: "user",
  address: "source",
  source: "source",
  listener: "listener",
};
const listeners: readonly string[] = ["smtp", "smtps", "lmtp"];

/** The query parameters of the API for it. */
export function sessionFilter(line: string): Record<string, string> {
  const filter: Record<string, string> = {};
  for (const { name, value } of terms(line)) {
    const field = fields[name.toLowerCase()];
    if (field !== undefined) filter[field] = field === "listener" ? value : within(value);
    else if (name.toLowerCase() === "is") filter.open = value === "open" ? "true" : "false";
    else {
      const word = name === "" ? value : `${name}:${value}`;
      filter[kindOf(word)] = listeners.includes(word.toLowerCase()) ? word : within(word);
    }
  }
  return filter;
}

/** A user is rarely written in digits and dots only, or with colons. */
function kindOf(word: string): string {
  if (listeners.includes(word.toLowerCase())) return "listener";
  return /^[\d.*]+$|^[\da-f:.*]*:[\da-f:.*]*$/i.test(word) ? "source" : "user";
}
