/** The search line of the transactions: `from: to: subject: session: source: message-id:`; a bare word is a recipient. */
import { terms, within } from "./search-terms.ts";

const fields: Readonly<Record<string, string>> = {
  from: "from",
  to: "to",
  subject: "subject",
  session: "session",
  source: "source",
  inbox: "inbox",
  provider: "provider",
  "message-id": "messageId",
};

/** The query parameters of the API for it. */
export function transactionFilter(find: string, outcome: string | null): Record<string, string> {
  const filter: Record<string, string> = {};
  if (outcome !== null) filter.outcome = outcome;
  for (const { name, value } of terms(find)) {
    const field = fields[name.toLowerCase()];
    if (field !== undefined) filter[field] = within(value);
    else filter.to = within(name === "" ? value : `${name}:${value}`);
  }
  return filter;
}
