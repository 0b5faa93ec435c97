import type { MailHandle } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { isOn } from "../option.ts";
import { printableJson, printableLines } from "../terminal.ts";

export const transcript: Command = {
  name: "transcript",
  operands: "ID|latest",
  summary: "Show what was said in a session, or in that of a transaction or message",
  options: [],
  notes: ["  mailproof transcript latest", ""],
  async run(line, terminal) {
    const [id = ""] = operandsOf(transcript, line, 1);
    const { session, text } = await connected(line.values, async (mail) => {
      const found = await sessionOf(id, mail);
      return { session: found, text: await mail.transcript(found) };
    });
    const lines = printableLines(text.trimEnd());
    terminal.out(isOn(line.values, "json") ? printableJson({ session, lines: lines.split("\n") }, 2) : lines);
    return 0;
  },
};

/** The session that is meant: its own id, that of a transaction (`t5`) or message (`m3`) in it, or `latest`. */
async function sessionOf(id: string, mail: MailHandle): Promise<string> {
  if (id === "latest") {
    const [newest] = await mail.sessions({}, { limit: 1 });
    if (newest === undefined)
      throw new Error("Failed to find the latest session: there is none; send a mail");
    return newest.id;
  }
  if (!/^[tm]\d+$/.test(id)) return id;
  const { sessionId } = await (id.startsWith("t") ? mail.transaction(id) : mail.message(id));
  if (sessionId !== null) return sessionId;
  throw new Error(`Failed to find the session of ${id}: it has none; it did not come by SMTP`);
}
