import type { Reply, TranscriptLine } from "../../../src/api/contract.ts";

/**
 * What was said to the MAIL command: the record of a transaction does not keep it, the transcript does.
 * Null where nothing was said, or its lines are gone.
 */
export function mailReply(lines: readonly TranscriptLine[], transactionId: string): Reply | null {
  const ours = lines.filter((line) => line.transactionId === transactionId);
  const asked = ours.findIndex(({ by }) => by === "C");
  if (!/^(?:mail|send|soml|saml)\b/i.test(ours[asked]?.text ?? "")) return null;
  const rest = ours.slice(asked + 1);
  const next = rest.findIndex(({ by }) => by === "C");
  const said = (next < 0 ? rest : rest.slice(0, next)).filter(({ by }) => by === "S");
  const code = /^[2-5]\d\d/.exec(said[0]?.text ?? "")?.[0];
  if (code === undefined) return null;
  const texts = said.map(({ text }) => (/^\d{3}/.test(text) ? text.slice(4) : text));
  return { code: Number(code), enhanced: null, lines: texts };
}
