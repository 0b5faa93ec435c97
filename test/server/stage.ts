/** Plays a golden transcript against a server of its own, and writes down what comes. */
import { type Mailproof, type MailproofOptions, startMailproof } from "../../mod.ts";
import { linesOf, type Step, type Transcript } from "./golden.ts";
import { Peer } from "./peer.ts";

/** For what is to come. */
const patience = 5_000;
/** For what is not to come. */
const moment = 100;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Before a version is agreed on, each TLS library writes another one into the record of its alert. */
function withoutVersion(octets: string): string {
  return octets.replace(/\x15\x03[\x01-\x03]\x00\x02\x02\x46/, "\x15\x03\x03\x00\x02\x02\x46");
}

/** The lines of the transcript as they really were. */
export async function play({ options, steps }: Transcript): Promise<string[]> {
  const mail = await startMailproof({ seed: "golden", ...serverOptions(options) });
  const stage = new Stage(mail);
  try {
    const seen: string[] = [];
    for (const step of steps) {
      const before = await stage.unexpected(step);
      seen.push(...before, ...(await stage.act(step)));
    }
    return [...seen, ...linesOf(stage.rest)];
  } finally {
    stage.close();
    await mail.close();
  }
}

function serverOptions(options: ReadonlyMap<string, string>): MailproofOptions {
  const starttls = options.get("starttls");
  return starttls === "offer" || starttls === "require" ? { starttls } : {};
}

class Stage {
  readonly #mail: Mailproof;
  readonly #peers: Peer[] = [];
  /** How often rules had fired before the client's last move; null: it has been answered. */
  #fired: number | null = null;

  constructor(mail: Mailproof) {
    this.#mail = mail;
  }

  get #peer(): Peer {
    const peer = this.#peers.at(-1);
    if (peer === undefined) throw new Error("Failed to play: no connection; begin with O:");
    return peer;
  }

  /** Octets that nobody has looked at. */
  get rest(): string {
    return this.#peers.map((peer) => peer.takeAll()).join("");
  }

  /** What the server has said although the transcript goes on with something else. */
  async unexpected({ mark }: Step): Promise<string[]> {
    return this.#peers.length === 0 || mark === "S" ? [] : linesOf(this.#peer.takeAll());
  }

  async act({ mark, text, lines }: Step): Promise<readonly string[]> {
    switch (mark) {
      case "F":
        await this.#mail.faults.use(text);
        return lines;
      case "O":
        await this.#open();
        return lines;
      case "C":
        this.#fired ??= await this.#firings();
        this.#peer.send(text);
        return lines;
      case "H":
        this.#peer.finish();
        return lines;
      case "T":
        await this.#struck();
        await this.#mail.clock.advance(text);
        return lines;
      case "S":
        this.#fired = null;
        return linesOf(withoutVersion(await this.#peer.take(text.length, patience)));
      case "L":
        return [`L: ${await this.#peer.secure(this.#mail.tls.ca ?? "")}`];
      case "N":
        this.#fired = null;
        return this.#silence();
      case "X":
        return this.#end();
      default:
        return this.#messages(text === "nothing" ? 0 : lines.length);
    }
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }

  async #open(): Promise<void> {
    this.#fired ??= await this.#firings();
    const { port } = this.#mail.smtp;
    this.#peers.push(await Peer.connect(port));
  }

  /** Time goes on when a rule has fired for what the client did last; else it would go on too early. */
  async #struck(): Promise<void> {
    const before = this.#fired;
    this.#fired = null;
    if (before !== null) await until(async () => (await this.#firings()) > before);
  }

  async #firings(): Promise<number> {
    const faults = await this.#mail.faults.list();
    return faults.flatMap(({ rules }) => rules).reduce((sum, { state }) => sum + state.fired, 0);
  }

  async #silence(): Promise<string[]> {
    const octets = await this.#peer.take(1, moment);
    return octets === "" && this.#peer.end === null ? ["N:"] : this.#end();
  }

  /** A connection that was refused never was; the client goes on with the one before. */
  async #end(): Promise<string[]> {
    const peer = this.#peer;
    const end = await peer.ended(patience);
    if (end === "refused") this.#peers.pop();
    return [...linesOf(peer.takeAll()), end === null ? "N:" : `X: ${end}`];
  }

  async #messages(count: number): Promise<string[]> {
    await until(async () => (await this.#mail.messages()).length >= count);
    const kept = (await this.#mail.messages()).map(({ id, envelope, transaction }) => {
      const from = envelope.from === "" ? "<>" : envelope.from;
      const to = envelope.to.length > 2 ? `${envelope.to.length} recipients` : envelope.to.join(" ");
      return `M: ${id} ${from} > ${to} ${transaction.outcome}`;
    });
    return kept.length === 0 ? ["M: nothing"] : kept;
  }
}
