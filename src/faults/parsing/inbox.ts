/** Rules of an inbox: how they are told from those of others, and where they cannot be. */
import { at, isObject, show } from "../../notation/mod.ts";
import type { Place } from "../rule.ts";
import { refuse } from "./reader.ts";
import type { Premises } from "./rule.ts";

/** Where a connection is known to be an inbox's: at once, from the name of its client on, or by its user. */
export type InboxPlace = "connect" | "helo" | "auth";

const beforeName: readonly Place[] = ["connect", "greeting"];
/** RFC 3207 §4.2: behind the handshake the name has to be told again. */
const beforeUser: readonly Place[] = [...beforeName, "helo", "ehlo", "lhlo", "starttls", "tls", "auth-start"];

const blindPhases: Readonly<Record<InboxPlace, readonly Place[]>> = {
  connect: [],
  helo: beforeName,
  auth: beforeUser,
};

/** The inbox that `match` names, if it is one and no pattern. */
export function inboxOf(match: unknown): string | null {
  const inbox = isObject(match) ? match.inbox : undefined;
  return typeof inbox === "string" && !/[*?\\/]/.test(inbox) ? inbox.toLowerCase() : null;
}

/** What could be anybody's must not be one test's. */
export function refuseUnattributed(
  inbox: string,
  phases: ReadonlySet<Place>,
  path: string,
  { inboxFrom }: Premises,
): void {
  const place = inboxFrom(inbox);
  const field = at(path, "inbox");
  if (place === null) refuse(field, `there is no inbox "${inbox}"; those there are at /api/inboxes`);
  const blind = blindPhases[place];
  const early = [...phases].find((phase) => blind.includes(phase));
  if (early === undefined) return;
  refuse(
    field,
    `at ${early} nobody can tell yet whether it is for this inbox; give the inbox a listener of its own, or use a later phase`,
  );
}

/**
 * The same rules as those of an inbox: their ids are told from those of others, and they match nothing else.
 * What is no rule is left for the parser to refuse.
 * @throws FaultRuleError for a rule that is about another inbox
 */
export function placeInInbox(input: unknown, inbox: string): unknown {
  const place = (rules: unknown): unknown =>
    Array.isArray(rules) ? rules.map((rule, index) => placeRule(rule, `rules[${index}]`, inbox)) : rules;
  if (!isObject(input)) return place(input);
  return Object.hasOwn(input, "rules")
    ? { ...input, rules: place(input.rules) }
    : placeRule(input, "", inbox);
}

/** A rule of an inbox is not made that of all by a change of what it matches. */
export function leaveInInbox(
  rule: Readonly<Record<string, unknown>>,
  inbox: string | null,
): Readonly<Record<string, unknown>> {
  const { match = {} } = rule;
  if (inbox === null || !isObject(match) || Object.hasOwn(match, "inbox")) return rule;
  return { ...rule, match: { ...match, inbox } };
}

function placeRule(rule: unknown, path: string, inbox: string): unknown {
  if (!isObject(rule)) return rule;
  const { id, match } = rule;
  if (match !== undefined && !isObject(match)) return rule;
  if (match?.inbox !== undefined && inboxOf(match) !== inbox) {
    const field = at(at(path, "match"), "inbox");
    refuse(
      field,
      `${show(match.inbox)} is not the inbox that the rule is added to, "${inbox}"; leave it out`,
    );
  }
  const placed = typeof id === "string" ? { id: idInInbox(id, inbox) } : {};
  return { ...rule, ...placed, match: { ...match, inbox } };
}

/** Ids of an inbox begin with its own; one that was listed stays as it is when it is put back. */
export function idInInbox(id: string, inbox: string | null): string {
  return inbox === null || id.startsWith(`${inbox}.`) ? id : `${inbox}.${id}`;
}
