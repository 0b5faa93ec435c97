/**
 * Faults that addresses ask for. Each address has a rule of its own, in each inbox another, which counts
 * for it alone; the rules are made when they are needed, and the one that was used least recently is forgotten
 * first.
 */
import type { Warning } from "../smtp/mod.ts";
import { ArmedRule, type Strike } from "./armed-rule.ts";
import { looksMagic, magicRule, recipientPhases } from "./magic-address.ts";
import type { Moment } from "./moment.ts";

/** So many addresses are kept. */
const keptAddresses = 10_000;

/** Between an address and the inboxes that it asks in; neither holds it. */
const separator = "\u0000";

export interface MagicFindings {
  /** At most one of them decides. */
  readonly strikes: readonly Strike[];
  readonly warnings: readonly Warning[];
}

const nothing: MagicFindings = { strikes: [], warnings: [] };

export class Magic {
  readonly #seed: string;
  /** By address and inboxes, least recently used first. Null: it asks for nothing that there is. */
  readonly #armed = new Map<string, ArmedRule | null>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Asks the addresses of this moment, the strongest first. All of them count, and one decides. */
  judge(moment: Moment): MagicFindings {
    const addresses = addressesAt(moment);
    if (addresses.length === 0) return nothing;
    const refused = moment.proposed !== null && moment.proposed.code >= 400;
    const strikes: Strike[] = [];
    const warnings = new Set<Warning>();
    const asked: { readonly address: string; readonly armed: ArmedRule }[] = [];
    for (const address of addresses) {
      const armed = this.#find(address, moment.phase === "mail" ? moment.inboxes() : moment.inboxes(address));
      if (armed === null || !canAct(armed, moment)) warnings.add("magic-without-effect");
      if (armed?.rule.phases.has(moment.phase) === true) asked.push({ address, armed });
    }
    let decided = false;
    for (const { address, armed } of asked.sort((a, b) => weakness(a.armed) - weakness(b.armed))) {
      // Whoever else is in the mail, it is about this address.
      const asking = moment.phase === "mail" ? moment : { ...moment, recipient: address };
      // The address is in the seed, as all these rules have one id.
      const strike = armed.ask(asking, `${this.#seed} ${address}`, { decided: false, refused });
      if (strike === null || (decided && strike.effect.decides)) continue;
      strikes.push({ ...strike, address });
      decided ||= strike.effect.decides;
    }
    return { strikes, warnings: [...warnings] };
  }

  /** Octets of content after this many at which one of these recipients wants to be asked; null: none does. */
  nextStop(octets: number, recipients: readonly string[]): number | null {
    const stops = recipients.filter(looksMagic).flatMap((recipient) => {
      const stop = this.#find(recipient.toLowerCase())?.rule.stop ?? null;
      return stop !== null && stop > octets ? [stop] : [];
    });
    return stops.length === 0 ? null : Math.min(...stops);
  }

  /** Of all addresses, or of those that have asked in an inbox. */
  resetCounters(inbox: string | null): void {
    for (const [key, armed] of this.#armed) {
      if (inbox === null || key.split(separator).includes(inbox, 1)) armed?.resetCounters();
    }
  }

  /** As if no address had ever asked. */
  clear(): void {
    for (const armed of this.#armed.values()) armed?.disarm();
    this.#armed.clear();
  }

  #find(address: string, inboxes: readonly string[] = []): ArmedRule | null {
    const key = [address, ...inboxes].join(separator);
    let armed = this.#armed.get(key);
    if (armed === undefined) {
      const rule = magicRule(address);
      armed = rule === null ? null : new ArmedRule(rule, 0);
    }
    this.#armed.delete(key);
    this.#armed.set(key, armed);
    const [oldest] = this.#armed.keys();
    if (this.#armed.size > keptAddresses && oldest !== undefined) {
      this.#armed.get(oldest)?.disarm();
      this.#armed.delete(oldest);
    }
    return armed;
  }
}

/** Lower case, each once: the sender at MAIL, the recipient that is tried or answered, else all accepted ones. */
function addressesAt({ phase, recipient, transaction }: Moment): readonly string[] {
  if (phase === "mail") return magicOnes([transaction?.from ?? ""]);
  if (!recipientPhases.some((place) => place === phase)) return [];
  return magicOnes(recipient === null ? (transaction?.recipients ?? []) : [recipient]);
}

function magicOnes(addresses: readonly string[]): readonly string[] {
  const found = addresses.filter(looksMagic);
  return found.length === 0 ? found : [...new Set(found.map((address) => address.toLowerCase()))];
}

/** A sender acts only at MAIL, a recipient only from RCPT on; who sends chunks never says DATA. */
function canAct({ rule }: ArmedRule, { phase, verb }: Moment): boolean {
  if (phase === "mail") return rule.phases.has("mail");
  return recipientPhases.some((place) => rule.phases.has(place) && (place !== "data" || verb !== "BDAT"));
}

/** An ending comes before 5yz, 5yz before 4yz, and what goes well comes last. */
function weakness({ rule }: ArmedRule): number {
  const { ending, said, wire, bounce } = rule.effects[0]!;
  if (ending !== null) return 0;
  if (typeof said === "object" && said.code >= 400) return said.code >= 500 ? 1 : 2;
  return said === "none" || wire !== null || bounce !== null ? 3 : 4;
}
