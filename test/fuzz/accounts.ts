/** Who may come in where passwords are known: the users and the chance of the RFCs' own examples. */
import { createHmac } from "node:crypto";
import type { SessionOptions } from "../../src/smtp/mod.ts";
import { defaults } from "../smtp/dialogue.ts";
import { fixedParts } from "../smtp/sasl-parts.ts";

/** An example of SCRAM for `user` with the password `pencil`. */
interface Example {
  readonly clientNonce: string;
  /** Of the server. */
  readonly nonce: string;
  readonly salt: string;
  readonly proof: string;
}

/** RFC 5802 §5, RFC 7677 §3 */
export const examples: Readonly<Record<"SCRAM-SHA-1" | "SCRAM-SHA-256", Example>> = {
  "SCRAM-SHA-1": {
    clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    salt: "QSXCR+Q6sek8bf92",
    proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
  },
  "SCRAM-SHA-256": {
    clientNonce: "rOprNGfwEbeRWgbNEkqO",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
  },
};

const users = ["user:pencil", "bob:secret"];

/** By what a golden dialogue writes for them. */
const settings = new Map(
  Object.values(examples).map(({ nonce, salt }) => {
    const text = `# auth: ${users.join(" ")}\n# nonce: ${nonce}\n# salt: ${salt}`;
    return [fixedParts(users, nonce, salt), text] as const;
  }),
);

export const knownAccounts: readonly SessionOptions["sasl"][] = [...settings.keys()];

export function describeAccounts(sasl: SessionOptions["sasl"]): string {
  return settings.get(sasl) ?? "# auth: ?";
}

/** The digests of bob for the challenges that there can be (RFC 2195 §2). */
export const digests: readonly string[] = Object.values(examples).map(({ nonce }) => {
  return createHmac("md5", "secret").update(`<${nonce}@${defaults.hostname}>`).digest("hex");
});
