/** The text of a failed wait: clauses, each of which says one thing that is known to be so. */
import type { NearMiss, Recipient, Session, Transaction } from "../api/contract.ts";
import type { AnyFilter, MessageFilter } from "./filter.ts";
import type { Connected, MailRequest } from "./mark.ts";
import { questionMarkHint } from "./pattern.ts";

/** What was asked for. */
export interface Wanted {
  readonly what: "mail" | "transaction" | "attempt";
  readonly filter: AnyFilter;
  readonly count: number;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What came instead. */
export interface Shortfall {
  /** What did match, described, fewer than asked for. */
  readonly came: readonly string[];
  /** Messages that missed the filter, nearest first. */
  readonly nearMisses: readonly NearMiss[];
  /** Transactions that missed the filter, newest first. */
  readonly others: readonly Transaction[];
  /** Attempts that were refused wholly or for a recipient, broke off or are still open. */
  readonly rejections: readonly Transaction[];
  /** Sessions that never reached MAIL. */
  readonly sessions: readonly Session[];
  /** Messages that went to make room. */
  readonly evicted: number;
  /** Where there was nothing else to tell: the clients that connected, or still were, all the same. */
  readonly connected: Connected | null;
  readonly smtpUrl: string;
}

/** `no mail to ada@x.test in 3000 ms · closest: #12 "Welcome" (subject differs)` */
export function describeShortfall(wanted: Wanted, shortfall: Shortfall): string {
  const { came, nearMisses, others, rejections, sessions, evicted, connected, smtpUrl } = shortfall;
  const all = rejections.flatMap(troubles);
  const clauses = [
    `${amount(wanted, came.length)}${describeFilter(wanted.filter)} in ${wanted.timeout} ms`,
    ...clause("came", tally(came, times)),
    ...nearMisses.slice(0, 1).map((nearest) => describeNearest(nearest, wanted.filter)),
    ...clause("instead", tally(others.map(describeAttempt), times)),
    ...kinds.flatMap(([kind, title]) =>
      clause(
        title,
        tally(
          all.filter((one) => one.kind === kind).map(({ text }) => text),
          times,
        ),
      ),
    ),
    ...clause(
      "never reached MAIL",
      tally(sessions.map(reason), (text, n) => `${plural(n, "session")}, ${text}`),
    ),
    ...(evicted > 0 ? [`evicted to make room: ${plural(evicted, "message")}`] : []),
    ...(connected === null ? [] : describeConnected(connected, smtpUrl)),
  ];
  return clauses.join(" · ");
}

/** ` to ada@x.test with subject /welcome/i` */
export function describeFilter(filter: AnyFilter): string {
  const { to, from, since: _, ...rest } = filter as Readonly<Record<string, unknown>>;
  const others = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => describeField(field, value));
  return [
    ...(to === undefined ? [] : [` to ${describePattern(to)}`]),
    ...(from === undefined ? [] : [` from ${describePattern(from)}`]),
    ...(others.length === 0 ? [] : [` with ${others.join(", ")}`]),
  ].join("");
}

function describeField(field: string, value: unknown): string {
  if (field !== "header") return `${field} ${quotePattern(value)}`;
  const fields = Object.entries(value as object);
  return fields.map(([name, pattern]) => `${name}: ${describePattern(pattern)}`).join(", ");
}

function describePattern(pattern: unknown): string {
  return Array.isArray(pattern) ? pattern.join(" or ") : String(pattern);
}

function quotePattern(pattern: unknown): string {
  if (Array.isArray(pattern)) return pattern.map(quotePattern).join(" or ");
  if (pattern instanceof Date) return pattern.toISOString();
  return typeof pattern === "string" ? JSON.stringify(pattern) : String(pattern);
}

function amount({ what, count }: Wanted, found: number): string {
  return found === 0 ? `no ${what}` : `${found} of ${plural(count, what)}`;
}

function describeNearest({ message, differs }: NearMiss, filter: MessageFilter): string {
  const shown: Readonly<Record<string, string>> = {
    to: `: ${message.envelope.to.join(", ")}`,
    from: `: ${message.from?.address ?? message.envelope.from}`,
  };
  const fields = differs.join(" and ");
  const detail = differs.length === 1 ? (shown[fields] ?? "") : "";
  const hint =
    (differs.includes("subject") ? questionMarkHint(filter.subject, message.subject) : null) ??
    (differs.includes("text") ? questionMarkHint(filter.text, message.snippet) : null);
  const more = hint === null ? detail : `${detail}; ${hint}`;
  return `closest: #${message.seq} ${JSON.stringify(message.subject)} (${fields} ${differs.length > 1 ? "differ" : "differs"}${more})`;
}

function describeOther({ outcome, recipients }: Transaction): string {
  const tried = recipients.map(({ path }) => path.address || path.raw);
  return tried.length === 0 ? `${outcome} without a recipient` : `${outcome} to ${tried.join(", ")}`;
}

/** `rejected to ada@x.test (RCPT 451 4.7.1, rule greylisting)` */
export function describeAttempt(transaction: Transaction): string {
  const details = troubles(transaction).map(({ text }) => text);
  return `${describeOther(transaction)}${details.length === 0 ? "" : ` (${details.join("; ")})`}`;
}

function describeConnected(connected: Connected, smtpUrl: string): string[] {
  const { all, own, requests, inbox, refusing } = connected;
  const overHttp = clause(
    "over HTTP",
    tally(
      requests.map((one) => describeRequest(one, inbox)),
      times,
    ),
  );
  if (own > 0) return [`connected: ${plural(own, "session")}`, ...overHttp];
  const closed = refusing.length === 0 ? "" : `, for rule ${refusing.join(", ")} closes the port`;
  if (all > 0) return [`connected: ${plural(all, "session")}, none of this inbox${closed}`, ...overHttp];
  // An application that sends over HTTP need not know the port.
  return overHttp.length > 0 ? overHttp : [`no client connected to ${smtpUrl}${closed}`];
}

/** `resend, repeats the idempotency key of m1` */
function describeRequest({ transaction, repeats }: MailRequest, inbox: string | null): string {
  const { provider, inboxes } = transaction;
  if (inbox !== null && !inboxes.includes(inbox)) return `${provider}, not of this inbox`;
  return repeats === null ? `${provider}` : `${provider}, repeats the idempotency key of ${repeats}`;
}

type Trouble = { readonly kind: "refused" | "broken-off" | "open"; readonly text: string };

const kinds: readonly (readonly [Trouble["kind"], string])[] = [
  ["refused", "refused"],
  ["broken-off", "broken off"],
  ["open", "still open"],
];

/** What went wrong in one attempt; a text that comes twice in it counts once. */
function troubles(transaction: Transaction): Trouble[] {
  if (transaction.channel === "http" || transaction.channel === "api") return troublesOfRequest(transaction);
  const { outcome, recipients, reply, content, size, faults } = transaction;
  const verb = transaction.verb ?? "MAIL";
  const accepted = recipients.some((recipient) => recipient.accepted);
  const refused = new Set(
    recipients
      .filter(isRefused)
      .map(({ reply, finalReply }) =>
        finalReply === null
          ? refusal("RCPT", reply!, transaction)
          : refusal("end of data", finalReply, transaction),
      ),
  );
  // All refused at RCPT: then the reply of the transaction is that of a recipient.
  if (outcome === "rejected" && reply !== null && (accepted || recipients.length === 0)) {
    const place = !accepted ? verb : content === null && size === 0 ? "DATA" : "end of data";
    refused.add(refusal(place, reply, transaction));
  }
  const found: Trouble[] = [...refused].map((text) => ({ kind: "refused", text }));
  const reached = size > 0 ? "after the content" : accepted ? "after RCPT" : `after ${verb}`;
  if (outcome === "aborted") {
    // A content that has ended is answered, unless a rule wants it otherwise.
    const hasEnded = faults.some(({ phase }) => phase === "end-of-data");
    const place = size > 0 && !hasEnded ? "in the content" : reached;
    found.push({ kind: "broken-off", text: `${place}${rules(transaction, null)}` });
  }
  if (outcome === "open") found.push({ kind: "open", text: reached });
  return found;
}

/** A request has no phases, and is answered as a whole: `resend 422 validation_error`. */
function troublesOfRequest(transaction: Transaction): Trouble[] {
  const { channel, provider, outcome, reply } = transaction;
  const [place, by] = [provider ?? channel, rules(transaction, null)];
  if (outcome === "aborted") return [{ kind: "broken-off", text: `${place}${by}` }];
  if (outcome === "open") return [{ kind: "open", text: `${place}${by}` }];
  if (outcome !== "rejected" || reply === null) return [];
  // Behind the name of the error comes its explanation.
  const [name = ""] = reply.lines[0]?.split(":") ?? [];
  return [{ kind: "refused", text: `${place} ${reply.code}${name === "" ? "" : ` ${name}`}${by}` }];
}

/** At RCPT, or in LMTP after the content. */
function isRefused({ accepted, reply, finalReply }: Recipient): boolean {
  const decisive = finalReply ?? reply;
  return !accepted && decisive !== null && decisive.code >= 300;
}

const phases: Readonly<Record<string, string>> = {
  MAIL: "mail",
  RCPT: "rcpt",
  DATA: "data",
  "end of data": "end-of-data",
};

function refusal(place: string, reply: NonNullable<Transaction["reply"]>, transaction: Transaction): string {
  const enhanced = reply.enhanced === null ? "" : ` ${reply.enhanced}`;
  return `${place} ${reply.code}${enhanced}${rules(transaction, phases[place]!)}`;
}

/** The rules that acted, at one phase or at all. */
function rules({ faults }: Transaction | Session, phase: string | null): string {
  const ids = new Set(
    faults.filter((fault) => phase === null || fault.phase === phase).map(({ ruleId }) => ruleId),
  );
  return [...ids].map((id) => `, rule ${id}`).join("");
}

const closings: Readonly<Record<NonNullable<Session["closedBy"]>, string>> = {
  client: "closed by the client",
  server: "closed by the server",
  fault: "closed by a fault",
  timeout: "timed out",
};

function reason(session: Session): string {
  const { tlsError, authError, closedAt, closedBy, helo, warnings } = session;
  if (tlsError !== null) return /tls/i.test(tlsError) ? tlsError : `TLS ${tlsError}`;
  if (authError !== null) return `${describeAuthError(authError)}${rules(session, "auth")}`;
  const place = helo === null ? "before HELO" : "after HELO";
  const end = closedAt === null ? "open" : closings[closedBy ?? "client"];
  const warning = warnings.includes("lf-command") ? ", warning lf-command" : "";
  return `${end} ${place}${warning}${rules(session, null)}`;
}

/** `AUTH PLAIN 535 5.7.8 Authentication credentials invalid`: `AUTH PLAIN refused 535 5.7.8` */
function describeAuthError(authError: string): string {
  return authError.replace(/^(AUTH \S+) (\d{3}(?: \d\.\d+\.\d+)?).*$/s, "$1 refused $2");
}

const mostShown = 3;

/** Equal texts once, with their number, in the order of their first. */
function tally(texts: readonly string[], show: (text: string, times: number) => string): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const shown = [...counts].slice(0, mostShown).map(([text, n]) => show(text, n));
  return counts.size > mostShown ? [...shown, `and ${counts.size - mostShown} more`] : shown;
}

/** As many as a line takes. */
export function listed(texts: readonly string[]): string {
  return tally(texts, times).join("; ");
}

function times(text: string, n: number): string {
  return n === 1 ? text : `${text}, ${n}×`;
}

function clause(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`${title}: ${texts.join("; ")}`];
}

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
