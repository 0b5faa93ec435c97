/**
 * The header with which a proxy tells for whom it connects: versions 1 and 2 of the PROXY protocol
 * (haproxy.org, proxy-protocol.txt). Nothing is waited for longer than needed: what cannot become a header
 * is malformed at its first wrong octet.
 *
 *     v1   "PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n"    at most 107 octets
 *     v2   12 octets of signature, version and command, family, length (16 bit), addresses, TLVs
 */
import { isIPv4, isIPv6 } from "node:net";

export type ProxyHeader =
  | { readonly kind: "incomplete" }
  | { readonly kind: "malformed"; readonly reason: string }
  /** `source` null: the proxy speaks for itself (LOCAL) or does not say (UNKNOWN). `length`: its octets. */
  | { readonly kind: "whole"; readonly source: ProxySource | null; readonly length: number };

export interface ProxySource {
  readonly address: string;
  readonly port: number;
}

const longestV1 = 107;
/** Addresses take 216 octets at most, and no TLV that is in use is long. */
const longestV2 = 4096;
const fixedV2 = 16;

const beginV1 = Uint8Array.from("PROXY ", (character) => character.charCodeAt(0));
const signatureV2 = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);

const incomplete: ProxyHeader = { kind: "incomplete" };

/** Reads the header at the start of all that came so far. */
export function readProxyHeader(octets: Uint8Array): ProxyHeader {
  if (octets.length === 0) return incomplete;
  const isV2 = octets[0] === signatureV2[0];
  const begin = isV2 ? signatureV2 : beginV1;
  for (let at = 0; at < Math.min(begin.length, octets.length); at++) {
    if (octets[at] !== begin[at]) return malformed("it does not begin with a header");
  }
  if (octets.length < begin.length) return incomplete;
  return isV2 ? readV2(octets) : readV1(octets);
}

function readV1(octets: Uint8Array): ProxyHeader {
  const head = octets.subarray(0, longestV1);
  const lf = head.indexOf(0x0a);
  if (lf === -1) return octets.length < longestV1 ? incomplete : malformed("its line is too long");
  if (head[lf - 1] !== 0x0d) return malformed("its line does not end with CRLF");
  const line = String.fromCharCode(...head.subarray(0, lf - 1));
  const [, family, ...fields] = line.split(" ");
  const length = lf + 1;
  if (family === "UNKNOWN") return { kind: "whole", source: null, length };
  if (family !== "TCP4" && family !== "TCP6") return malformed("its protocol is unknown");
  const [from = "", to = "", fromPort = "", toPort = "", ...more] = fields;
  const isAddress = family === "TCP4" ? isIPv4 : (text: string) => isIPv6(text) && !text.includes("%");
  if (!isAddress(from) || !isAddress(to)) return malformed("an address is malformed");
  if (!isPort(fromPort) || !isPort(toPort) || more.length > 0) return malformed("a port is malformed");
  return { kind: "whole", source: { address: canonical(from), port: Number(fromPort) }, length };
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) < 65_536;
}

function readV2(octets: Uint8Array): ProxyHeader {
  const [version, family] = [octets[12], octets[13]];
  if (version !== undefined && version !== 0x20 && version !== 0x21) {
    return malformed("its version or command is unknown");
  }
  // Of the family: unspecified, IPv4, IPv6, Unix; of the transport: unspecified, stream, datagram.
  if (family !== undefined && (family >> 4 > 3 || (family & 0x0f) > 2)) {
    return malformed("its address family is unknown");
  }
  if (octets.length < fixedV2) return incomplete;
  const length = fixedV2 + octets[14]! * 256 + octets[15]!;
  if (length > longestV2) return malformed("it is too long");
  const isLocal = version === 0x20;
  const size = family === 0x11 ? 4 : family === 0x21 ? 16 : 0;
  if (!isLocal && size > 0 && length < fixedV2 + 2 * size + 4) return malformed("its addresses are cut off");
  if (octets.length < length) return incomplete;
  // For what is no TCP over IP the address of the connection itself counts.
  if (isLocal || size === 0) return { kind: "whole", source: null, length };
  const ports = fixedV2 + 2 * size;
  const port = octets[ports]! * 256 + octets[ports + 1]!;
  const address = addressOf(octets.subarray(fixedV2, fixedV2 + size));
  return { kind: "whole", source: { address, port }, length };
}

function addressOf(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((octets[at]! * 256 + octets[at + 1]!).toString(16));
  return canonical(groups.join(":"));
}

/** RFC 5952; an IPv4 address in IPv6 clothes is the IPv4 address that it is. */
function canonical(address: string): string {
  if (!address.includes(":")) return address;
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(text) ?? [];
  if (high === undefined || low === undefined) return text;
  return [high, low]
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
    .join(".");
}

function malformed(reason: string): ProxyHeader {
  return { kind: "malformed", reason };
}
