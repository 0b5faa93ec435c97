import { describe, expect, test } from "vitest";
import { readProxyHeader } from "../../src/server/proxy-header.ts";

const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

function text(line: string): Uint8Array {
  return Uint8Array.from(line, (character) => character.charCodeAt(0));
}

function v2(versionAndCommand: number, family: number, payload: readonly number[], length = payload.length) {
  return Uint8Array.of(...signature, versionAndCommand, family, length >> 8, length & 0xff, ...payload);
}

const ports = [0xdc, 0x04, 0x00, 0x19];
const ipv4 = [192, 0, 2, 1, 192, 0, 2, 2, ...ports];
const group = (...groups: number[]): number[] => groups.flatMap((one) => [one >> 8, one & 0xff]);
const ipv6 = [...group(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), ...group(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2), ...ports];
const mapped = [...group(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201), ...group(0, 0, 0, 0, 0, 0, 0, 1), ...ports];

const whole: [string, Uint8Array, { address: string; port: number } | null][] = [
  ["v1 IPv4", text("PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n"), { address: "192.0.2.1", port: 56324 }],
  [
    "v1 IPv6, as long as it can be",
    text(`PROXY TCP6 ${"ffff:".repeat(7)}ffff ${"ffff:".repeat(7)}ffff 65535 65535\r\n`),
    { address: `${"ffff:".repeat(7)}ffff`, port: 65535 },
  ],
  [
    "v1 IPv6 in another spelling",
    text("PROXY TCP6 2001:DB8:0:0::1 ::1 1 25\r\n"),
    { address: "2001:db8::1", port: 1 },
  ],
  ["v1 IPv4 as IPv6", text("PROXY TCP6 ::ffff:192.0.2.1 ::1 0 25\r\n"), { address: "192.0.2.1", port: 0 }],
  ["v1 UNKNOWN", text("PROXY UNKNOWN\r\n"), null],
  [
    "v1 UNKNOWN of 107 octets",
    text(`PROXY UNKNOWN ${"ffff:".repeat(7)}ffff ${"ffff:".repeat(7)}ffff 65535 65535\r\n`),
    null,
  ],
  ["v2 IPv4", v2(0x21, 0x11, ipv4), { address: "192.0.2.1", port: 56324 }],
  ["v2 IPv6", v2(0x21, 0x21, ipv6), { address: "2001:db8::1", port: 56324 }],
  ["v2 IPv4 as IPv6", v2(0x21, 0x21, mapped), { address: "192.0.2.1", port: 56324 }],
  ["v2 with TLVs", v2(0x21, 0x11, [...ipv4, 0x04, 0, 1, 0]), { address: "192.0.2.1", port: 56324 }],
  [
    "v2 of 4096 octets",
    v2(0x21, 0x11, [...ipv4, ...new Array<number>(4096 - 16 - ipv4.length).fill(0)]),
    { address: "192.0.2.1", port: 56324 },
  ],
  ["v2 LOCAL", v2(0x20, 0x00, []), null],
  ["v2 LOCAL with addresses", v2(0x20, 0x11, ipv4), null],
  ["v2 unspecified", v2(0x21, 0x00, [1, 2, 3]), null],
  ["v2 Unix socket", v2(0x21, 0x31, new Array<number>(216).fill(0)), null],
  ["v2 datagram", v2(0x21, 0x12, ipv4), null],
];

describe("a whole header", () => {
  test.each(whole)("%s", (_, octets, source) => {
    expect(readProxyHeader(octets)).toEqual({ kind: "whole", source, length: octets.length });
  });

  test.each(whole)("%s: what follows is not its own", (_, octets, source) => {
    const more = Uint8Array.of(...octets, ...text("EHLO c.test\r\n"));
    expect(readProxyHeader(more)).toEqual({ kind: "whole", source, length: octets.length });
  });

  test.each(whole)("%s: cut at every octet", (_, octets) => {
    for (let end = 0; end < octets.length; end++) {
      expect(readProxyHeader(octets.subarray(0, end)).kind, `after ${end} octets`).toBe("incomplete");
    }
  });
});

/** Malformed, and since which octet. */
const malformed: [string, Uint8Array, number][] = [
  ["SMTP", text("EHLO c.test\r\n"), 1],
  ["lower case", text("proxy TCP4 192.0.2.1 192.0.2.2 1 25\r\n"), 1],
  ["other words", text("PROXIES\r\n"), 5],
  ["a line of 108 octets", text(`PROXY UNKNOWN ${"x".repeat(92)}\r\n`), 107],
  ["no end", text(`PROXY TCP4 ${"1".repeat(200)}`), 107],
  ["LF alone", text("PROXY TCP4 192.0.2.1 192.0.2.2 1 25\n"), 36],
  ["another protocol", text("PROXY UDP4 192.0.2.1 192.0.2.2 1 25\r\n"), 37],
  ["IPv6 as TCP4", text("PROXY TCP4 ::1 ::1 1 25\r\n"), 25],
  ["IPv4 as TCP6", text("PROXY TCP6 192.0.2.1 192.0.2.2 1 25\r\n"), 37],
  ["a zone", text("PROXY TCP6 fe80::1%eth0 ::1 1 25\r\n"), 34],
  ["no ports", text("PROXY TCP4 192.0.2.1 192.0.2.2\r\n"), 32],
  ["a port too high", text("PROXY TCP4 192.0.2.1 192.0.2.2 65536 25\r\n"), 41],
  ["a port with a leading zero", text("PROXY TCP4 192.0.2.1 192.0.2.2 01 25\r\n"), 38],
  ["one field too many", text("PROXY TCP4 192.0.2.1 192.0.2.2 1 25 x\r\n"), 39],
  ["two spaces", text("PROXY  TCP4 192.0.2.1 192.0.2.2 1 25\r\n"), 38],
  ["v2 with a broken signature", Uint8Array.of(...signature.slice(0, 11), 0x0b, 0x21), 12],
  ["v2 of version 3", v2(0x31, 0x11, ipv4), 13],
  ["v2 with another command", v2(0x22, 0x11, ipv4), 13],
  ["v2 with another family", v2(0x21, 0x41, ipv4), 14],
  ["v2 with another transport", v2(0x21, 0x13, ipv4), 14],
  ["v2 too short for IPv4", v2(0x21, 0x11, ipv4.slice(0, 11)), 16],
  ["v2 too short for IPv6", v2(0x21, 0x21, ipv4), 16],
  ["v2 of 4097 octets", v2(0x21, 0x11, [], 4097 - 16), 16],
  ["v2 of 64 KiB", v2(0x21, 0x11, [], 65535), 16],
];

test.each(malformed)("malformed: %s", (_, octets, since) => {
  for (let end = 0; end <= octets.length; end++) {
    const { kind } = readProxyHeader(octets.subarray(0, end));
    expect(kind, `after ${end} octets`).toBe(end < since ? "incomplete" : "malformed");
  }
});
