import type {
  FaultRuleReport,
  FaultsReply,
  Info,
  MessageSummary,
  Pattern,
  SessionsPage,
  Transaction,
  TransactionsPage,
} from "../api/contract.ts";
import { compilePatterns } from "../notation/mod.ts";
import type { Wanted } from "./shortfall.ts";
import { segment, type Transport } from "./transport.ts";

/** A point in the history of a server: waits that start from it see what came after it. */
export interface Mark {
  /** When the server was started, ISO 8601: its numbers are its own. */
  readonly startedAt: string;
  /** Highest message `seq`. */
  readonly seq: number;
  readonly transactionSeq: number;
  /** Newest journal event. */
  readonly journal: number;
  /** Messages that had gone to make room. */
  readonly evicted: number;
  /** Server time, ISO 8601. */
  readonly at: string;
}

/** From where a wait looks. Null: not known. */
export interface Start {
  readonly startedAt: string | null;
  readonly seq: number;
  readonly transactionSeq: number | null;
  readonly journal: number | null;
  readonly evicted: number;
  readonly at: string | null;
}

export async function takeMark(transport: Transport): Promise<Mark> {
  const call = { action: "set the mark", path: "/api/info" };
  const { startedAt, seq, transactionSeq, journal, counts, clock } = await transport.json<Info>(call);
  const at = new Date(Date.parse(clock.now) - clock.offset).toISOString();
  return { startedAt, seq, transactionSeq, journal, evicted: counts.evicted, at };
}

/**
 * A number says no more than which records count; 0 is the beginning.
 * @throws TypeError for anything else but a mark
 */
export function startOf(what: Wanted["what"], since: Mark | number, mark: Mark): Start {
  if (since === 0) {
    const at = new Date(0).toISOString();
    return { startedAt: null, seq: 0, transactionSeq: 0, journal: 0, evicted: 0, at };
  }
  if (typeof since === "number") {
    const unknown = { startedAt: null, transactionSeq: null, journal: null, at: null };
    return { ...unknown, seq: since, evicted: mark.evicted };
  }
  if (typeof since.startedAt !== "string") {
    throw new TypeError(
      `Failed to wait: since is ${JSON.stringify(since)}; give a mark of mail.mark(), or a seq`,
    );
  }
  return { ...since, seq: what === "mail" ? since.seq : since.transactionSeq };
}

/** Sessions opened since a mark; if there are none, the older ones that are open. */
export interface Connected {
  readonly all: number;
  /** Of them, those of the inbox that is asked about; without one, all. */
  readonly own: number;
  /** Mail that came over HTTP since, newest first, whosever it is. */
  readonly requests: readonly MailRequest[];
  /** That it is to be of; null: of any. */
  readonly inbox: string | null;
  /** Ids of the rules that close the port. */
  readonly refusing: readonly string[];
}

export interface MailRequest {
  readonly transaction: Transaction;
  /** The older message whose idempotency key it repeats; null: none that is known. */
  readonly repeats: string | null;
}

/** Requests that are looked at. */
const mostRequests = 20;

/** Null where that cannot be known. `listener`: the name of the one that clients are to come to. */
export async function countConnected(
  start: Start,
  inbox: string | null,
  listener: string,
  transport: Transport,
): Promise<Connected | null> {
  if (start.at === null || start.transactionSeq === null) return null;
  const count = async (...query: [string, string][]): Promise<number> => {
    const call = {
      action: "count the sessions",
      path: "/api/sessions",
      query: new URLSearchParams([...query, ["limit", "1"]]),
    };
    return (await transport.json<SessionsPage>(call)).total;
  };
  const since: [string, string] = ["after", start.at];
  const open: [string, string] = ["open", "true"];
  try {
    const all = (await count(since)) || (await count(open));
    const own =
      inbox === null ? all : (await count(since, ["inbox", inbox])) || (await count(open, ["inbox", inbox]));
    const requests = await requestsAfter(start.transactionSeq, transport);
    return { all, own, requests, inbox, refusing: own === 0 ? await refusingRules(listener, transport) : [] };
  } catch {
    return null;
  }
}

async function requestsAfter(seq: number, transport: Transport): Promise<readonly MailRequest[]> {
  const query = new URLSearchParams({ since: String(seq), provider: "*", limit: String(mostRequests) });
  const call = { action: "list transactions", path: "/api/transactions", query };
  const { transactions } = await transport.json<TransactionsPage>(call);
  return await Promise.all(
    transactions.map(async (transaction) => ({
      transaction,
      repeats: await repeatedBy(transaction, transport),
    })),
  );
}

/** A first use of a key names its own message. Of one that has gone nothing is known. */
async function repeatedBy(
  { id, idempotencyKey, storedId }: Transaction,
  transport: Transport,
): Promise<string | null> {
  if (idempotencyKey === null || storedId === null) return null;
  const call = { action: "read the message", path: `/api/messages/${segment(storedId)}` };
  const message = await transport.json<MessageSummary>(call).catch(() => null);
  return message === null || message.transactionId === id ? null : storedId;
}

async function refusingRules(listener: string, transport: Transport): Promise<readonly string[]> {
  const { rules } = await transport.json<FaultsReply>({ action: "list the rules", path: "/api/faults" });
  return rules.filter((rule) => closes(rule, listener)).map(({ id }) => id);
}

/** Now. The listener of an inbox bears its id. */
function closes({ do: effect, match = {}, enabled, state }: FaultRuleReport, listener: string): boolean {
  const isRefusal = typeof effect === "object" && "end" in effect && effect.end === "refuse";
  const isInForce = enabled && !state.spent;
  return isRefusal && isInForce && means(match.listener, listener) && means(match.inbox, listener);
}

function means(pattern: Pattern | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  if (typeof pattern === "object" && "not" in pattern) return !compilePatterns(pattern.not)(name);
  return compilePatterns(pattern)(name);
}
