import { untilAborted } from "./signal.ts";

/** One event of a stream (HTML Living Standard §9.2). */
export interface StreamedEvent {
  /** The last one seen; `""` before the first. */
  readonly id: string;
  /** Null: it only tells the id. */
  readonly data: string | null;
}

/**
 * Reads `text/event-stream` octets as they come; the type of an event is in its data. What the end of the
 * stream cuts off is dropped, as the standard demands: it comes again after a reconnect, for its id was not seen.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const parser = new EventParser();
  try {
    while (true) {
      const { done, value } = await untilAborted(signal, reader.read());
      if (done) return;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Tells the server that nobody reads any more. Not awaited: it may take as long as the network likes.
    reader.cancel().catch(() => {});
  }
}

class EventParser {
  #rest = "";
  #id = "";
  #data: string[] = [];

  *feed(text: string): Generator<StreamedEvent> {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    // Without its line end the last line may go on; a lone CR may be the half of a CRLF.
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") yield* this.#dispatch();
      else this.#field(line);
    }
  }

  #field(line: string): void {
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  *#dispatch(): Generator<StreamedEvent> {
    const data = this.#data;
    this.#data = [];
    yield { id: this.#id, data: data.length > 0 ? data.join("\n") : null };
  }
}
