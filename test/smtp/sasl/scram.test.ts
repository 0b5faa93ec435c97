import { describe, expect, test } from "vitest";
import { provedBy, type ScramTricks } from "../../support/scram-client.ts";
import { exchange, type Setting } from "./exchange.ts";

// RFC 5802 §5
const sha1 = {
  name: "SCRAM-SHA-1",
  hash: "sha1" as const,
  setting: { accounts: ["user:pencil"], nonce: "3rfcNHYJY1ZVvWVs7j", salt: "QSXCR+Q6sek8bf92" },
  first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
  serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
  final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
  serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
};
// RFC 7677 §3
const sha256 = {
  name: "SCRAM-SHA-256",
  hash: "sha256" as const,
  setting: {
    accounts: ["user:pencil"],
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
  },
  first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
  serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
  final:
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
  serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

const longer = (base64: string): string =>
  Buffer.concat([Buffer.from(base64, "base64"), Buffer.from("more")]).toString("base64");

describe.each([sha1, sha256])(
  "U5: $name",
  ({ name, hash, setting, first, serverFirst, final, serverFinal }) => {
    /** What a client with this password answers to the first message of the server. */
    function proved(clientFirst: string, tricks: ScramTricks = {}, password = "pencil"): string {
      const told = exchange(name, setting, clientFirst).replace("334 ", "");
      return provedBy(password, hash, clientFirst, told, tricks);
    }
    const run = (...answers: string[]): string => exchange(name, setting, ...(answers as [string]));

    test("the vector of the RFC", () => {
      expect(proved(first)).toBe(final);
      expect(run(first)).toBe(`334 ${serverFirst}`);
      expect(run(first, final)).toBe(`334 ${serverFinal}`);
      expect(run(first, final, "")).toBe("235 user");
    });

    test("without an initial response it asks with an empty challenge", () => {
      expect(exchange(name, setting, null)).toBe("334 ");
      expect(exchange(name, setting, null, first)).toBe(`334 ${serverFirst}`);
    });

    test("the signature of the server is answered with an empty line", () => {
      expect(run(first, final, "really?")).toBe("501 5.5.2");
    });

    test.each([
      ["y,,n=user,r=abc", "y,,"],
      ["n,a=other,n=user,r=abc", "n,a=other,"],
      ["n,,n=user,r=abc,future=1", "n,,"],
    ])("%s is served", (clientFirst, gs2) => {
      expect(run(clientFirst, proved(clientFirst, { gs2 }), "")).toBe("235 user");
    });

    test("an extension in the last message is signed like the rest", () => {
      expect(run(first, proved(first, { extension: ",x=1" }), "")).toBe("235 user");
    });

    test.each([
      ["another nonce", final.replace(",r=", ",r=x")],
      ["the client's part of the nonce alone", final.replace(setting.nonce, "")],
      ["another binding", final.replace("c=biws", "c=eSws")],
      ["no binding", final.replace("c=biws", "c=")],
      ["a proof with one letter changed", final.replace(/p=./, "p=A")],
      ["a proof that is too short", final.replace(/p=.*/, "p=AAAA")],
      ["the right proof and more", final.replace(/(?<=p=).*/, (proof) => longer(proof))],
      ["an empty proof", final.replace(/p=.*/, "p=")],
    ])("%s: 535", (_, wrong) => {
      expect(wrong).not.toBe(final);
      expect(run(first, wrong)).toBe("535 user");
    });

    test.each<[string, ScramTricks]>([
      ["another nonce", { nonce: "abc" }],
      ["another binding", { binding: "y,," }],
      ["no binding", { binding: "" }],
    ])("%s with a proof that fits it: 535", (_, tricks) => {
      expect(run(first, proved(first, tricks))).toBe("535 user");
    });

    test("a wrong password: 535", () => {
      expect(run(first, proved(first, {}, "wrong"))).toBe("535 user");
    });

    test("an unknown user is asked as any other, and is refused in the end", () => {
      const unknown = first.replace("n=user", "n=nobody");
      expect(run(unknown)).toBe(`334 ${serverFirst}`);
      expect(run(unknown, proved(unknown))).toBe("535 nobody");
    });

    test("channel binding is not offered, so it is refused", () => {
      expect(run("p=tls-exporter,,n=user,r=abc")).toBe("535 user");
    });

    test.each([
      ["a=2Cb", "a,b"],
      ["a=3Db", "a=b"],
      ["a=3D2Cb", "a=2Cb"],
      ["ü", "ü"],
    ])("the name %s means %s", (written, user) => {
      const escaped: Setting = { ...setting, accounts: [`${user}:pencil`] };
      const clientFirst = `n,,n=${written},r=abc`;
      const answer = proved(clientFirst);
      expect(exchange(name, escaped, clientFirst, answer, "")).toBe(`235 ${user}`);
    });

    test.each([
      "",
      "n,n=user,r=abc",
      "x,,n=user,r=abc",
      "n,b=user,n=user,r=abc",
      "n,,n=,r=abc",
      "n,,n=us=er,r=abc",
      "n,,n=us=2cer,r=abc",
      "n,a=o=ther,n=user,r=abc",
      "n,,n=us\x00er,r=abc",
      "n,,n=us\u0085er,r=abc",
      "n,,n=user",
      "n,,n=user,r=",
      "n,,n=user,r=a b",
      "n,,r=abc,n=user",
      "n,,m=must,n=user,r=abc",
      "p=,,n=user,r=abc",
    ])("%j is malformed", (clientFirst) => {
      expect(run(clientFirst)).toBe("501 5.5.2");
    });

    test.each([
      "",
      "biws",
      "c=biws",
      "c=biws,r=abc",
      "c=biws,p=AAAA",
      "r=abc,c=biws,p=AAAA",
      "c=biws,r=abc,p=!",
    ])("%j is no last message", (last) => {
      expect(run(first, last)).toBe("501 5.5.2");
    });
  },
);

test("U5: a password in another form of the same letters (RFC 4013)", () => {
  const { setting, name, first, final } = sha256;
  expect(exchange(name, { ...setting, accounts: ["user:ｐencil"] }, first, final, "")).toBe("235 user");
});
