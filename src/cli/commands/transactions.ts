import type { TransactionFilter } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { given, inboxOption } from "../filter-options.ts";
import { limitOption, newest } from "../newest.ts";
import { isOn } from "../option.ts";
import { printableJson } from "../terminal.ts";
import { entryOf, transactionLine } from "../transaction-line.ts";

export const transactions: Command = {
  name: "transactions",
  operands: "",
  summary: "List transactions, the newest last; refused and broken off ones too",
  options: [
    {
      flag: "to",
      kind: "list",
      placeholder: "PATTERN",
      help: "A recipient, refused or not; repeatable: any of them",
    },
    { flag: "from", kind: "list", placeholder: "PATTERN", help: "Reverse-path; repeatable" },
    { flag: "subject", kind: "text", placeholder: "PATTERN", help: "Without a wildcard: contains" },
    {
      flag: "outcome",
      kind: "choice",
      choices: ["open", "accepted", "rejected", "aborted", "reply-lost"],
      placeholder: "OUTCOME",
      help: "open, accepted, rejected, aborted or reply-lost",
    },
    inboxOption,
    limitOption,
  ],
  notes: ["  mailproof transactions --outcome rejected", ""],
  async run(line, terminal) {
    operandsOf(transactions, line, 0);
    const filter = given(line.values, ["to", "from", "subject", "outcome"]) as TransactionFilter;
    const found = await connected(line.values, (mail) =>
      newest(line.values, terminal, (options) => mail.transactions(filter, options)),
    );
    if (isOn(line.values, "json")) terminal.out(printableJson(found, 2));
    else
      for (const one of found)
        terminal.out(
          `${terminal.paint("bold", one.id)}  ${one.sessionId ?? "-"}  ${transactionLine(entryOf(one), terminal)}`,
        );
    return 0;
  },
};
