import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { filterOf, filterOptions } from "../filter-options.ts";
import { textOf } from "../option.ts";
import { printableJson } from "../terminal.ts";

export const wait: Command = {
  name: "wait",
  operands: "",
  summary: "Wait for a message and print it as JSON; one that is stored already counts",
  options: [...filterOptions, { flag: "timeout", kind: "duration", help: "(10s)" }],
  notes: ["  mailproof wait --to ada@example.test --subject welcome --timeout 10s", ""],
  async run(line, terminal) {
    operandsOf(wait, line, 0);
    const timeout = textOf(line.values, "timeout") ?? "10s";
    const message = await connected(line.values, (mail) =>
      mail.waitFor(filterOf(line.values), { timeout, since: 0 }),
    );
    terminal.out(printableJson(message, 2));
    return 0;
  },
};
