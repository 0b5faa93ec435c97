import type { ApiEvent } from "../api/contract.ts";
import { MailproofError } from "./error.ts";
import { readEventStream } from "./event-stream.ts";
import type { EventsOptions } from "./handle.ts";
import { linkSignals } from "./signal.ts";
import { pause, type Timers } from "./timers.ts";
import type { Transport } from "./transport.ts";

/** Milliseconds between two tries to connect. */
const reconnectPause = 250;

/**
 * Events without a gap: a connection that was cut, or could not be made, is made again and goes on after
 * the last event that was read. When the handle is closed, a server in this process still tells its end.
 * @param cut ends the stream of a server elsewhere
 */
export async function* readEvents(
  options: EventsOptions,
  filter: URLSearchParams,
  transport: Transport,
  timers: Timers,
  cut: AbortSignal | undefined,
): AsyncGenerator<ApiEvent, void, undefined> {
  const { types, since, signal } = options;
  const link = linkSignals(signal, cut);
  const query = new URLSearchParams(filter);
  if (types !== undefined) query.set("types", types.join(","));
  if (typeof since === "object") query.set("startedAt", since.startedAt);
  try {
    let last = since === undefined ? "" : String(typeof since === "number" ? since : since.journal);
    while (true) {
      const headers = { accept: "text/event-stream", ...(last === "" ? {} : { "last-event-id": last }) };
      const call = { action: "read the events", path: "/api/events", query, headers };
      try {
        const { body } = await transport.open(call, link.signal);
        for await (const event of readEventStream(body!, link.signal)) {
          last = event.id || last;
          if (event.data !== null) yield JSON.parse(event.data) as ApiEvent;
        }
      } catch (error) {
        if (link.signal.aborted) throw link.signal.reason;
        if (error instanceof MailproofError && !error.transient) throw error;
      }
      if (transport.closing.aborted) return;
      await pause(timers, reconnectPause, link.signal);
    }
  } catch (error) {
    if (!transport.closing.aborted || signal?.aborted) throw error;
  } finally {
    link.unlink();
  }
}
