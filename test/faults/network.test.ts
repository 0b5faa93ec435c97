import { expect, test } from "vitest";
import { compileNetwork, looksLikeNetwork } from "../../src/faults/network.ts";

test.each<[network: string, address: string, inside: boolean]>([
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["192.0.2.9/32", "192.0.2.9", true],
  ["192.0.2.8/31", "192.0.2.9", true],
  ["192.0.2.8/31", "192.0.2.10", false],
  ["0.0.0.0/0", "203.0.113.5", true],
  ["0.0.0.0/0", "::1", false],
  ["10.0.0.0/8", "::ffff:10.0.0.1", true],
  ["::1/128", "0:0:0:0:0:0:0:1", true],
  ["2001:db8::/32", "2001:DB8:1::5", true],
  ["2001:db8::/32", "2001:db9::5", false],
  ["2001:db8::/33", "2001:db8:8000::1", false],
  ["fe80::/10", "fe80::1%eth0", true],
  ["::/0", "2001:db8::1", true],
  ["::/0", "10.0.0.1", false],
  ["2001:db8::1:10.0.0.0/120", "2001:db8::1:a00:7", true],
  ["10.0.0.0/8", "nonsense", false],
])("network %s holds %s: %s", (network, address, inside) => {
  expect(looksLikeNetwork(network)).toBe(true);
  expect(compileNetwork(network)(address)).toBe(inside);
});

test.each([
  "10.0.0/8",
  "10.0.0.256/8",
  "10.0.0.0/33",
  "::1/129",
  "1::2::3/64",
  "12345::/16",
  "1:2/64",
  ".../8",
])("network %s is refused", (network) => {
  expect(looksLikeNetwork(network)).toBe(true);
  expect(() => compileNetwork(network)).toThrow("Failed to parse the network");
});

test.each(["10.0.0.*", "/10/", "/a.b/i", "localhost/8", "10.0.0.1", "::1"])("%s is no network", (text) => {
  expect(looksLikeNetwork(text)).toBe(false);
});
