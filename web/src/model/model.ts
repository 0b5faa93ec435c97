/** What the page knows. Components watch these cells; the functions here are all that changes them. */
import type {
  FaultRuleReport,
  Info,
  MessageSummary,
  Preset,
  Transaction,
} from "../../../src/api/contract.ts";
import * as api from "./api.ts";
import { Cell } from "./cell.ts";
import { Feed, type FeedPage } from "./feed.ts";
import { attempt, type Refusal } from "./refusal.ts";
import { go, route } from "./route.ts";
import { readSessions, type SessionRow } from "./session-row.ts";
import { sessionFilter } from "./session-search.ts";
import { transactionFilter } from "./transaction-search.ts";

export type Connection = "connecting" | "live" | "lost";

/** So many transactions are known as ones in which a fault acted. */
const mostFaulted = 5_000;

export const inbox = new Feed<MessageSummary>();
export const ledger = new Feed<Transaction>();
export const sessions = new Feed<SessionRow>();

export const connection = new Cell<Connection>("connecting");
export const info = new Cell<Info | null>(null);
export const unread = new Cell(0);
export const rules = new Cell<readonly FaultRuleReport[]>([]);
export const presets = new Cell<readonly Preset[]>([]);
/** Milliseconds that the clock of faults is ahead. */
export const clockOffset = new Cell(0);
/** Transactions in which a fault acted, as far as this page has heard of them: the newest. */
export const faulted = new Cell<ReadonlySet<string>>(new Set());
/** Rises with each event on a session, by session. */
export const pulses = new Cell<ReadonlyMap<string, number>>(new Map());
/** Rises with each event on any transaction. */
export const ledgerPulse = new Cell(0);
/** The row that the keys act on, in the list that is shown. */
export const selected = new Cell<string | null>(null);
/** The message that was opened last, also where the list does not show it: a search for unread mail, an old bookmark. */
export const opened = new Cell<MessageSummary | null>(null);
/** What was not done with messages; what it is about is said in words, such as "The message was not deleted". */
export const refused = new Cell<Refusal<string> | null>(null);
/** Messages whose deletion is under way; they stay in the list until it is done. */
export const leaving = new Set<string>();
/** Rises when the server answers again; what is shown is then read again. */
export const returns = new Cell(0);
/** What is laid over the page. */
export const overlay = new Cell<"faults" | "help" | null>(null);

/** Keeps list and selection with the route, at once: a key that follows finds the list that it is meant for. */
export function followRoute(): void {
  let before = route.get().view;
  const follow = (): void => {
    const { view, id } = route.get();
    if (id !== null || view !== before) selected.set(id);
    before = view;
    showList();
  };
  follow();
  route.watch(follow);
}

/** Opens the list that the route shows, or opens it anew where its search has changed. */
let shown = "";
function showList(): void {
  const { view, q, find, peer, outcome } = route.get();
  const wanted = JSON.stringify(
    view === "inbox" ? [view, q] : view === "transactions" ? [view, find, outcome] : [view, peer],
  );
  if (wanted === shown) return;
  shown = wanted;
  if (view === "inbox") {
    void inbox.open(async (page, signal): Promise<FeedPage<MessageSummary>> => {
      const { messages, ...rest } = await api.messages(q, page, signal);
      if (q === "") unread.set(rest.unread);
      return { rows: messages, ...rest };
    });
  } else if (view === "transactions") {
    void ledger.open(async (page, signal): Promise<FeedPage<Transaction>> => {
      const { transactions, ...rest } = await api.transactions(
        transactionFilter(find, outcome),
        page,
        signal,
      );
      noteFaults(transactions.filter((each) => each.faults.length > 0).map((each) => each.id));
      return { rows: transactions, unread: 0, ...rest };
    });
  } else {
    void sessions.open(async (page, signal) => await readSessions(sessionFilter(peer), page, signal));
  }
}

/** The feed of the view that is shown. */
export function shownFeed(): Feed<MessageSummary> | Feed<Transaction> | Feed<SessionRow> {
  const { view } = route.get();
  return view === "inbox" ? inbox : view === "transactions" ? ledger : sessions;
}

export function open(id: string, replace = false): void {
  selected.set(id);
  go({ id, tab: null }, replace);
}

export function back(): void {
  go({ id: null, tab: null });
}

/** Changes what the page knows of these messages. */
export function revise(ids: readonly string[], change: (known: MessageSummary) => MessageSummary): void {
  inbox.change(ids, change);
  const message = opened.get();
  if (message !== null && ids.includes(message.id)) opened.set(change(message));
}

/** What the page knows of the message. */
export function known(id: string): MessageSummary | null {
  const message = opened.get();
  if (message?.id === id) return message;
  return inbox.state.get().rows.find((row) => row.id === id) ?? null;
}

/** The next older message of the list (`step` 1), or the next newer one (-1), also of one that is not in it. */
export async function neighbour({ seq }: MessageSummary, step: 1 | -1): Promise<MessageSummary | null> {
  await inbox.reach((row) => row.seq <= seq);
  const { rows } = inbox.state.get();
  const found = step > 0 ? rows.find((row) => row.seq < seq) : rows.findLast((row) => row.seq > seq);
  return found ?? null;
}

/** Marks it at once, and takes that back where it is refused. */
export async function setRead(id: string, read: boolean): Promise<void> {
  const mark = (shown: boolean): void => revise([id], (each) => ({ ...each, read: shown }));
  mark(read);
  const what = `The message was not marked ${read ? "read" : "unread"}`;
  if (!(await attempt(refused, what, () => api.changeMessage(id, { read })))) mark(!read);
}

/** Marks all that the search finds. */
export async function markAllRead(q: string): Promise<void> {
  await attempt(refused, "The messages were not marked read", () => api.changeMessages(q, { read: true }));
}

/** Deletes the message and goes on to the next one, if it was open or selected. */
export async function deleteMessage(id: string): Promise<void> {
  if (leaving.has(id)) return;
  leaving.add(id);
  const message = known(id);
  const next = message && ((await neighbour(message, 1)) ?? (await neighbour(message, -1)));
  if (await attempt(refused, "The message was not deleted", () => api.deleteMessage(id))) {
    if (selected.get() === id) selected.set(next?.id ?? null);
    if (route.get().id === id) go({ id: next?.id ?? null, tab: null }, true);
    inbox.remove([id]);
  }
  leaving.delete(id);
}

/** Deletes all that the search finds. */
export async function deleteAll(q: string): Promise<void> {
  await attempt(refused, "The messages were not deleted", () => api.deleteMessages(q));
}

export async function readFaults(): Promise<void> {
  rules.set((await api.faults()).rules.toReversed());
}

export async function readPresets(): Promise<void> {
  presets.set((await api.presets()).presets);
}

export async function readInfo(): Promise<void> {
  const now = await api.info();
  const before = info.get();
  info.set(now);
  if (before !== null && before.startedAt !== now.startedAt) {
    forget();
    await Promise.all([readPresets(), readFaulted()]);
  }
  unread.set(now.counts.unread);
  clockOffset.set(now.clock.offset);
}

/** The server has begun anew: its ids mean other things now, and what is known of the old ones is let go. */
export function forget(): void {
  go({ id: null, tab: null }, true);
  selected.set(null);
  opened.set(null);
  faulted.set(new Set());
  pulses.set(new Map());
  for (const feed of [inbox, ledger, sessions]) feed.clear();
  shown = "";
  showList();
}

/** The server answers again, or another one in its place. */
export async function welcomeBack(): Promise<void> {
  await readInfo();
  refused.set(null);
  returns.set(returns.get() + 1);
}

export function noteFaults(transactionIds: readonly (string | null)[]): void {
  const known = faulted.get();
  const news = transactionIds.filter((id) => id !== null && !known.has(id)) as string[];
  if (news.length > 0) faulted.set(new Set([...known, ...news].slice(-mostFaulted)));
}

/** Learns of the newest deliveries in which a fault acted before this page was opened. */
export async function readFaulted(): Promise<void> {
  const { transactions } = await api.transactions({}, { limit: 500 });
  noteFaults(transactions.filter(({ faults }) => faults.length > 0).map(({ id }) => id));
}

/** Something happened on this session: whoever shows it reads it again. */
export function pulse(sessionId: string | null): void {
  if (sessionId === null) return;
  const counts = pulses.get();
  pulses.set(new Map([...[...counts].slice(-200), [sessionId, (counts.get(sessionId) ?? 0) + 1]]));
}
