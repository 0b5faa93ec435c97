/** Which replies to which verbs were seen in which states: whether the sessions get deep enough. */
import { smtpVerbs } from "./framing.ts";

export class Coverage {
  /** By state, verb and code. */
  readonly #cells = new Map<string, number>();

  /** `kind`: of what it is due to, which stands for the verb where there is none. */
  saw(state: string, kind: string, verb: string, code: number): void {
    const name = kind !== "line" && kind !== "chunk" ? kind : smtpVerbs.has(verb) ? verb : "?";
    const key = `${name} ${state} ${code}`;
    this.#cells.set(key, (this.#cells.get(key) ?? 0) + 1);
  }

  get size(): number {
    return this.#cells.size;
  }

  has(state: string, verb: string, code: number): boolean {
    return this.#cells.has(`${verb} ${state} ${code}`);
  }

  /** Distinct reply codes. */
  get codes(): number[] {
    return [...new Set([...this.#cells.keys()].map((key) => Number(key.split(" ")[2])))].sort(
      (a, b) => a - b,
    );
  }

  /** One line for each verb: the codes that were said to it in each state; 0: nothing was said. */
  report(): string {
    const rows = new Map<string, Map<string, string[]>>();
    for (const key of [...this.#cells.keys()].sort()) {
      const [verb = "", state = "", code = ""] = key.split(" ");
      const row = rows.get(verb) ?? new Map<string, string[]>();
      rows.set(verb, row.set(state, [...(row.get(state) ?? []), code]));
    }
    return [...rows]
      .map(([verb, row]) => {
        const states = [...row].map(([state, codes]) => `${state} ${codes.join(" ")}`);
        return `${verb.padEnd(9)} ${states.join(" · ")}`;
      })
      .join("\n");
  }
}
