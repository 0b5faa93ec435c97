/** Resident memory of another process, sampled while something happens to it. */
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { pause } from "./attacker.ts";

const mebi = 1024 * 1024;

/** Environment of a program whose memory is measured. */
export const watched = {
  NODE_OPTIONS: `--import=${new URL("tidy.mjs", import.meta.url)}`,
  // Buffers that are freed go back to the system, instead of into the gaps that the C library keeps for others.
  MALLOC_MMAP_THRESHOLD_: "65536",
  MALLOC_TRIM_THRESHOLD_: "131072",
} as const;

/** What one attack did to the memory of the server, in MiB over its warmed-up base. */
export interface Growth {
  readonly attack: string;
  readonly before: number;
  readonly peak: number;
  readonly after: number;
  readonly seconds: number;
}

export class MemoryWatch {
  readonly #pid: number;
  readonly #file: string;
  #base = 0;
  #end = 0;
  readonly growths: Growth[] = [];

  constructor(pid: number) {
    this.#pid = pid;
    this.#file = `/proc/${pid}/status`;
  }

  /** Only Linux tells. */
  get isPossible(): boolean {
    return existsSync(this.#file);
  }

  /** From here on growth counts. */
  async begin(): Promise<void> {
    this.#base = await this.#held();
  }

  /** Nothing is going on any more. Resolves with what all attacks together have left behind, over the base. */
  async end(): Promise<number> {
    this.#end = await this.#held();
    return this.#end - this.#base;
  }

  async during(attack: string, run: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    const before = this.#resident() - this.#base;
    let peak = before;
    const sampler = setInterval(() => {
      peak = Math.max(peak, this.#resident() - this.#base);
    }, 10);
    try {
      await run();
    } finally {
      clearInterval(sampler);
      const after = this.#resident() - this.#base;
      const seconds = (performance.now() - startedAt) / 1000;
      this.growths.push({ attack, before, peak: Math.max(peak, after), after, seconds });
    }
  }

  table(): string {
    const columns = (attack: string, ...numbers: string[]): string =>
      [attack.padEnd(52), ...numbers.map((number) => number.padStart(8))].join("");
    const signed = (amount: number): string => `${amount < 0 ? "" : "+"}${amount.toFixed(1)}`;
    const highest = Math.max(0, ...this.growths.map(({ peak }) => peak));
    return [
      columns("", "before", "peak", "after", "seconds"),
      ...this.growths.map(({ attack, before, peak, after, seconds }) =>
        columns(attack, signed(before), signed(peak), signed(after), seconds.toFixed(1)),
      ),
      `in MiB over a base of ${this.#base.toFixed(0)}; ${signed(this.#end - this.#base)} stayed, the highest peak was ${signed(highest)}`,
    ].join("\n");
  }

  /**
   * What the program holds on to. The system gets the pages that a collection has emptied back some time later, up to
   * 80 MiB of them: of several looks the lowest counts.
   */
  async #held(): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 6; n += 1) {
      process.kill(this.#pid, "SIGUSR2");
      await pause(1_000);
      least = Math.min(least, this.#resident());
    }
    return least;
  }

  #resident(): number {
    if (!this.isPossible) return 0;
    const [, kibi = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(this.#file, "utf8")) ?? [];
    return (Number(kibi) * 1024) / mebi;
  }
}
