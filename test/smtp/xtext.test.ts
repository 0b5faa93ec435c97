import { expect, test } from "vitest";
import { decodeXtext } from "../../src/smtp/mod.ts";

test.each([
  ["", ""],
  ["abc", "abc"],
  ["a+2Bb", "a+b"],
  ["+3D+3D", "=="],
  ["+C3+BC", "ü"],
  ["+00", "\0"],
  ["+EF+BB+BFx", "\ufeffx"],
  ["+", null],
  ["+2", null],
  ["+2b", null],
  ["+G1", null],
  ["a=b", null],
  ["a b", null],
  ["a\tb", null],
  ["ü", null],
  ["+C3", null],
  ["+C0+AF", null],
  ["+ED+A0+80", null],
])("%j is %j", (text, decoded) => {
  expect(decodeXtext(text)).toBe(decoded);
});
