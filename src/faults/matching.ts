/** What each match field means at a moment, and how a test of it is put. */
import type { Moment } from "./moment.ts";
import { phasesOfField } from "./phase.ts";
import type { FaultMatch, Place } from "./rule.ts";

/** Whether one condition of a rule holds. */
export type MomentTest = (moment: Moment) => boolean;

export type TextField =
  | "listener"
  | "remoteAddress"
  | "helo"
  | "user"
  | "mechanism"
  | "verb"
  | "argument"
  | "from"
  | "to"
  | "warning"
  | "provider"
  | "inbox"
  | "body";
export type NumberField =
  | "openSessions"
  | "recipientIndex"
  | "recipientCount"
  | "declaredSize"
  | "octets"
  | "sessionIndex"
  | "transactionIndex";

/** A compiled pattern. `negated`: no value may match. */
export interface ValueTest {
  readonly matches: (value: string) => boolean;
  readonly negated: boolean;
}

/** Null: absent. Several: any of them counts. */
const texts: { readonly [Field in TextField]: (moment: Moment) => string | readonly string[] | null } = {
  listener: (moment) => moment.session.listener,
  argument: (moment) => moment.argument,
  warning: (moment) => moment.warnings,
  provider: (moment) => moment.provider,
  inbox: (moment) => moment.inboxes(),
  body: (moment) => moment.body?.() ?? null,
  from: (moment) => moment.transaction?.from ?? null,
  to: (moment) =>
    moment.recipient ?? (moment.phase === "rcpt" ? null : (moment.transaction?.recipients ?? null)),
  helo: (moment) => moment.session.helo,
  user: (moment) => moment.session.user,
  mechanism: (moment) => moment.session.mechanism,
  verb: (moment) => moment.verb,
  remoteAddress: (moment) => moment.session.remoteAddress,
};

const numbers: { readonly [Field in NumberField]: (moment: Moment) => number | null } = {
  recipientIndex: (moment) => (moment.transaction === null ? null : moment.transaction.recipients.length + 1),
  recipientCount: (moment) => moment.transaction?.recipients.length ?? null,
  declaredSize: (moment) => moment.transaction?.declaredSize ?? null,
  octets: (moment) => moment.octets,
  openSessions: (moment) => moment.session.openSessions(null),
  sessionIndex: (moment) => moment.session.index,
  transactionIndex: (moment) => moment.transaction?.index ?? null,
};

export const textFields: readonly TextField[] = Object.keys(texts) as TextField[];
export const numberFields: readonly NumberField[] = Object.keys(numbers) as NumberField[];

/** What a pattern is matched with: none where the value is absent. */
export function textValues(field: TextField, moment: Moment): readonly string[] {
  const value = texts[field](moment);
  if (value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** A value that is absent matches no pattern, so a negated test of it holds; `""` is present. */
export function holds(value: string | readonly string[] | null, test: ValueTest): boolean {
  const found =
    value !== null && (typeof value === "string" ? test.matches(value) : value.some(test.matches));
  return found !== test.negated;
}

export function testText(field: TextField, test: ValueTest): MomentTest {
  const read = texts[field];
  const isOfCommand = field === "verb" || field === "argument";
  const known = phasesOfField(field);
  return (moment) =>
    (known.has(moment.phase) || (isOfCommand && isLastChunk(moment))) && holds(read(moment), test);
}

/** The end of data is no command, but where BDAT says it (RFC 3030 §2). */
function isLastChunk({ phase, verb }: Moment): boolean {
  return phase === "end-of-data" && verb !== null;
}

/** A number that is absent is in no range. */
export function testNumber(field: NumberField, min: number, max: number): MomentTest {
  const read = numbers[field];
  return whereKnown(field, (moment) => {
    const value = read(moment);
    return value !== null && value >= min && value <= max;
  });
}

export function testTls(expected: boolean): MomentTest {
  return whereKnown("tls", (moment) => moment.session.tls === expected);
}

/** At `content` a rule is asked once: when so many octets have come. */
export function testStop(octets: number): MomentTest {
  return (moment) => moment.phase !== "content" || moment.octets === octets;
}

/** At `idle` a rule is asked once: when the client has been silent for so many milliseconds. */
export function testIdle(silence: number): MomentTest {
  return whereKnown("idle", (moment) => moment.idle === silence);
}

/** The values of all header fields of this name. */
export function testHeader(name: string, test: ValueTest): MomentTest {
  const wanted = name.toLowerCase();
  return whereKnown("header", (moment) => {
    const fields = moment.headers?.() ?? [];
    const values = fields.filter((field) => field.name.toLowerCase() === wanted);
    return holds(
      values.map((field) => field.value.trim()),
      test,
    );
  });
}

/** The value of this parameter of MAIL, at RCPT also of its own; `""` where it has none. */
export function testParameter(keyword: string, test: ValueTest): MomentTest {
  const wanted = keyword.toUpperCase();
  return whereKnown("parameter", ({ transaction, recipientParameters }) => {
    const values = [transaction?.parameters[wanted], recipientParameters?.[wanted]];
    return holds(
      values.flatMap((value) => (value === undefined ? [] : [value === true ? "" : value])),
      test,
    );
  });
}

/** Where a phase cannot know a field the rule does not match, negated or not. */
function whereKnown(field: keyof FaultMatch, test: MomentTest): MomentTest {
  const phases: ReadonlySet<Place> = phasesOfField(field);
  return (moment) => phases.has(moment.phase) && test(moment);
}
