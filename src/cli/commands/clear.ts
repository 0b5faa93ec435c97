import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { filterOf, filterOptions } from "../filter-options.ts";
import { isOn } from "../option.ts";

export const clear: Command = {
  name: "clear",
  operands: "",
  summary: "Delete all messages, or those of the filter",
  options: filterOptions,
  notes: ["  mailproof clear --to '*@example.test'", ""],
  async run(line, terminal) {
    operandsOf(clear, line, 0);
    const filter = filterOf(line.values);
    await connected(line.values, (mail) => mail.clear(filter));
    const whole = Object.keys(filter).length === 0 && !line.values.has("inbox");
    const which = whole ? "All messages" : "The messages of that filter";
    terminal.out(isOn(line.values, "json") ? '{"cleared":true}' : `${which} are deleted`);
    return 0;
  },
};

export const reset: Command = {
  name: "reset",
  operands: "",
  summary: "Forget messages, transactions, sessions, added rules and counters",
  options: [],
  notes: ["  mailproof reset --json", ""],
  async run(line, terminal) {
    operandsOf(reset, line, 0);
    await connected(line.values, (mail) => mail.reset());
    terminal.out(isOn(line.values, "json") ? '{"reset":true}' : "The server is as it was started");
    return 0;
  },
};
