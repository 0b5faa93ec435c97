/** What the server says in a session: gathered, written in as few writes as possible, and noted. */
import { renderReply, reply } from "../smtp/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { Outbox } from "./outbox.ts";
import type { Trickle } from "./trickle.ts";
import type { Wire } from "./wire.ts";

/** A client that does not read is waited for beyond so many octets of unsent replies. */
const unsentLimit = 64 * 1024;

export interface SpeakerParts {
  readonly outbox: Outbox;
  readonly engine: { readonly hostname: string };
}

export class Speaker {
  readonly #wire: Wire;
  readonly #clerk: Clerk;
  readonly #trickle: Trickle;
  readonly #hostname: string;
  readonly #hidesEnhanced: () => boolean;
  readonly #outbox: Outbox;
  #gathered = "";
  #isDue = false;
  #waits = false;

  /** `hidesEnhanced`: no enhanced status codes are said. */
  constructor(
    wire: Wire,
    clerk: Clerk,
    trickle: Trickle,
    { outbox, engine }: SpeakerParts,
    hidesEnhanced: () => boolean,
  ) {
    this.#wire = wire;
    this.#clerk = clerk;
    this.#trickle = trickle;
    this.#outbox = outbox;
    this.#hostname = engine.hostname;
    this.#hidesEnhanced = hidesEnhanced;
  }

  /** The client does not take what was said, and is waited for. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Octets as characters. They leave with the next {@link flush}, at the latest when there are many. */
  say(octets: string): void {
    if (octets === "" || this.#wire.gone) return;
    this.#gathered += octets;
    this.#clerk.sent(octets);
    if (this.#gathered.length > unsentLimit && !this.#trickle.isSlow) this.flush();
  }

  /** A 421 begins with the host name (RFC 5321 §4.2.3). */
  sayGoodbye(enhanced: string, text: string): void {
    const code = this.#hidesEnhanced() ? null : enhanced;
    this.say(renderReply(reply(421, code, `${this.#hostname} ${text}, closing transmission channel`)));
  }

  /** As {@link flush}, when all that has come is read. */
  flushSoon(): void {
    if (this.#gathered === "" || this.#isDue) return;
    this.#isDue = true;
    this.#outbox.add(this);
  }

  flush(): void {
    this.#isDue = false;
    if (this.#gathered === "") return;
    this.#wire.write(this.#gathered);
    this.#gathered = "";
  }

  /** As {@link flush}, at the pace of the session. Resolves when all has left, or the client is gone. */
  flushSlowly(): Promise<void> {
    const octets = this.#gathered;
    this.#gathered = "";
    return this.#trickle.write(octets);
  }

  /** As {@link flush}, to a client that has sent FIN. Resolves when it can be told whether it still reads. */
  flushToEnded(): Promise<void> {
    const octets = this.#gathered;
    this.#gathered = "";
    return this.#wire.writeToEnded(octets);
  }

  /** Null where the client keeps up; else resolves when it has taken what was said, or is gone. */
  backlog(): Promise<void> | null {
    return this.#wire.unsent > unsentLimit && !this.#wire.gone ? this.#drained() : null;
  }

  async #drained(): Promise<void> {
    this.#waits = true;
    await this.#wire.drained();
    this.#waits = false;
  }
}
