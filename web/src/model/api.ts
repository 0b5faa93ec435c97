/**
 * The API over plain fetch. Every address is relative to the page, so the page works below any base path.
 */
import type {
  ChangedReply,
  ClockReply,
  DeletedReply,
  FaultRuleReport,
  FaultsReply,
  Info,
  Message,
  MessageChange,
  MessagesPage,
  PresetOptions,
  PresetsReply,
  Problem,
  Session,
  SessionsPage,
  Transaction,
  TransactionsPage,
  Transcript,
} from "../../../src/api/contract.ts";

/** Which part of a list: the first page, or what follows a `nextCursor`. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | null;
}

/** A list repeats its parameter: any of them. */
type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/** The server said no, and why; `problem` is null where nothing understandable came back. Status 0: no answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null, message: string) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

export function isUnreachable(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 0;
}

/** The address of a path below the page, for links, images and frames. */
export function address(path: string, query: Query = {}): string {
  const url = new URL(path, document.baseURI.replace(/[?#].*$/, ""));
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const each of [value].flat()) url.searchParams.append(name, String(each));
  }
  // A plus means itself in the addresses of a query.
  url.search = url.search.replaceAll("+", "%20");
  return url.href;
}

export function messages(q: string, page: PageRequest, signal?: AbortSignal): Promise<MessagesPage> {
  return ask("GET", address("api/messages", { q, ...page }), { signal });
}

export function message(id: string, signal?: AbortSignal): Promise<Message> {
  return ask("GET", address(`api/messages/${encodeURIComponent(id)}`), { signal });
}

export function changeMessage(id: string, change: MessageChange): Promise<ChangedReply> {
  return ask("PATCH", address(`api/messages/${encodeURIComponent(id)}`), { body: change });
}

/** Changes all messages that the search finds. */
export function changeMessages(q: string, change: MessageChange): Promise<ChangedReply> {
  return ask("PATCH", address("api/messages", { q }), { body: change });
}

export function deleteMessage(id: string): Promise<DeletedReply> {
  return ask("DELETE", address(`api/messages/${encodeURIComponent(id)}`));
}

/** Deletes all messages that the search finds; without a search, all. */
export function deleteMessages(q: string): Promise<DeletedReply> {
  return ask("DELETE", address("api/messages", { q }));
}

/** The first octets of what is at this path, such as a message as it was sent. */
export async function octets(path: string, most: number, signal?: AbortSignal): Promise<Uint8Array> {
  const reply = await reach(address(path), { signal: signal ?? null });
  if (!reply.ok || reply.body === null) throw await errorOf(reply);
  const reader = reply.body.getReader();
  const found = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const { done, value } = await reader.read();
    if (done) break;
    found.set(value.subarray(0, most - length), length);
    length = Math.min(most, length + value.length);
  }
  await reader.cancel().catch(() => {});
  return found.subarray(0, length);
}

/** An attachment as text; broken UTF-8 becomes replacement characters. */
export async function attachmentText(id: string, index: number, signal?: AbortSignal): Promise<string> {
  const url = address(`api/messages/${encodeURIComponent(id)}/attachments/${index}`);
  const reply = await reach(url, { signal: signal ?? null });
  if (!reply.ok) throw await errorOf(reply);
  return await reply.text();
}

export function transactions(
  filter: Query,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<TransactionsPage> {
  return ask("GET", address("api/transactions", { ...filter, ...page }), { signal });
}

export function transaction(id: string, signal?: AbortSignal): Promise<Transaction> {
  return ask("GET", address(`api/transactions/${encodeURIComponent(id)}`), { signal });
}

export function sessions(filter: Query, page: PageRequest, signal?: AbortSignal): Promise<SessionsPage> {
  return ask("GET", address("api/sessions", { ...filter, ...page }), { signal });
}

export function session(id: string, signal?: AbortSignal): Promise<Session> {
  return ask("GET", address(`api/sessions/${encodeURIComponent(id)}`), { signal });
}

export function transcript(id: string, signal?: AbortSignal): Promise<Transcript> {
  return ask("GET", address(`api/sessions/${encodeURIComponent(id)}/transcript`, { format: "json" }), {
    signal,
  });
}

export function faults(): Promise<FaultsReply> {
  return ask("GET", address("api/faults"));
}

export function presets(): Promise<PresetsReply> {
  return ask("GET", address("api/faults/presets"));
}

export function usePreset(name: string, options: PresetOptions): Promise<FaultsReply> {
  return ask("POST", address(`api/faults/presets/${encodeURIComponent(name)}`), { body: options });
}

/** `rule` is what the user wrote; the server judges it. */
export function addRule(rule: unknown): Promise<FaultRuleReport | FaultsReply> {
  return ask("POST", address("api/faults"), { body: rule });
}

export function enableRule(id: string, enabled: boolean): Promise<FaultRuleReport> {
  return ask("PATCH", address(`api/faults/${encodeURIComponent(id)}`), { body: { enabled } });
}

export function removeRule(id: string): Promise<unknown> {
  return ask("DELETE", address(`api/faults/${encodeURIComponent(id)}`));
}

export function removeRules(): Promise<unknown> {
  return ask("DELETE", address("api/faults"));
}

export function resetCounters(): Promise<unknown> {
  return ask("POST", address("api/faults/reset"));
}

export function advanceClock(advance: string): Promise<ClockReply> {
  return ask("POST", address("api/clock"), { body: { advance } });
}

export function info(): Promise<Info> {
  return ask("GET", address("api/info"));
}

async function ask<T>(
  method: string,
  url: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = body === undefined ? null : JSON.stringify(body);
  const reply = await reach(url, { method, headers, body: sent, signal: signal ?? null });
  if (!reply.ok) throw await errorOf(reply);
  return (reply.status === 204 ? undefined : await reply.json()) as T;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiError(0, null, "The server does not answer; check that it runs, then try again");
  }
}

async function errorOf(reply: Response): Promise<ApiError> {
  const problem = (await reply.json().catch(() => null)) as Problem | null;
  const detail =
    problem?.detail ?? problem?.title ?? `The server answered ${reply.status} ${reply.statusText}`;
  return new ApiError(reply.status, problem, detail);
}
