/** The search line of the transactions: `from: to: subject: session: source: message-id:`; a bare word is a recipient. */

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
  for (const [, name = "", quoted, bare] of find.matchAll(/(?:([a-z-]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = quoted ?? bare ?? "";
    const field = fields[name.toLowerCase()];
    if (field !== undefined) filter[field] = within(value);
    else filter.to = within(name === "" ? value : `${name}:${value}`);
  }
  return filter;
}

/** A text without wildcards is looked for anywhere in the value. */
function within(text: string): string {
  return /[*?]|^\/.*\/[a-z]*$/.test(text) ? text : `*${text}*`;
}
