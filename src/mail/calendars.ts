import { decodePart } from "./body.ts";
import { firstValue } from "./header.ts";
import type { Letter, Part } from "./letter.ts";
import { parseStructured } from "./parameter.ts";
import { ownPartsOf } from "./part.ts";

/** An iCalendar object that a message carries, such as an invitation (RFC 6047). */
export interface Calendar {
  /** Of the part. */
  readonly path: string;
  /** What the recipient is asked to do with it, upper case: `REQUEST`, `CANCEL`, `REPLY` (RFC 5546); null where nothing. */
  readonly method: string | null;
  /** With LF line breaks, still folded (RFC 5545 §3.1). */
  readonly text: string;
}

/** The calendar parts, attached ones too, in order of the message. */
export function calendarsOf(letter: Letter): Calendar[] {
  return ownPartsOf(letter.root)
    .filter(({ contentType }) => contentType === "text/calendar" || contentType === "application/ics")
    .map((part) => {
      const { text } = decodePart(part);
      return { path: part.path, method: methodOf(part, text), text };
    });
}

/** RFC 6047 §2.4: the parameter and the property say the same; some senders leave the parameter out. */
function methodOf(part: Part, text: string): string | null {
  const { parameters } = parseStructured(firstValue(part.headers, "content-type") ?? "");
  const method = parameters.get("method") ?? /^METHOD:(.*)$/im.exec(text)?.[1] ?? "";
  return method.trim().toUpperCase() || null;
}
