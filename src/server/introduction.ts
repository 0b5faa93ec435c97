/** What a trusted proxy says first: the PROXY header, and how it is turned away that has none. */
import type { Session } from "../store/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { Departure } from "./departure.ts";
import { type ProxySource, readProxyHeader } from "./proxy-header.ts";

export interface Introduced {
  /** Null: the proxy speaks for itself. */
  readonly source: ProxySource | null;
  /** What follows the header. */
  readonly rest: Uint8Array;
}

export class Introduction {
  readonly #clerk: Clerk;
  readonly #departure: Departure;
  #octets: Uint8Array = new Uint8Array(0);

  constructor(clerk: Clerk, departure: Departure) {
    this.#clerk = clerk;
    this.#departure = departure;
  }

  /** Null: there is more to come, or the header is malformed and the connection closed. */
  take(octets: Uint8Array): Introduced | null {
    const all = new Uint8Array(this.#octets.length + octets.length);
    all.set(this.#octets);
    all.set(octets, this.#octets.length);
    this.#octets = all;
    const header = readProxyHeader(all);
    if (header.kind === "malformed") this.turnAway(header.reason, "server");
    if (header.kind !== "whole") return null;
    const { source } = header;
    if (source !== null) this.#clerk.introduced(source.address, source.port);
    return { source, rest: all.subarray(header.length) };
  }

  /** Closed without a word: whatever is said to a proxy that makes mistakes would reach its client. */
  turnAway(reason: string, by: NonNullable<Session["closedBy"]>): void {
    if (this.#departure.ended) return;
    this.#clerk.remark(`PROXY header: ${reason}`);
    this.#departure.end({ kind: "fin" }, by);
  }
}
