import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { isOn } from "../option.ts";

export const clear: Command = {
  name: "clear",
  operands: "",
  summary: "Delete all messages",
  options: [],
  async run(line, terminal) {
    operandsOf(clear, line, 0);
    await connected(line.values, (mail) => mail.clear());
    if (!isOn(line.values, "json")) terminal.out("All messages are deleted");
    return 0;
  },
};

export const reset: Command = {
  name: "reset",
  operands: "",
  summary: "Forget messages, transactions, sessions, added rules and counters",
  options: [],
  async run(line, terminal) {
    operandsOf(reset, line, 0);
    await connected(line.values, (mail) => mail.reset());
    if (!isOn(line.values, "json")) terminal.out("The server is as it was started");
    return 0;
  },
};
