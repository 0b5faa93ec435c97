import type { Transaction } from "../api/contract.ts";
import { printable, type Style, type Terminal } from "./terminal.ts";

/** What one line says about a transaction. */
export interface TransactionEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: Transaction["outcome"];
  readonly from: string;
  readonly to: readonly string[];
  /** Octets of content. */
  readonly size: number;
  /** The subject, or the reply that decided. */
  readonly remark: string;
  readonly rules: readonly string[];
}

const styles: Readonly<Record<Transaction["outcome"], Style>> = {
  accepted: "green",
  rejected: "red",
  aborted: "yellow",
  "reply-lost": "yellow",
  open: "dim",
};

export function entryOf(transaction: Transaction): TransactionEntry {
  const { outcome, reversePath, recipients, reply, content, size, faults } = transaction;
  const said = reply === null ? null : [reply.code, reply.enhanced, ...reply.lines].filter(Boolean).join(" ");
  return {
    at: transaction.finishedAt ?? transaction.startedAt,
    outcome,
    from: reversePath?.address ?? "?",
    to: recipients.map(({ path }) => path.address),
    size,
    remark: (outcome === "rejected" ? said : content?.subject) ?? said ?? "",
    rules: faults.map(({ ruleId }) => ruleId),
  };
}

/** `12:01:02  accepted    ada@a.test → bob@b.test +1  1.2 KiB  Welcome  (rule slow)` */
export function transactionLine(entry: TransactionEntry, { paint }: Terminal): string {
  const [first = "nobody", ...others] = entry.to;
  const from = printable(entry.from || "<>");
  const to = printable(first) + (others.length > 0 ? ` +${others.length}` : "");
  const columns = [
    paint("dim", new Date(entry.at).toTimeString().slice(0, 8)),
    paint(styles[entry.outcome], entry.outcome.padEnd(10)),
    `${from} → ${to}`,
    ...(entry.size > 0 ? [paint("dim", formatSize(entry.size))] : []),
    ...(entry.remark === "" ? [] : [printable(entry.remark)]),
    ...(entry.rules.length > 0
      ? [paint("cyan", `(rule ${printable([...new Set(entry.rules)].join(", "))})`)]
      : []),
  ];
  return columns.join("  ");
}

export function formatSize(octets: number): string {
  if (octets < 1024) return `${octets} B`;
  const [amount, unit] = octets < 1024 ** 2 ? [octets / 1024, "KiB"] : [octets / 1024 ** 2, "MiB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
