import { expect, test } from "vitest";
import { decodeBase64, decodeBase64Text, encodeBase64 } from "../../../src/smtp/sasl/base64.ts";

test.each([
  ["", ""],
  ["Ym9i", "bob"],
  ["AGJvYgBzZWNyZXQ=", "\0bob\0secret"],
  ["w7w=", "ü"],
  ["77u/Ym9i", "\ufeffbob"],
  ["!!!", null],
  ["=AAA", null],
  ["AAA=BBB", null],
  ["AAA=AAAA", null],
  ["A", null],
  ["Ym9", null],
  ["Ym9i Ym9i", null],
  ["Ym\n9i", null],
  ["====", null],
  ["/w==", null],
])("U9: %j is %j", (text, decoded) => {
  expect(decodeBase64Text(text)).toBe(decoded);
});

test("octets there and back", () => {
  const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  expect(decodeBase64(encodeBase64(octets))).toEqual(octets);
});
