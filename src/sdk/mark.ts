import type { Info, SessionsPage } from "../api/contract.ts";
import type { Wanted } from "./shortfall.ts";
import type { Transport } from "./transport.ts";

/** A point in the history of a server: waits that start from it see what came after it. */
export interface Mark {
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
  readonly seq: number;
  readonly journal: number | null;
  readonly evicted: number;
  readonly at: string | null;
}

export async function takeMark(transport: Transport): Promise<Mark> {
  const call = { action: "set the mark", path: "/api/info" };
  const { seq, transactionSeq, journal, counts, clock } = await transport.json<Info>(call);
  const at = new Date(Date.parse(clock.now) - clock.offset).toISOString();
  return { seq, transactionSeq, journal, evicted: counts.evicted, at };
}

/** A number says no more than which records count; 0 is the beginning. */
export function startOf(what: Wanted["what"], since: Mark | number, mark: Mark): Start {
  if (since === 0) return { seq: 0, journal: 0, evicted: 0, at: new Date(0).toISOString() };
  if (typeof since === "number") return { seq: since, journal: null, evicted: mark.evicted, at: null };
  return { ...since, seq: what === "mail" ? since.seq : since.transactionSeq };
}

/** The sessions opened since, or the older ones that are open; null where that cannot be known. */
export async function countConnected(
  start: Start,
  inbox: string | null,
  transport: Transport,
): Promise<number | null> {
  if (start.at === null) return null;
  const count = async (field: string, value: string): Promise<number> => {
    const query = new URLSearchParams([
      [field, value],
      ["limit", "1"],
      ...(inbox === null ? [] : [["inbox", inbox]]),
    ]);
    const call = { action: "count the sessions", path: "/api/sessions", query };
    return (await transport.json<SessionsPage>(call)).total;
  };
  try {
    return (await count("after", start.at)) || (await count("open", "true"));
  } catch {
    return null;
  }
}
