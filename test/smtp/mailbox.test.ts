import { expect, test } from "vitest";
import { canonicalAddress } from "../../src/smtp/mod.ts";

test.each([
  ["bob@s.test", "bob@s.test"],
  ["bob@S.TEST", "bob@S.TEST"],
  ["Bob@s.test", "Bob@s.test"],
  ['"bob"@s.test', "bob@s.test"],
  ['"Bob"@S.test', "Bob@S.test"],
  ['"b.o.b"@s.test', "b.o.b@s.test"],
  ['"b..b"@s.test', '"b..b"@s.test'],
  ['"b\\ob"@s.test', "bob@s.test"],
  ['"a b"@s.test', '"a b"@s.test'],
  ['"a\\ b"@S.test', '"a b"@S.test'],
  ['"a\\"b"@s.test', '"a\\"b"@s.test'],
  ['"x@y"@s.test', '"x@y"@s.test'],
  ['""@s.test', '""@s.test'],
  ["a@[IPv6:2001:DB8::1]", "a@[IPv6:2001:DB8::1]"],
  ["Postmaster", "Postmaster"],
  ['"Postmaster"', "Postmaster"],
  ["bob", "bob"],
  ["", ""],
])("B06 %s without needless quoting is %s", (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});
