import type { Moment } from "./moment.ts";

/** Octets that a reply line may not hold; what a client sent must not break our reply (RFC 5321 §4.2). */
const controls = /[\x00-\x08\x0a-\x1f\x7f]/g;

const sources = {
  hostname: (moment) => moment.hostname,
  remoteAddress: (moment) => moment.session.remoteAddress,
  // Never with SMTPUTF8, so never more than ASCII.
  helo: (moment) => (moment.session.helo ?? "").replace(/[^\x20-\x7e]/g, "?"),
  sender: (moment) => moment.transaction?.from ?? "",
  recipient: (moment) => moment.recipient ?? moment.transaction?.recipients[0] ?? "",
  size: (moment) => String(moment.octets > 0 ? moment.octets : (moment.transaction?.declaredSize ?? 0)),
  limit: (moment) => String(moment.limit),
  retryAfter: (_moment, retryAfter) => String(Math.ceil(retryAfter / 1000)),
  id: (moment) => moment.transaction?.id ?? moment.session.id,
} as const satisfies Record<string, (moment: Moment, retryAfter: number) => string>;

/** What may stand between braces in a reply text. */
export const placeholders: readonly string[] = Object.keys(sources);

const form = /\{([A-Za-z]+)\}/g;

/** Names between braces that nothing stands for. Braces around anything but letters are plain text. */
export function unknownPlaceholders(text: string): readonly string[] {
  return Array.from(text.matchAll(form), (found) => found[1]!).filter((name) => !placeholders.includes(name));
}

/**
 * Puts the values of this moment in. What a moment does not know becomes empty.
 * @param retryAfter milliseconds; `{retryAfter}` is in seconds, rounded up
 */
export function fillTemplate(text: string, moment: Moment, retryAfter: number): string {
  if (!text.includes("{")) return text;
  return text.replace(form, (whole, name: string) => {
    const source = Object.hasOwn(sources, name) ? sources[name as keyof typeof sources] : null;
    return source === null ? whole : source(moment, retryAfter).replace(controls, "?");
  });
}
