/** Tests messages against conditions, reading no more of them than the conditions need. */
import type { LetterShelf } from "./letter-shelf.ts";
import type { MessageCondition } from "./reading.ts";
import type { StoredMessage } from "./stored-message.ts";

/** Whether all conditions hold. The conditions come as `compileMessageFilter` orders them. */
export async function matches(
  message: StoredMessage,
  conditions: readonly MessageCondition[],
  letters: LetterShelf,
): Promise<boolean> {
  for (const condition of conditions) {
    if (!(await holds(message, condition, letters))) return false;
  }
  return true;
}

/** Whether a condition that needs no reading fails: most of a walk ends here, without waiting. */
export function failsAtOnce(message: StoredMessage, conditions: readonly MessageCondition[]): boolean {
  return conditions.some(({ depth, test }) => depth === "record" && !test(message, null));
}

/** The filter fields whose conditions do not hold. */
export async function differences(
  message: StoredMessage,
  conditions: readonly MessageCondition[],
  letters: LetterShelf,
): Promise<string[]> {
  const fields = new Set<string>();
  for (const condition of conditions) {
    if (!(await holds(message, condition, letters))) fields.add(condition.field);
  }
  return [...fields];
}

async function holds(
  message: StoredMessage,
  { depth, test }: MessageCondition,
  letters: LetterShelf,
): Promise<boolean> {
  if (depth === "letter") return test(message, await letters.letter(message));
  if (depth === "head") await letters.head(message);
  return test(message, null);
}
