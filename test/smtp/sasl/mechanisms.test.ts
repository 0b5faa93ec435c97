import { describe, expect, test } from "vitest";
import { offeredMechanisms } from "../../../src/smtp/sasl/mechanisms.ts";
import { fixedParts } from "../sasl-parts.ts";
import { exchange } from "./exchange.ts";

const bob = { accounts: ["bob:secret"] };

test("U1: SCRAM needs passwords, EXTERNAL can only be believed", () => {
  expect(offeredMechanisms(fixedParts([])).join(" ")).toBe(
    "PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER EXTERNAL",
  );
  expect(offeredMechanisms(fixedParts(["bob:secret"])).join(" ")).toBe(
    "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 SCRAM-SHA-1 XOAUTH2 OAUTHBEARER",
  );
});

describe("PLAIN", () => {
  test.each([
    ["\0bob\0secret", "235 bob"],
    ["authz\0bob\0secret", "235 bob"],
    ["\0bob\0", "535 bob"],
    ["\0bob\0wrong", "535 bob"],
    ["\0eve\0secret", "535 eve"],
    ["", "501 5.5.2"],
    ["bob", "501 5.5.2"],
    ["\0bob", "501 5.5.2"],
    ["\0\0secret", "501 5.5.2"],
    ["\0bob\0secret\0", "501 5.5.2"],
    ["\0b\r\nob\0secret", "501 5.5.2"],
    ["\0b\x9bob\0secret", "501 5.5.2"],
  ])("U2: %j: %s", (initial, expected) => {
    expect(exchange("PLAIN", bob, initial)).toBe(expected);
  });

  test("U2: without an initial response it asks with an empty challenge", () => {
    expect(exchange("PLAIN", bob, null)).toBe("334 ");
    expect(exchange("PLAIN", bob, null, "\0bob\0secret")).toBe("235 bob");
  });
});

describe("LOGIN", () => {
  test("U3: it asks for both, the user name may come at once", () => {
    expect(exchange("LOGIN", bob, null)).toBe("334 Username:");
    expect(exchange("LOGIN", bob, null, "bob")).toBe("334 Password:");
    expect(exchange("LOGIN", bob, null, "bob", "secret")).toBe("235 bob");
    expect(exchange("LOGIN", bob, null, "bob", "wrong")).toBe("535 bob");
    expect(exchange("LOGIN", bob, "bob")).toBe("334 Password:");
  });

  test.each([
    ["b\x1bob", "secret"],
    ["", "secret"],
    ["bob", "se\0cret"],
  ])("U3: %j with %j is malformed", (user, password) => {
    expect(exchange("LOGIN", {}, null, user, password)).toBe("501 5.5.2");
  });
});

describe("CRAM-MD5", () => {
  // RFC 2195 §3
  const tim = {
    accounts: ["tim:tanstaaftanstaaf", "tim b:secret"],
    nonce: "1896.697170952",
    hostname: "postoffice.reston.mci.net",
  };
  const right = "tim b913a602c7eda7a495b4e6e7334d3890";

  test("U4: the challenge is <nonce@host>", () => {
    expect(exchange("CRAM-MD5", tim, null)).toBe("334 <1896.697170952@postoffice.reston.mci.net>");
  });

  test.each([
    [right, "235 tim"],
    [right.toUpperCase().replace("TIM", "tim"), "235 tim"],
    ["tim b913a602c7eda7a495b4e6e7334d3891", "535 tim"],
    ["tim b b913a602c7eda7a495b4e6e7334d3890", "535 tim b"],
    ["eve b913a602c7eda7a495b4e6e7334d3890", "535 eve"],
    ["tim", "501 5.5.2"],
    ["tim b913a602c7eda7a495b4e6e7334d389", "501 5.5.2"],
    [" b913a602c7eda7a495b4e6e7334d3890", "501 5.5.2"],
    ["t\x07im b913a602c7eda7a495b4e6e7334d3890", "501 5.5.2"],
    ["", "501 5.5.2"],
  ])("U4: %j: %s", (answer, expected) => {
    expect(exchange("CRAM-MD5", tim, null, answer)).toBe(expected);
  });

  test("U4: with another challenge the same digest is wrong", () => {
    expect(exchange("CRAM-MD5", { ...tim, nonce: "1" }, null, right)).toBe("535 tim");
  });

  test("U4: an initial response, even an empty one, is refused", () => {
    expect(exchange("CRAM-MD5", tim, right)).toBe("501 5.7.0");
    expect(exchange("CRAM-MD5", tim, "")).toBe("501 5.7.0");
  });
});

describe("XOAUTH2", () => {
  test.each([
    ["user=bob\x01auth=Bearer secret\x01\x01", "235 bob"],
    ["user=bob\x01auth=bearer secret\x01\x01", "235 bob"],
    ["user=bob\x01auth=Bearer wrong\x01\x01", '334 {"status":"401","schemes":"bearer"}'],
    ["user=eve\x01auth=Bearer secret\x01\x01", '334 {"status":"401","schemes":"bearer"}'],
    ["user=bob\x01auth=Bearer secret\x01", "501 5.5.2"],
    ["user=bob\x01auth=Basic secret\x01\x01", "501 5.5.2"],
    ["user=bob\x01auth=Bearer \x01\x01", "501 5.5.2"],
    ["user=bob\x01auth=Bearer sec ret\x01\x01", "501 5.5.2"],
    ["user=\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["user=b\nob\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["user=bob\x01\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["", "501 5.5.2"],
  ])("U6: %j: %s", (initial, expected) => {
    expect(exchange("XOAUTH2", bob, initial)).toBe(expected);
    expect(exchange("XOAUTH2", bob, null, initial)).toBe(expected);
  });

  test.each(["", "\x01", "why?"])("U6: whatever is said to the error, here %j: 535", (answer) => {
    expect(exchange("XOAUTH2", bob, "user=bob\x01auth=Bearer wrong\x01\x01", answer)).toBe("535 bob");
  });
});

describe("OAUTHBEARER", () => {
  test.each([
    // RFC 7628 §4.1
    [
      "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01",
      "235 user@example.com",
    ],
    ["y,a=bob,\x01auth=bearer  secret\x01\x01", "235 bob"],
    ["n,a=b=2Cob,\x01auth=Bearer secret\x01\x01", "235 b,ob"],
    ["n,a=bob,\x01auth=Bearer wrong\x01\x01", '334 {"status":"invalid_token"}'],
    ["n,,\x01auth=Bearer secret\x01\x01", '334 {"status":"invalid_token"}'],
    ["p=tls-unique,a=bob,\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["n,a=b=ob,\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["n,a=bob,auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["n,a=bob,\x01host=s.test\x01\x01", "501 5.5.2"],
    ["n,a=bob,\x01auth=Bearer secret\x01", "501 5.5.2"],
    ["n,a=b\x7fob,\x01auth=Bearer secret\x01\x01", "501 5.5.2"],
    ["bob", "501 5.5.2"],
  ])("U6: %j: %s", (initial, expected) => {
    const accounts = [
      "bob:secret",
      "b,ob:secret",
      "user@example.com:vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
    ];
    expect(exchange("OAUTHBEARER", { accounts }, initial)).toBe(expected);
    expect(exchange("OAUTHBEARER", { accounts }, null, initial)).toBe(expected);
  });

  test("U6: the error is answered, and then it is refused", () => {
    expect(exchange("OAUTHBEARER", bob, "n,a=bob,\x01auth=Bearer wrong\x01\x01", "\x01")).toBe("535 bob");
  });

  test("U6: where all are accepted, a token needs no name", () => {
    expect(exchange("OAUTHBEARER", {}, "n,,\x01auth=Bearer anything\x01\x01")).toBe("235 ");
  });
});

describe("EXTERNAL", () => {
  test.each([
    ["", "235 "],
    ["bob", "235 bob"],
    ["b\rob", "501 5.5.2"],
  ])("U8: %j: %s", (name, expected) => {
    expect(exchange("EXTERNAL", {}, name)).toBe(expected);
    expect(exchange("EXTERNAL", {}, null)).toBe("334 ");
    expect(exchange("EXTERNAL", {}, null, name)).toBe(expected);
  });

  test("U8: where passwords are known a mere name is not enough", () => {
    expect(exchange("EXTERNAL", bob, "bob")).toBe("535 bob");
  });
});
