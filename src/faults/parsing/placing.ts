/** Which effects go together, and at which phases they can act. What cannot be is refused. */
import type { Effect } from "../effect.ts";
import { listPhases, mutePhases, refusedPhases, silentPhases, transactionPhases } from "../phase.ts";
import type { FaultEffect, Place } from "../rule.ts";
import { refuse } from "./reader.ts";
import type { Premises } from "./rule.ts";

type PathOf = (field: keyof FaultEffect) => string;

/** Refuses an effect whose parts contradict each other, or that one of the rule's phases has no place for. */
export function refuseMisplaced(effect: Effect, phases: ReadonlySet<Place>, pathOf: PathOf): void {
  if (phases.has("http")) refuseAtHttp(effect, pathOf);
  refuseUnspeakable(effect, phases, pathOf);
  refuseContradiction(effect, pathOf);
  const only = (known: ReadonlySet<Place>, field: keyof FaultEffect, reason: string): void => {
    const other = [...phases].find((phase) => !known.has(phase));
    if (other !== undefined) refuse(pathOf(field), `cannot be at ${other}; ${reason}`);
  };
  if (effect.refusal !== null)
    only(new Set<Place>(["connect"]), "end", '"refuse" is only for "on": "connect"');
  if (effect.tls !== null) only(new Set<Place>(["tls"]), "tls", 'it is only for "on": "tls"');
  if (effect.bounce !== null) {
    only(new Set<Place>(["end-of-data"]), "bounce", 'it is only for "on": "end-of-data"');
  }
  if (effect.http !== null) only(new Set<Place>(["http"]), "http", 'it is only for "on": "http"');
  const some = (known: ReadonlySet<Place>, field: keyof FaultEffect): void => {
    if ([...phases].some((phase) => known.has(phase))) return;
    refuse(pathOf(field), `never acts at ${join(phases)}; only at ${join(known)}`);
  };
  if (effect.capabilities !== null) some(listPhases, "capabilities");
  if (effect.label !== null) some(transactionPhases, "label");
}

/** A provider knows neither replies nor the wire of a session. */
function refuseAtHttp(effect: Effect, pathOf: PathOf): void {
  const { said, ending, http } = effect;
  const advice = 'use "http": {"status": 429}, delay, label, "reset", "stall" or "pass"';
  const foreign = (["wire", "drip", "throttle", "capabilities", "tls", "bounce"] as const).find(
    (field) => effect[field] !== null,
  );
  if (foreign !== undefined) refuse(pathOf(foreign), `cannot be at http; ${advice}`);
  const cuts = ending?.kind === "reset" || ending?.kind === "stall";
  if (typeof said === "object" || (said === "none" && !cuts && ending === null)) {
    refuse(pathOf("reply"), `is a reply of SMTP and cannot be at http; ${advice}`);
  }
  if (ending !== null && !cuts) refuse(pathOf("end"), `cannot be at http; ${advice}`);
  if (ending !== null && http !== null) {
    refuse(pathOf("end"), "leaves nothing to answer with; leave out end, or http");
  }
}

/** Nothing can be said where the client cannot read it, and nothing can be done to what is not said. */
function refuseUnspeakable(effect: Effect, phases: ReadonlySet<Place>, pathOf: PathOf): void {
  const { said, wire, ending } = effect;
  const field = said === "normal" ? "wire" : "reply";
  const speaks = typeof said === "object" || (wire !== null && wire.raw !== null);
  for (const phase of phases) {
    if (mutePhases.has(phase) && (speaks || wire !== null)) {
      refuse(pathOf(field), `nothing can be said at ${phase}; use "on": "greeting", or an ending`);
    }
    if (phase === "content" && speaks && ending === null) {
      refuse(
        pathOf(field),
        'at content the client does not listen: it needs an ending, such as "end": "fin"',
      );
    }
    if (!silentPhases.has(phase) || speaks) continue;
    if (wire !== null) refuse(pathOf("wire"), `nothing is said at ${phase}; it needs a reply, or raw`);
    if (said === "none" && ending === null) {
      refuse(pathOf("reply"), `nothing is said at ${phase} anyway; give another effect`);
    }
  }
  if (phases.has("tls") && ending?.kind === "half-close") {
    refuse(pathOf("end"), 'no handshake works half-closed; use "fin" or "reset"');
  }
  if (said === "none" && wire !== null && wire.raw === null) {
    refuse(pathOf("wire"), 'nothing is said with "reply": "none"; only raw can be sent then');
  }
}

function refuseContradiction(effect: Effect, pathOf: PathOf): void {
  const { said, wire, ending, refusal, tls, bounce, capabilities } = effect;
  const positive = said === "normal" || (typeof said === "object" && said.code < 300);
  if (tls !== null && (said !== "normal" || wire !== null || ending !== null)) {
    refuse(pathOf("tls"), "says itself what becomes of the handshake; leave out reply, wire and end");
  }
  if (bounce !== null && !positive) {
    refuse(pathOf("bounce"), "is for a message that was accepted; leave out the reply, or make it a 2yz");
  }
  if (capabilities !== null && !positive) {
    refuse(pathOf("capabilities"), "are listed in a positive reply; leave out the reply, or make it a 2yz");
  }
  if (refusal === null) return;
  const more = (["delay", "drip", "throttle", "capabilities", "bounce", "label"] as const).find(
    (field) => effect[field] !== null,
  );
  const spoken = said !== "normal" ? "reply" : wire !== null ? "wire" : undefined;
  const other = spoken ?? more;
  if (other !== undefined) refuse(pathOf(other), 'with "refuse" there is no connection; leave it out');
}

/** No rule hides the server's own refusal, except by an ending. */
export function refuseIdle(
  phases: ReadonlySet<Place>,
  effects: readonly Effect[],
  path: string,
  { offersStartTls, listeners }: Premises,
): void {
  if (effects.some((effect) => !effect.decides || effect.ending !== null)) return;
  const missing = new Map<Place, string>();
  if (!offersStartTls) missing.set("starttls", "--starttls offer");
  if (phases.has("lhlo") && listeners()?.includes("lmtp") === false) missing.set("lhlo", "--lmtp-port");
  if (![...phases].every((phase) => refusedPhases.has(phase) || missing.has(phase))) return;
  const where = [...phases].join(" and ");
  const options = [...phases].flatMap((phase) => missing.get(phase) ?? []);
  const start = options.length === 0 ? "" : `, or start with ${options.join(" and ")}`;
  refuse(
    path,
    `never acts at ${where}, where the server itself refuses; use an ending, a 421 or a condition${start}`,
  );
}

function join(phases: ReadonlySet<Place>): string {
  return [...phases].join(", ");
}
