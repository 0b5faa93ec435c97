/** Why TLS broke, in words that are the same wherever it runs. */

/** `tlsv1 alert unknown ca` → `TLS alert unknown_ca`. Runtimes name the reason in different places. */
export function describeTlsError(
  error: Error & { readonly code?: string; readonly reason?: string },
): string {
  const reason = error.reason ?? error.code ?? error.message;
  const name = reason
    .replace(/^ERR_(SSL|TLS)_/, "")
    .replaceAll(" ", "_")
    .toLowerCase();
  const alert = /(?:^|_)alert_(?:number_)?(.+)$/.exec(name)?.[1];
  return alert === undefined ? `TLS: ${name}` : `TLS alert ${alert}`;
}

/** The connection broke: of TLS it says nothing. */
export function isReset({ code }: Error & { readonly code?: string }): boolean {
  return code === "ECONNRESET" || code === "ECONNABORTED" || code === "EPIPE";
}
