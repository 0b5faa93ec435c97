/**
 * A cache that lets go of what was used least recently, bounded by the number and the weight of its entries. What was
 * put in last stays whatever it weighs, alone if need be: it is asked for again more often than not.
 */
export class LeastRecent<V> {
  readonly #limits: { readonly entries: number; readonly weight: number };
  /** In order of use, least recent first. */
  readonly #entries = new Map<string, { readonly value: V; readonly weight: number }>();
  #weight = 0;

  constructor(limits: { readonly entries: number; readonly weight: number }) {
    this.#limits = limits;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, weight: number): void {
    this.delete(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (oldest === key) break;
      if (this.#entries.size <= this.#limits.entries && this.#weight <= this.#limits.weight) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }
}
