import { parseDuration } from "../../notation/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { urlOf } from "../connection.ts";
import { isOn, textOf } from "../option.ts";

/** Milliseconds between two questions, and how long one may take. */
const pause = 200;
const patience = 2_000;

export const health: Command = {
  name: "health",
  operands: "",
  summary: "Ask whether the server is ready; exit code 0 or 1",
  options: [{ flag: "wait", kind: "duration", help: "Go on asking for so long (0)" }],
  notes: ["  mailproof health --wait 30s", ""],
  async run(line, terminal) {
    operandsOf(health, line, 0);
    const url = new URL(urlOf(line.values));
    const probe = new URL(`${url.pathname.replace(/\/$/, "")}/readyz`, url.origin);
    const until = performance.now() + parseDuration(textOf(line.values, "wait") ?? 0);
    while (true) {
      const problem = await ask(probe);
      if (problem === null) {
        terminal.out(isOn(line.values, "json") ? '{"ready":true}' : `Mailproof is ready at ${url.origin}`);
        return 0;
      }
      if (performance.now() + pause > until) {
        throw new Error(`Failed to reach Mailproof: ${problem}; check that it runs at ${url.origin}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  },
};

/** Null: it is ready. */
async function ask(probe: URL): Promise<string | null> {
  try {
    const { ok, status } = await fetch(probe, { signal: AbortSignal.timeout(patience) });
    return ok ? null : `it answers ${status}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error && cause.message !== "" ? cause.message : message;
  }
}
