import { expect, test } from "vitest";
import { canonicalAddress } from "../../src/smtp/mod.ts";

test.each([
  ["bob@s.test", "bob@s.test"],
  ["bob@S.TEST", "bob@s.test"],
  ["Bob@s.test", "Bob@s.test"],
  ['"bob"@s.test', "bob@s.test"],
  ['"b\\ob"@s.test', "bob@s.test"],
  ['"a b"@s.test', '"a b"@s.test'],
  ['"a\\ b"@S.test', '"a b"@s.test'],
  ['"a\\"b"@s.test', '"a\\"b"@s.test'],
  ['"x@y"@s.test', '"x@y"@s.test'],
  ['""@s.test', '""@s.test'],
  ["a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]"],
  ["Postmaster", "postmaster"],
  ["POSTMASTER@s.test", "postmaster@s.test"],
  ["bob", "bob"],
  ["", '""'],
])("B06 %s is the mailbox %s", (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});
