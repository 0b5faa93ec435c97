/** The table of the README, made from what the tests hold the clients to. */
import type { Tested } from "./client.ts";

const dotRemark: Record<Tested["dots"], string> = {
  keeps: "",
  "loses a dot": "Lines that begin with a dot lose it (a lone dot is kept).",
  "doubles a lone dot": "A line that is one dot becomes two.",
  "ends the message there": "**Does not double dots: a line that is one dot ends the message.**",
};

const columns: Readonly<Record<string, (client: Tested) => string>> = {
  client: ({ name, versions }) => `${name} ${versions.join(", ")}`,
  AUTH: ({ mechanisms }) => mechanisms.join(", "),
  STARTTLS: ({ tls, onStartTls, verifies }) => {
    if (!tls.includes("starttls")) return "";
    const when = onStartTls === "upgrades" ? "by itself" : "when told";
    return verifies ? when : `${when}, any certificate`;
  },
  "implicit TLS": ({ tls }) => (tls.includes("implicit") ? "yes" : ""),
  DSN: ({ dsn }) => dsn.join(", "),
  "UTF-8 addresses": ({ smtputf8 }) =>
    smtputf8 === null ? "" : smtputf8 === "utf8" ? "yes" : "domains as `xn--`",
  "one of two recipients refused": ({ refusedRecipient }) => refusedRecipient,
  "good to know": ({ hello, dots, warnings, remark }) =>
    [
      hello === "HELO" ? "Says HELO." : "",
      dotRemark[dots],
      warnings.length === 0 ? "" : `Earns the warning ${warnings.map((name) => `\`${name}\``).join(", ")}.`,
      remark,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
};

export function clientTable(clients: readonly Tested[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || "–").join(" | ")} |`;
  const names = Object.keys(columns);
  return [
    row(names),
    row(names.map(() => "---")),
    ...clients.map((client) => row(names.map((name) => columns[name]?.(client) ?? ""))),
  ].join("\n");
}
