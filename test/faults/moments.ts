/** Moments and replies for the tests of this room. */
import { stopwatchAt } from "../../src/faults/counting.ts";
import type { FaultRule, Moment, Place } from "../../src/faults/mod.ts";
import { FaultEngine } from "../../src/faults/mod.ts";
import { type Reply, reply } from "../../src/smtp/mod.ts";

export const ok: Reply = reply(250, "2.0.0", "Ok");
export const outOfOrder: Reply = reply(503, "5.5.1", "Bad sequence of commands");

export interface Sketch {
  readonly now?: number;
  readonly proposed?: Reply | null;
  readonly verb?: string;
  readonly argument?: string;
  readonly warnings?: readonly string[];
  readonly idle?: number;
  readonly hidesEnhanced?: boolean;
  readonly openSessions?: number;
  readonly body?: string;
  readonly inboxes?: readonly string[];
  readonly session?: Partial<Moment["session"]>;
  readonly transaction?: Partial<NonNullable<Moment["transaction"]>> | null;
  readonly recipient?: string | null;
  readonly recipientParameters?: Moment["recipientParameters"];
  readonly octets?: number;
  readonly provider?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const withTransaction: readonly Place[] = ["mail", "rcpt", "data", "content", "bdat", "end-of-data", "http"];
const silent: readonly Place[] = ["connect", "tls", "content", "idle", "http"];
const beforeHelo: readonly Place[] = ["connect", "greeting", "http"];
const atEnd: readonly Place[] = ["end-of-data", "http"];

/** A moment as a session of `ci` from 192.0.2.9 to `bob@s.test` would have it, with these changes. */
export function momentAt(phase: Place, sketch: Sketch = {}): Moment {
  const hasTransaction =
    sketch.transaction !== null && (sketch.transaction ?? withTransaction.includes(phase));
  return {
    phase,
    now: sketch.now ?? 0,
    stopwatch: stopwatchAt(sketch.now ?? 0),
    proposed: sketch.proposed === undefined ? (silent.includes(phase) ? null : ok) : sketch.proposed,
    verb: sketch.verb ?? null,
    argument: sketch.argument ?? null,
    warnings: sketch.warnings ?? [],
    idle: sketch.idle ?? 0,
    inboxes: () => sketch.inboxes ?? [],
    session: {
      id: "s1",
      index: 1,
      listener: "smtp",
      remoteAddress: "192.0.2.9",
      openSessions: () => sketch.openSessions ?? 1,
      tls: false,
      helo: beforeHelo.includes(phase) ? null : "c.test",
      user: null,
      mechanism: null,
      ...sketch.session,
    },
    transaction: hasTransaction
      ? {
          id: "t1",
          index: 1,
          from: "ada@c.test",
          recipients: phase === "mail" || phase === "rcpt" ? [] : ["bob@s.test"],
          parameters: {},
          declaredSize: null,
          ...sketch.transaction,
        }
      : null,
    recipient: sketch.recipient === undefined ? (phase === "rcpt" ? "bob@s.test" : null) : sketch.recipient,
    provider: phase === "http" ? (sketch.provider ?? "resend") : null,
    recipientParameters: sketch.recipientParameters ?? null,
    octets: sketch.octets ?? 0,
    headers: atEnd.includes(phase)
      ? () => Object.entries(sketch.headers ?? {}).map(([name, value]) => ({ name, value }))
      : null,
    body: atEnd.includes(phase) ? () => sketch.body ?? "" : null,
    hostname: "mailproof.test",
    limit: 1_000,
    hidesEnhanced: sketch.hidesEnhanced ?? false,
  };
}

/** An engine with these rules, the last one asked first, and a clock that the test moves. */
export function engineWith(...rules: readonly unknown[]): FaultEngine & { clock: { now: number } } {
  const clock = { now: 0 };
  const engine = new FaultEngine({ seed: "seed", now: () => clock.now });
  for (const rule of rules) engine.add(rule);
  return Object.assign(engine, { clock });
}

/** The same with magic addresses. */
export function magicEngineWith(...rules: readonly unknown[]): FaultEngine {
  const engine = new FaultEngine({ seed: "seed", now: () => 0, magic: true });
  for (const rule of rules) engine.add(rule);
  return engine;
}

/** A rule whose list of effects is followed by this. */
export function followedBy(after: string, rule: FaultRule): unknown {
  return { ...rule, then: after };
}

/** A list in a list in a list, so many deep. */
export function nested(depth: number): unknown {
  let value: unknown[] = [];
  for (let at = 1; at < depth; at++) value = [value];
  return value;
}

/** Code of what is said: a number, or null for nothing. */
export function codeOf(engine: FaultEngine, moment: Moment): number | null {
  return engine.judge(moment).said?.code ?? null;
}
