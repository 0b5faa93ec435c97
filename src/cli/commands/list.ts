import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { filterOf, filterOptions } from "../filter-options.ts";
import { limitOption, newest } from "../newest.ts";
import { isOn } from "../option.ts";
import { printable, printableJson } from "../terminal.ts";
import { localTime } from "../time.ts";
import { formatRoute, formatSize, formatSubject } from "../transaction-line.ts";

export const list: Command = {
  name: "list",
  operands: "",
  summary: "List messages, the newest last",
  options: [...filterOptions, limitOption],
  notes: ["  mailproof list --to '*@example.test' --limit 5", ""],
  async run(line, terminal) {
    operandsOf(list, line, 0);
    const filter = filterOf(line.values);
    const messages = await connected(line.values, (mail) =>
      newest(line.values, terminal, (options) => mail.messages(filter, options)),
    );
    if (isOn(line.values, "json")) {
      terminal.out(printableJson(messages, 2));
      return 0;
    }
    for (const { id, receivedAt, envelope, size, subject } of messages) {
      const columns = [
        terminal.paint("bold", id),
        terminal.paint("dim", localTime(receivedAt)),
        formatRoute(envelope.from, envelope.to),
        terminal.paint("dim", formatSize(size)),
        printable(formatSubject(subject)),
      ];
      terminal.out(columns.join("  "));
    }
    return 0;
  },
};
