/** The header with which SCRAM and OAUTHBEARER begin (RFC 5801 §4, RFC 5802 §7). */

export interface Gs2 {
  /** `n`: no channel binding; `y`: the client could, but thinks that we cannot; `p`: it wants one. */
  readonly flag: "n" | "y" | "p";
  /** On whose behalf it comes; empty when it says nothing. */
  readonly authzid: string;
  /** The header itself. */
  readonly header: string;
  readonly rest: string;
}

/** Null when it is malformed. */
export function parseGs2(text: string): Gs2 | null {
  const found = /^(n|y|p=[a-z0-9.-]+),(?:a=([^,]+))?,/is.exec(text);
  if (found === null) return null;
  const [header, binding = "", name = ""] = found;
  const authzid = unescapeName(name);
  if (authzid === null) return null;
  const flag = binding[0] === "p" ? "p" : binding === "y" ? "y" : "n";
  return { flag, authzid, header, rest: text.slice(header.length) };
}

/** RFC 5802 §5.1: `=2C` is a comma, `=3D` an equals sign, and no other `=` may stand there; then null. */
export function unescapeName(name: string): string | null {
  if (/=(?!2C|3D)/.test(name)) return null;
  return name.replaceAll("=2C", ",").replaceAll("=3D", "=");
}
