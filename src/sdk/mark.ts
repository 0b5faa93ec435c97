import type { FaultsReply, Info, SessionsPage, Transaction, TransactionsPage } from "../api/contract.ts";
import type { Wanted } from "./shortfall.ts";
import type { Transport } from "./transport.ts";

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
  readonly requests: readonly Transaction[];
  /** That it is to be of; null: of any. */
  readonly inbox: string | null;
  /** Ids of the rules that close the port. */
  readonly refusing: readonly string[];
}

/** Requests that are looked at. */
const mostRequests = 20;

/** Null where that cannot be known. */
export async function countConnected(
  start: Start,
  inbox: string | null,
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
    return { all, own, requests, inbox, refusing: own === 0 ? await refusingRules(inbox, transport) : [] };
  } catch {
    return null;
  }
}

async function requestsAfter(seq: number, transport: Transport): Promise<readonly Transaction[]> {
  const query = new URLSearchParams({ since: String(seq), provider: "*", limit: String(mostRequests) });
  const call = { action: "list transactions", path: "/api/transactions", query };
  return (await transport.json<TransactionsPage>(call)).transactions;
}

async function refusingRules(inbox: string | null, transport: Transport): Promise<readonly string[]> {
  const { rules } = await transport.json<FaultsReply>({ action: "list the rules", path: "/api/faults" });
  const refusing = rules.filter(({ do: effects, match, state }) => {
    const isOfAll = match?.inbox === undefined || match.inbox === inbox;
    const closes = [effects].flat().some((effect) => typeof effect === "object" && effect.end === "refuse");
    return closes && isOfAll && state.fired > 0;
  });
  return refusing.map(({ id }) => id);
}
