/** The search line of the transactions; a bare word is a recipient. */
import { type Field, readSearch, SearchError } from "./search-terms.ts";

const outcomes = ["accepted", "rejected", "aborted", "reply-lost", "open"] as const;

const fields: Readonly<Record<string, Field>> = {
  to: { parameter: "to" },
  from: { parameter: "from" },
  subject: { parameter: "subject" },
  "message-id": { parameter: "messageId" },
  outcome: {
    parameter: "outcome",
    values: Object.fromEntries(outcomes.map((outcome) => [outcome, outcome])),
  },
  session: { parameter: "session", exact: true },
  source: { parameter: "source" },
  inbox: { parameter: "inbox" },
  provider: { parameter: "provider" },
  before: { parameter: "before", exact: true },
  after: { parameter: "after", exact: true },
};

/**
 * The query parameters of the API for it.
 * @param outcome what is chosen beside the list
 * @throws SearchError
 */
export function transactionFilter(find: string, outcome: string | null): Record<string, string> {
  const filter = readSearch(find, fields, () => "to");
  if (outcome === null) return filter;
  if (filter.outcome !== undefined && filter.outcome !== outcome) {
    throw new SearchError(
      find,
      find.toLowerCase().lastIndexOf("outcome:"),
      `only ${outcome} ones are chosen beside the list; choose every outcome there`,
    );
  }
  return { ...filter, outcome };
}
