import type { Transaction } from "../api/contract.ts";
import { printable, type Style, type Terminal } from "./terminal.ts";
import { localTime } from "./time.ts";

/** What one line says about a transaction. */
export interface TransactionEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: Transaction["outcome"];
  readonly from: string;
  readonly to: readonly string[];
  /** Octets of content. */
  readonly size: number;
  /** Recipients that do not get it, of one that was accepted. */
  readonly refused: number;
  /** The subject, or the reply that decided. */
  readonly remark: string;
  readonly rules: readonly string[];
  /** All that were earned; the line tells those that explain why no fault came. */
  readonly warnings: readonly string[];
}

const styles: Readonly<Record<Transaction["outcome"], Style>> = {
  accepted: "green",
  rejected: "red",
  aborted: "yellow",
  "reply-lost": "yellow",
  open: "dim",
};

/** Who writes to a magic address and sees nothing happen looks for the reason here. */
const withoutEffect = "magic-without-effect";

export function entryOf(transaction: Transaction): TransactionEntry {
  const { outcome, reversePath, recipients, reply, content, size, faults } = transaction;
  const subject = content === null ? null : formatSubject(content.subject);
  const said = reply === null ? null : formatReply(reply);
  return {
    at: transaction.finishedAt ?? transaction.startedAt,
    outcome,
    from: reversePath?.address ?? "?",
    to: recipients.map(({ path }) => path.address),
    size,
    refused: outcome === "accepted" ? recipients.filter(({ accepted }) => !accepted).length : 0,
    remark: (outcome === "rejected" ? said : subject) ?? said ?? "",
    rules: faults.map(({ ruleId }) => ruleId),
    warnings: transaction.warnings,
  };
}

/** `12:01:02  accepted    ada@a.test → bob@b.test +1  1.2 KiB  Welcome  (rule slow)` */
export function transactionLine(entry: TransactionEntry, { paint }: Terminal): string {
  const columns = [
    paint("dim", localTime(entry.at)),
    paint(styles[entry.outcome], entry.outcome.padEnd(10)),
    formatRoute(entry.from, entry.to),
    ...(entry.size > 0 ? [paint("dim", formatSize(entry.size))] : []),
    ...(entry.remark === "" ? [] : [printable(entry.remark)]),
    ...(entry.refused > 0 ? [paint("red", `(${entry.refused} refused)`)] : []),
    ...(entry.rules.length > 0
      ? [paint("cyan", `(rule ${printable([...new Set(entry.rules)].join(", "))})`)]
      : []),
    ...(entry.warnings.includes(withoutEffect) ? [paint("yellow", `(warning ${withoutEffect})`)] : []),
  ];
  return columns.join("  ");
}

/** `ada@a.test → bob@b.test +1` */
export function formatRoute(from: string, to: readonly string[]): string {
  const [first = "nobody", ...others] = to;
  return `${printable(from || "<>")} → ${printable(first)}${others.length > 0 ? ` +${others.length}` : ""}`;
}

/** `452 4.2.2 Mailbox full` */
export function formatReply(reply: Transaction["reply"]): string {
  if (reply === null) return "no reply";
  return [reply.code, reply.enhanced, ...reply.lines].filter(Boolean).join(" ");
}

export function formatSubject(subject: string): string {
  return subject === "" ? "(no subject)" : subject;
}

export function formatSize(octets: number): string {
  if (octets < 1024) return `${octets} B`;
  const [amount, unit] = octets < 1024 ** 2 ? [octets / 1024, "KiB"] : [octets / 1024 ** 2, "MiB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
