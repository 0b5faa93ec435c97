/** `/api/transactions`: every transaction, refused and broken off ones too. */
import { Hono } from "hono";
import type { Transaction, TransactionFilter } from "../store/mod.ts";
import { parseTransactionQuery, transactionParameters } from "../store/mod.ts";
import type { TransactionsPage, TransactionWaitResult } from "./contract.ts";
import { readWait, type WaitQuery, waitParameters } from "./demand.ts";
import type { Holds } from "./hold.ts";
import { confine, inboxParameter, readOfInbox } from "./inboxes.ts";
import { counted, tooMany } from "./messages.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { flag, onlyQuery, pageParameters, partQuery, readPage } from "./query.ts";
import { eventsSince, findIdleSessions } from "./report.ts";
import { type Source, waitFor } from "./wait.ts";

const mostOthers = 20;

export function transactionsRoutes(parts: ApiParts, holds: Holds): Hono {
  const { store, journal, timers, inboxes } = parts;
  const app = new Hono();

  app.get("/", async (c) => {
    const { own, filter } = partQuery(c, [...pageParameters, inboxParameter], transactionParameters);
    const parsed = confine(parseTransactionQuery(filter), readOfInbox(own, inboxes));
    const page: TransactionsPage = await store.transactions(parsed, readPage(own));
    return c.json(page);
  });

  // Finished ones count. With `open=true`, or where the filter asks for the outcome `open`, those under way
  // count too, at the latest in the last look at the end: that is what "no attempt at all" needs.
  app.get("/wait", async (c) => {
    const { own, filter } = partQuery(c, [...waitParameters, inboxParameter, "open"], transactionParameters);
    const query = readWait(own, parts.info());
    const inbox = readOfInbox(own, inboxes);
    const parsed = confine(parseTransactionQuery(filter), inbox);
    const open = flag(own, "open") || [parsed.outcome].flat().includes("open");
    const hold = holds.take(c.req.raw, inbox);
    try {
      const end = await waitFor(sourceOf(parts, parsed, query.since, open), query, journal, timers, hold);
      const transactions = [...end.found];
      const reply: TransactionWaitResult = { transactions };
      if (end.kind === "met") return c.json(reply);
      if (end.kind === "gone") throw hold.ended();
      if (end.kind === "too-many") throw tooMany("transactions", query, transactions);
      throw await timedOut(parts, parsed, query, transactions);
    } finally {
      hold.release();
    }
  });

  app.get("/:id", async (c) => {
    onlyQuery(c);
    const id = c.req.param("id");
    const transaction = await store.transaction(id);
    if (transaction !== null) return c.json(transaction);
    const detail = `Failed to find the transaction: ${JSON.stringify(id)}; the newest are at /api/transactions`;
    throw new ProblemError("not-found", detail);
  });

  return app;
}

function sourceOf(
  parts: ApiParts,
  filter: TransactionFilter,
  since: number,
  open: boolean,
): Source<Transaction> {
  const { store } = parts;
  const counts = (transaction: Transaction): boolean => open || transaction.outcome !== "open";
  const pageSize = 500;

  const read = async (limit: number): Promise<Transaction[]> => {
    const found: Transaction[] = [];
    let after = since;
    while (found.length < limit) {
      const page = await store.transactionsSince(after, filter, pageSize);
      found.push(...page.filter(counts));
      if (page.length < pageSize) break;
      after = page.at(-1)!.seq;
    }
    return found.slice(0, limit);
  };

  return {
    read,
    pick: async (event) => {
      const awaited = event.type === "transaction.finished" || (open && event.type === "transaction.started");
      if (!awaited) return [];
      const { id } = event.data;
      const transaction = await store.transaction(id);
      if (transaction === null || transaction.seq <= since || !counts(transaction)) return [];
      const matches = await store.transactionsSince(transaction.seq - 1, filter, 1);
      return matches.filter((match) => match.id === id);
    },
  };
}

async function timedOut(
  parts: ApiParts,
  { inbox }: TransactionFilter,
  query: WaitQuery,
  transactions: Transaction[],
): Promise<ProblemError> {
  const { store, journal } = parts;
  const came = new Set(transactions.map((transaction) => transaction.id));
  const newest = await store.transactions(
    { since: query.since, ...(inbox === undefined ? {} : { inbox }) },
    { limit: mostOthers + came.size },
  );
  const detail =
    `Failed to wait for ${counted(query.count, "transaction")}: ${transactions.length} came in ${query.timeout} ms; ` +
    "see others and sessions for what came instead";
  return new ProblemError("wait-timeout", detail, {
    transactions,
    others: newest.transactions.filter(({ id }) => !came.has(id)).slice(0, mostOthers),
    sessions: await findIdleSessions(store, eventsSince(journal, query.journal, 0), inbox),
  });
}
