/**
 * Idempotency keys: the answer to a request that was carried out is given again to the same request, and a
 * different request under the same key is refused. Bounded; the oldest are forgotten first.
 */

interface Entry {
  /** What was asked. */
  readonly fingerprint: string;
  /** Milliseconds. */
  readonly at: number;
  /** Ids that were given; null: it is under way. */
  ids: readonly string[] | null;
}

const keptKeys = 10_000;

export type Claim =
  | { readonly kind: "new" }
  | { readonly kind: "repeated"; readonly ids: readonly string[] }
  | { readonly kind: "different" }
  | { readonly kind: "under-way" };

export class IdempotencyKeys {
  readonly #lifetime: number;
  readonly #entries = new Map<string, Entry>();

  /** @param lifetime of a key, milliseconds */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** Asks for a key; one that is new is taken until it is settled or released. */
  claim(key: string, fingerprint: string, now: number): Claim {
    const known = this.#entries.get(key);
    if (known !== undefined && now - known.at < this.#lifetime) {
      if (known.fingerprint !== fingerprint) return { kind: "different" };
      return known.ids === null ? { kind: "under-way" } : { kind: "repeated", ids: known.ids };
    }
    this.#entries.delete(key);
    this.#entries.set(key, { fingerprint, at: now, ids: null });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > keptKeys && oldest !== undefined) this.#entries.delete(oldest);
    return { kind: "new" };
  }

  /** It was carried out. */
  settle(key: string, ids: readonly string[]): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.ids = ids;
  }

  /** The ids that were given under a key; null: none, or it is under way. */
  idsOf(key: string): readonly string[] | null {
    return this.#entries.get(key)?.ids ?? null;
  }

  /** What was given these ids is gone: the next request begins anew. */
  drop(key: string, ids: readonly string[]): void {
    if (this.#entries.get(key)?.ids === ids) this.#entries.delete(key);
  }

  /** It was not carried out: the next one begins anew. */
  release(key: string): void {
    if (this.#entries.get(key)?.ids === null) this.#entries.delete(key);
  }

  forget(): void {
    this.#entries.clear();
  }
}
