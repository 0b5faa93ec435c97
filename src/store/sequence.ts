/**
 * Records in the order of their numbers. Arriving at the end, leaving anywhere and stepping from a number
 * to its neighbour are cheap, also while somebody is in the middle of a walk: a walk remembers a number,
 * never a position alone. What leaves becomes a hole; when the holes outnumber the records, the list is rebuilt.
 */
export class Sequence<T extends { readonly seq: number }> {
  #numbers: number[] = [];
  #records: (T | null)[] = [];
  /** Everything before it is a hole. */
  #start = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(record: T): void {
    const end = this.#numbers.length;
    if (end === this.#start || record.seq > this.#numbers[end - 1]!) {
      this.#numbers.push(record.seq);
      this.#records.push(record);
    } else {
      const at = this.#position(record.seq);
      const isHole = this.#numbers[at] === record.seq;
      this.#numbers.splice(at, isHole ? 1 : 0, record.seq);
      this.#records.splice(at, isHole ? 1 : 0, record);
      this.#start = Math.min(this.#start, at);
    }
    this.#size += 1;
  }

  has(seq: number): boolean {
    return this.#find(seq) !== -1;
  }

  get(seq: number): T | null {
    return this.#records[this.#find(seq)] ?? null;
  }

  /** In the place of the one with the same number, which must be there. */
  replace(record: T): void {
    this.#records[this.#find(record.seq)] = record;
  }

  delete(seq: number): boolean {
    const at = this.#find(seq);
    if (at === -1) return false;
    this.#records[at] = null;
    this.#size -= 1;
    while (this.#start < this.#records.length && this.#records[this.#start] === null) this.#start += 1;
    if (this.#records.length - this.#size > this.#size + 64) this.#rebuild();
    return true;
  }

  clear(): void {
    this.#numbers = [];
    this.#records = [];
    this.#start = 0;
    this.#size = 0;
  }

  /** The nearest record with a smaller number; without a number, the last record. */
  before(seq: number = Number.POSITIVE_INFINITY): T | null {
    for (let at = this.#position(seq) - 1; at >= this.#start; at--) {
      const record = this.#records[at];
      if (record) return record;
    }
    return null;
  }

  /** The nearest record with a greater number; without a number, the first record. */
  after(seq: number = Number.NEGATIVE_INFINITY): T | null {
    for (let at = this.#position(seq + 1); at < this.#records.length; at++) {
      const record = this.#records[at];
      if (record) return record;
    }
    return null;
  }

  /** Newest first; records may come and go between two steps. */
  *descending(before: number = Number.POSITIVE_INFINITY): Generator<T, void, undefined> {
    let seq = before;
    let at = this.#position(seq);
    while (true) {
      // Looked up again only where it moved.
      if (this.#numbers[at] !== seq) at = this.#position(seq);
      do at -= 1;
      while (at >= this.#start && this.#records[at] === null);
      const record = at >= this.#start ? this.#records[at] : null;
      if (!record) return;
      seq = this.#numbers[at]!;
      yield record;
    }
  }

  /** Oldest first, up to `last`; records may come and go between two steps. */
  *ascending(
    after: number = Number.NEGATIVE_INFINITY,
    last: number = Number.POSITIVE_INFINITY,
  ): Generator<T, void, undefined> {
    for (let record = this.after(after); record !== null; record = this.after(record.seq)) {
      if (record.seq > last) return;
      yield record;
    }
  }

  #find(seq: number): number {
    const at = this.#position(seq);
    return this.#numbers[at] === seq && this.#records[at] ? at : -1;
  }

  /** The first position whose number is not smaller. */
  #position(seq: number): number {
    let low = this.#start;
    let high = this.#numbers.length;
    // Where no number is left out nothing has to be searched for.
    const likely = low + seq - (this.#numbers[low] ?? 0);
    if (this.#numbers[likely] === seq) return likely;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rebuild(): void {
    const kept = this.#records.filter((record) => record !== null);
    this.#records = kept;
    this.#numbers = kept.map((record) => record.seq);
    this.#start = 0;
  }
}
