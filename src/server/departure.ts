/** How a session ends, once: by whom, with which last words, and what then becomes of the connection. */
import type { Ending } from "../faults/mod.ts";
import type { Session } from "../store/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { Pause } from "./pause.ts";
import type { Speaker } from "./speaker.ts";
import type { Wire } from "./wire.ts";

type ClosedBy = NonNullable<Session["closedBy"]>;

const remarks = {
  fin: "connection closed (FIN)",
  reset: "connection reset (RST)",
  "half-close": "our side of the connection closed (FIN)",
  stall: "stalled: nothing more is read or said",
} as const;

export class Departure {
  readonly #wire: Wire;
  readonly #speaker: Speaker;
  readonly #clerk: Clerk;
  readonly #pause: Pause;
  #ended = false;
  #stalled = false;
  #halfClosed = false;
  #by: ClosedBy = "client";

  constructor(wire: Wire, speaker: Speaker, clerk: Clerk, pause: Pause) {
    this.#wire = wire;
    this.#speaker = speaker;
    this.#clerk = clerk;
    this.#pause = pause;
  }

  /** Ended from our side: nothing more is said or heard. */
  get ended(): boolean {
    return this.#ended;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** Who ended it; the client, unless we did. */
  get by(): ClosedBy {
    return this.#by;
  }

  /** Nothing where the client has gone already. `until` cuts a stall short. */
  end(ending: Ending, by: ClosedBy, until: AbortSignal | null = null): void {
    if (this.#ended || this.#wire.closed) return;
    if (this.#halfClosed && ending.kind === "half-close") return;
    // A client that goes because our side has gone was made to.
    if (!this.#halfClosed) this.#by = by;
    this.#speaker.flush();
    if (ending.kind === "half-close") {
      this.#halfClosed = true;
      this.#wire.halfClose();
    } else {
      this.#ended = true;
      if (ending.kind === "fin") this.#wire.fin();
      else if (ending.kind === "reset") this.#wire.reset();
      else void this.#stall(ending.for, until);
    }
    if (by === "fault") this.#clerk.remark(remarks[ending.kind]);
  }

  /** The client goes, and has said all that it had to say: its FIN need not be waited for. */
  close(): void {
    if (this.#ended || this.#wire.closed) return;
    this.#ended = true;
    this.#speaker.flush();
    this.#wire.close();
  }

  /** Says 421 before. */
  leave(by: ClosedBy, enhanced: string, text: string): void {
    if (!this.#ended) this.#speaker.sayGoodbye(enhanced, text);
    this.end({ kind: "fin" }, by);
  }

  /** An RST at once, also where another ending is under way. */
  reset(by: ClosedBy): void {
    if (this.#ended) this.#wire.reset();
    else this.end({ kind: "reset" }, by);
  }

  async #stall(ms: number, until: AbortSignal | null): Promise<void> {
    this.#stalled = true;
    this.#wire.stall();
    await this.#pause.sleep(ms, until);
    this.#wire.reset();
  }
}
