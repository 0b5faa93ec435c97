import { MailproofError, refusal } from "./error.ts";
import { linkSignals, untilAborted } from "./signal.ts";

/** `app.fetch` in process, the global fetch else. */
export type Fetch = (request: Request) => Response | Promise<Response>;

export interface Call {
  /** What the user wanted of it, for the message of its failure: `add the rule`. */
  readonly action: string;
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, with a leading slash; ids in it written by {@link segment}. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Name of the list without which the answer is none of Mailproof. */
  readonly list?: string;
}

export interface TransportOptions {
  readonly fetch: Fetch;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token?: string | undefined;
  /** Of the server that is meant, ISO 8601: another one at the same place refuses. Default: whichever is there. */
  readonly startedAt?: string;
  /** Aborts every call that is under way. */
  readonly closing: AbortSignal;
}

/** Speaks HTTP to one server. What is not a good answer becomes a {@link MailproofError}. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get closing(): AbortSignal {
    return this.#options.closing;
  }

  async json<T>(call: Call): Promise<T> {
    const answer = await this.#exchange(call, (response) => response.json());
    if (call.list !== undefined && !Array.isArray(answer?.[call.list])) {
      const reason = `the answer has no list of ${call.list}`;
      const advice = `check that a Mailproof server answers at ${this.#options.baseUrl}`;
      throw new MailproofError(`Failed to ${call.action}: ${reason}; ${advice}`, 200, null);
    }
    return answer as T;
  }

  text(call: Call): Promise<string> {
    return this.#exchange(call, (response) => response.text());
  }

  octets(call: Call): Promise<Uint8Array> {
    return this.#exchange(call, async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** Resolves when the head of a good answer is there. The signal of the call cuts its body too. */
  async open(call: Call, signal: AbortSignal): Promise<Response> {
    const request = this.#request(call, signal);
    const response = await this.#whole(call, signal, async () => this.#options.fetch(request));
    if (!response.ok) throw await refusal(call.action, response);
    return response;
  }

  async #exchange<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const link = linkSignals(this.#options.closing, call.signal);
    try {
      const response = await this.open(call, link.signal);
      return await this.#whole(call, link.signal, () => read(response));
    } finally {
      link.unlink();
    }
  }

  /** An in-process fetch does not heed the signal by itself, so it is raced with it. */
  async #whole<T>(call: Call, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await untilAborted(signal, step());
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const reason = innermost(cause);
      const advice = `check that Mailproof runs at ${this.#options.baseUrl}`;
      throw new MailproofError(`Failed to ${call.action}: ${reason}; ${advice}`, null, null, { cause });
    }
  }

  #request(call: Call, signal: AbortSignal): Request {
    const { baseUrl, token, startedAt } = this.#options;
    const headers = new Headers(call.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    if (startedAt !== undefined) headers.set("mailproof-started-at", startedAt);
    if (call.body !== undefined) headers.set("content-type", "application/json");
    // A plus means itself in the addresses of a query.
    const query = call.query?.toString().replaceAll("+", "%20") ?? "";
    return new Request(`${baseUrl}${call.path}${query === "" ? "" : `?${query}`}`, {
      method: call.method ?? "GET",
      headers,
      signal,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
  }
}

/**
 * An id, a file name or another foreign text as one segment of a path.
 * @throws TypeError for `""`, `.` and `..`, which would name another resource
 */
export function segment(text: string): string {
  if (typeof text !== "string" || /^\.{0,2}$/.test(text)) {
    throw new TypeError(
      `Failed to address a record: ${JSON.stringify(text)}; use an id that the server gave`,
    );
  }
  return encodeURIComponent(text);
}

/** `fetch failed` says nothing; its innermost cause does. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return innermost(error.cause);
  return error.message || error.name;
}
