import { describe, expect, test } from "vitest";
import { decodeBase64, mechanisms, type SaslStep } from "../../src/smtp/sasl.ts";

function outcome(step: SaslStep): string {
  if (step.kind === "challenge") return `334 ${step.base64}`;
  if (step.kind === "refused") return `${step.reply.code} ${step.reply.enhanced}`;
  const { mechanism, user, password } = step.credentials;
  return [mechanism, user, password].join("|");
}

describe("base64", () => {
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
  ])("U9 %j is %j", (text, decoded) => {
    expect(decodeBase64(text)).toBe(decoded);
  });
});

describe("PLAIN", () => {
  const plain = mechanisms.get("PLAIN")!;
  test.each([
    ["\0bob\0secret", "PLAIN|bob|secret"],
    ["authz\0bob\0secret", "PLAIN|bob|secret"],
    ["\0bob\0", "PLAIN|bob|"],
    ["", "501 5.5.2"],
    ["bob", "501 5.5.2"],
    ["\0bob", "501 5.5.2"],
    ["\0\0secret", "501 5.5.2"],
    ["\0bob\0secret\0", "501 5.5.2"],
    ["\0b\r\nob\0secret", "501 5.5.2"],
  ])("U2 %j: %s", (initial, expected) => {
    expect(outcome(plain(initial))).toBe(expected);
  });

  test("U2 without an initial response it asks with an empty challenge", () => {
    const step = plain(null);
    expect(outcome(step)).toBe("334 ");
    expect(step.kind === "challenge" && outcome(step.answer("\0bob\0secret"))).toBe("PLAIN|bob|secret");
  });
});

describe("LOGIN", () => {
  const login = mechanisms.get("LOGIN")!;

  test("U3 it asks for both, the user name may come at once", () => {
    const first = login(null);
    expect(outcome(first)).toBe("334 VXNlcm5hbWU6");
    const second = first.kind === "challenge" ? first.answer("bob") : first;
    expect(outcome(second)).toBe("334 UGFzc3dvcmQ6");
    expect(second.kind === "challenge" && outcome(second.answer("secret"))).toBe("LOGIN|bob|secret");
    expect(outcome(login("bob"))).toBe("334 UGFzc3dvcmQ6");
  });

  test("a user name with control characters is malformed", () => {
    const step = login("b\x1bob");
    expect(step.kind === "challenge" && outcome(step.answer("secret"))).toBe("501 5.5.2");
  });
});
