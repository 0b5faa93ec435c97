/** Effects in a few words, for the sentence of a rule and for each of its firings. */
import { formatDuration } from "../notation/mod.ts";
import type { Reply } from "../smtp/mod.ts";
import type { CapabilityChange } from "./capabilities.ts";
import type { Effect } from "./effect.ts";
import type { Bounce, Ending, HttpFault, TlsFault } from "./moment.ts";
import type { WireChange } from "./parsing/wire.ts";
import type { CertificateFault, HandshakeFault } from "./rule.ts";

const longest = 120;

/**
 * What the server does, in a few words: `421 4.3.2 Going down, then closes the connection`.
 * @param reply how the effect's own reply is put; null without one
 */
export function describeEffect(effect: Effect, reply: string | null): string {
  const { delay, drip, throttle, capabilities, tls, bounce, http, label, ending, refusal } = effect;
  const steps = [
    delay === null ? null : describeDelay(delay),
    drip === null ? null : `from now on sends ${octets(drip.octets)} every ${formatDuration(drip.every)}`,
    throttle === null ? null : describeThrottle(throttle),
    capabilities === null ? null : describeCapabilities(capabilities),
    describeSpeech(effect, reply),
    tls === null ? null : describeTls(tls),
    bounce === null ? null : describeBounce(bounce),
    http === null ? null : describeHttp(http),
    label === null ? null : `labels the transaction ${JSON.stringify(label)}`,
    ending === null ? null : describeEnding(ending),
    refusal === null ? null : describeRefusal(refusal),
  ].filter((step) => step !== null);
  return steps.length === 0 ? "replies as normal" : steps.join(", then ");
}

/** On one line, a long text cut short. */
export function describeReply({ code, enhanced, lines }: Reply): string {
  return shorten([code, enhanced, ...lines].filter((part) => part !== null && part !== "").join(" "));
}

/** `a, b and c` */
export function join(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

function describeSpeech({ said, wire }: Effect, reply: string | null): string | null {
  const words = [...(reply === null ? [] : [reply]), ...(wire === null ? [] : describeWire(wire))];
  if (words.length > 0) return words.join(" but ");
  return said === "none" ? "says nothing" : null;
}

function describeWire({ raw, eol, padTo, garble, truncate }: WireChange): readonly string[] {
  const words: string[] = [];
  if (raw !== null) words.push(`sends ${shorten(JSON.stringify(new TextDecoder().decode(raw)))}`);
  if (eol !== null) words.push(`ends its lines with ${eol === "\n" ? "LF" : "CR"} alone`);
  if (padTo > 0) words.push(`fills the reply up to ${octets(padTo)}`);
  if (garble > 0) words.push(`corrupts ${octets(garble)} of the reply`);
  if (truncate === 0) words.push("withholds the reply");
  else if (truncate !== null) words.push(`sends only ${octets(truncate)} of the reply`);
  return words;
}

function describeDelay({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max
    ? `waits ${formatDuration(min)}`
    : `waits ${formatDuration(min)} to ${formatDuration(max)}`;
}

function describeThrottle({ read, write }: NonNullable<Effect["throttle"]>): string {
  const rates = [
    ...(read === null ? [] : [`reads ${octets(read)}`]),
    ...(write === null ? [] : [`sends ${octets(write)}`]),
  ];
  return `from now on ${join(rates, "and")} a second`;
}

function describeCapabilities({ only, remove, add }: CapabilityChange): string {
  const changes: string[] = [];
  if (only !== null)
    changes.push(only.length === 0 ? "offers no extension" : `offers only ${join(only, "and")}`);
  if (remove !== null) changes.push(`offers no ${join(remove, "or")}`);
  if (add !== null) changes.push(`offers ${join(add, "and")}`);
  return changes.join(" but ");
}

const certificates: Readonly<Record<CertificateFault, string>> = {
  expired: "a certificate that has expired",
  "not-yet-valid": "a certificate that is not yet valid",
  "wrong-host": "a certificate for another host",
  "self-signed": "a self-signed certificate",
  "untrusted-ca": "a certificate of an unknown authority",
};

const handshakes: Readonly<Record<Exclude<HandshakeFault, "stall">, string>> = {
  close: "closes the connection",
  reset: "resets the connection",
  garbage: "sends garbage",
  alert: "sends a fatal alert",
};

function describeTls({ certificate, handshake, maxVersion, emulated, stall }: TlsFault): string {
  if (handshake === "stall") return `stalls for ${formatDuration(stall)} after the ClientHello`;
  if (handshake !== null) return `${handshakes[handshake]} after the ClientHello`;
  const words: string[] = [];
  if (certificate !== null) words.push(`shows ${certificates[certificate]}`);
  if (maxVersion !== null) words.push(`speaks no newer TLS than ${maxVersion.replace("TLSv", "")}`);
  return `${words.join(" and ")}${emulated ? " (emulated: this runtime cannot speak it)" : ""}`;
}

function describeBounce({ status, diagnostic, after }: Bounce): string {
  const words = shorten([status, ...(diagnostic === null ? [] : [`(${diagnostic})`])].join(" "));
  return `bounces the message ${after === 0 ? "at once" : `after ${formatDuration(after)}`} with ${words}`;
}

function describeHttp({ status, code, retryAfter, body, stored }: HttpFault): string {
  const words = [`answers ${status}`, ...(code === null ? [] : [code])].join(" ");
  const own = body === undefined ? "" : " with a body of its own";
  const later = retryAfter === null ? "" : `, to be tried again after ${formatDuration(retryAfter * 1000)}`;
  return `${words}${own}${later}${stored ? ", but keeps the message" : ""}`;
}

function describeEnding(ending: Ending): string {
  if (ending.kind === "stall") return `stalls for ${formatDuration(ending.for)}`;
  if (ending.kind === "half-close") return "closes its side of the connection but listens on";
  return ending.kind === "reset" ? "resets the connection" : "closes the connection";
}

function describeRefusal(refusal: { readonly for: number }): string {
  if (refusal.for === Number.POSITIVE_INFINITY) return "refuses connections until the rule goes";
  return `refuses connections for ${formatDuration(refusal.for)}`;
}

function octets(count: number): string {
  return count === 1 ? "1 octet" : `${count} octets`;
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
