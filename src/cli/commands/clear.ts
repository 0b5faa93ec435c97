import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { isOn } from "../option.ts";

export const clear: Command = {
  name: "clear",
  operands: "",
  summary: "Delete all messages",
  options: [],
  notes: ["  mailproof clear --json", ""],
  async run(line, terminal) {
    operandsOf(clear, line, 0);
    await connected(line.values, (mail) => mail.clear());
    terminal.out(isOn(line.values, "json") ? '{"cleared":true}' : "All messages are deleted");
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
