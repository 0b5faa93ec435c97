/** A finding as one can read it, and as a golden dialogue to be completed. */
import { describeAccounts } from "./accounts.ts";
import type { CaseOptions, FuzzCase } from "./fuzz-case.ts";
import { type Finding, shown } from "./play.ts";

export function describeFinding(seed: number, finding: Finding, smallest: FuzzCase): string {
  return [
    `seed ${seed}: ${finding.message}`,
    "",
    describeCase(smallest),
    "",
    `Run it again: npm run fuzz -- --seed ${seed}`,
  ].join("\n");
}

/** In the notation of test/smtp/transcripts. Verdicts are comments there: a dialogue names them by phase. */
export function describeCase({ options, items, verdicts }: FuzzCase): string {
  const { sasl, ...others } = options;
  const accounts = sasl === undefined ? [] : [describeAccounts(sasl)];
  const settings = Object.entries(others).map(([name, value]) => {
    const text = value instanceof Set ? [...value].join(" ") : value === true ? "yes" : String(value);
    return `# ${settingNames[name as keyof CaseOptions] ?? name}: ${text}`;
  });
  const rules = [...verdicts].map(([at, said]) => {
    const text = said === null ? "nothing" : `${said.code} ${said.enhanced ?? ""} ${said.lines.join(" / ")}`;
    return `# said at checkpoint ${at}: ${shown(text)}`;
  });
  return [...settings, ...accounts, ...rules, ...items.map((item) => `C| ${inNotation(item)}`)].join("\n");
}

/** As a transcript writes them. */
const settingNames: { readonly [Name in keyof CaseOptions]?: string } = {
  hiddenExtensions: "hidden",
  maxMessageSize: "max-message-size",
  maxRecipients: "max-recipients",
  startTls: "starttls",
  authRequired: "auth-required",
  requireHelo: "require-helo",
};

function inNotation(octets: string): string {
  const escaped = octets.replace(/[^ -~]|\\/g, (octet) => {
    const code = octet.charCodeAt(0);
    return escapes[octet] ?? `\\x${code.toString(16).padStart(2, "0")}`;
  });
  return escaped.replace(/([^\\])\1{19,}/g, (run, octet: string) => `{${octet}*${run.length}}`);
}

const escapes: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" };
