import { at } from "../../notation/mod.ts";
import { read, refuse } from "./reader.ts";

/** What becomes of a reply on its way. */
export interface WireChange {
  readonly raw: Uint8Array | null;
  /** Null: as it is. */
  readonly eol: "\n" | "\r" | null;
  /** 0: as it is. */
  readonly padTo: number;
  /** So many octets are corrupted. */
  readonly garble: number;
  readonly truncate: number | null;
}

const wireFields = ["raw", "eol", "padTo", "garble", "truncate"] as const;

/** Octets that a reply may be made of, or filled up to. */
const longestReply = 1_000_000;
const mostGarbled = 1_000;

/** Reads `wire`. */
export function parseWire(value: unknown, path: string): WireChange {
  const wire = read.object(value, path, wireFields);
  if (wireFields.every((field) => wire[field] === undefined)) {
    refuse(path, `changes nothing; give at least one of ${wireFields.join(", ")}`);
  }
  const count = (field: "padTo" | "garble", most: number): number => {
    if (wire[field] === undefined) return 0;
    const given = read.integer(wire[field], at(path, field), 1);
    if (given > most) refuse(at(path, field), `${given} is too large; use at most ${most}`);
    return given;
  };
  const raw = wire.raw === undefined ? null : parseRaw(wire.raw, at(path, "raw"));
  const eol = wire.eol === undefined ? null : read.choice(wire.eol, at(path, "eol"), ["lf", "cr"]);
  if (raw !== null && eol !== null) {
    refuse(at(path, "eol"), "is for the lines of a reply; write the line ends that you want into raw");
  }
  return {
    raw,
    eol: eol === null ? null : eol === "lf" ? "\n" : "\r",
    padTo: count("padTo", longestReply),
    garble: count("garble", mostGarbled),
    truncate: wire.truncate === undefined ? null : read.integer(wire.truncate, at(path, "truncate"), 0),
  };
}

/** A text stands for its UTF-8; a list of octets for itself. */
function parseRaw(value: unknown, path: string): Uint8Array {
  if (!Array.isArray(value)) return new TextEncoder().encode(read.text(value, path, longestReply));
  if (value.length > longestReply)
    refuse(path, `${value.length} octets are too many; use at most ${longestReply}`);
  return Uint8Array.from(value, (octet: unknown, index) => {
    const octetPath = `${path}[${index}]`;
    const given = read.integer(octet, octetPath, 0);
    return given <= 255 ? given : refuse(octetPath, `${given} is no octet; use 0 to 255`);
  });
}

/** Whether only the line ends change: a condition, which says nothing about the reply itself. */
export function isOnlyEol({ raw, padTo, garble, truncate }: WireChange): boolean {
  return raw === null && padTo === 0 && garble === 0 && truncate === null;
}

/** Reads `drip`; `every` in milliseconds. */
export function parseDrip(value: unknown, path: string): { octets: number; every: number } {
  const drip = read.object(value, path, ["octets", "every"]);
  return {
    octets: read.integer(drip.octets, at(path, "octets"), 1),
    every: read.span(drip.every, at(path, "every")),
  };
}

/** Reads `throttle`: octets per second. */
export function parseThrottle(value: unknown, path: string): { read: number | null; write: number | null } {
  const throttle = read.object(value, path, ["read", "write"]);
  if (throttle.read === undefined && throttle.write === undefined) refuse(path, "needs read or write");
  const rate = (field: "read" | "write"): number | null =>
    throttle[field] === undefined ? null : read.integer(throttle[field], at(path, field), 1);
  return { read: rate("read"), write: rate("write") };
}
