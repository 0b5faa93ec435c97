import { formatDuration } from "../../notation/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { inboxOption } from "../filter-options.ts";
import { isOn } from "../option.ts";
import { printableJson } from "../terminal.ts";
import { localTime } from "../time.ts";
import { UsageError } from "../usage-error.ts";
import { readDuration } from "../value.ts";

export const clock: Command = {
  name: "clock",
  operands: "advance DURATION",
  summary: "Move the clock of the faults forward",
  options: [{ ...inboxOption, help: "Only that of this inbox" }],
  notes: ["  mailproof clock advance 5m", ""],
  async run(line, terminal) {
    const [verb, duration = ""] = operandsOf(clock, line, 2);
    if (verb !== "advance")
      throw new UsageError(`Failed to read the command: clock ${verb}; write clock advance 5m`);
    if (duration.startsWith("-"))
      throw new UsageError(`Failed to advance the clock: "${duration}"; it only goes forward, by 5m`);
    const by = readDuration(duration, "the duration");
    const { offset, now } = await connected(line.values, (mail) => mail.clock.advance(by));
    const sentence = `Fault time is ${localTime(now)}, ${formatDuration(offset)} ahead`;
    terminal.out(isOn(line.values, "json") ? printableJson({ offset, now }, 2) : sentence);
    return 0;
  },
};
