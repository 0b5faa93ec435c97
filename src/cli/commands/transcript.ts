import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { isOn } from "../option.ts";
import { printableLines } from "../terminal.ts";

export const transcript: Command = {
  name: "transcript",
  operands: "SESSION",
  summary: "Show what client and server said, with milliseconds",
  options: [],
  async run(line, terminal) {
    const [session = ""] = operandsOf(transcript, line, 1);
    const text = await connected(line.values, (mail) => mail.transcript(session));
    const lines = printableLines(text.trimEnd());
    terminal.out(
      isOn(line.values, "json") ? JSON.stringify({ session, lines: lines.split("\n") }, null, 2) : lines,
    );
    return 0;
  },
};
