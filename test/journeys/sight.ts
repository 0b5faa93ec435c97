/** What a client tells its user, in few words: that is all that an application knows of a fault. */
import { presetNames } from "../../src/faults/mod.ts";
import type { Delivery } from "./client.ts";
import { clients } from "./clients/all.ts";

/** Those whose words are written down for every preset, in this order. */
export const witnesses = ["nodemailer", "Python smtplib", "msmtp", "curl"] as const;

export type Witness = (typeof witnesses)[number];

/** What each of them tells. */
export type Sight = readonly [nodemailer: string, smtplib: string, msmtp: string, curl: string];

/**
 * `ok`, or of nodemailer the codes and the command of its error and what the socket said, of smtplib the exception
 * and the reply code, of a command its exit status.
 */
export async function seenBy(witness: Witness, delivery: Delivery): Promise<string> {
  const client = clients.find(({ name }) => name === witness);
  if (client === undefined) throw new Error(`Failed to find the client: ${witness}`);
  try {
    await client.send(delivery);
    return "ok";
  } catch (error) {
    return wordsOf(error as Error & NodemailerError);
  }
}

interface NodemailerError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

function wordsOf({ code, responseCode, command, message }: Error & NodemailerError): string {
  if (code !== undefined) {
    const cause = /\bECONN[A-Z]+/.exec(message)?.[0];
    return [code, responseCode, command, cause].filter((word) => word !== undefined).join(" ");
  }
  const [, program, status] = /^(\w+) ended with (\d+)/.exec(message) ?? [];
  if (program !== "python3") return status ?? message;
  const lastLine = message.trimEnd().split("\n").at(-1) ?? "";
  const [, exception, rest = ""] = /^(?:\w+\.)*(\w+)(?:: (.*))?$/.exec(lastLine) ?? [];
  const reply = /\((-?\d+), b['"]/.exec(rest)?.[1];
  return [exception, reply].filter((word) => word !== undefined).join(" ");
}

/** The table of docs/clients.md. */
export function sightTable(cases: Readonly<Record<string, { readonly sees: Sight }>>): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const name = (fault: string): string => (presetNames.includes(fault) ? `\`${fault}\`` : fault);
  return [
    row(["fault", "nodemailer", "smtplib", "msmtp", "curl"]),
    row(["---", "---", "---", "---", "---"]),
    ...Object.entries(cases).map(([fault, { sees }]) => row([name(fault), ...sees])),
  ].join("\n");
}
