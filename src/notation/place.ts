/** `127.0.0.1:1025`, `[::1]:1025`: where a listener is, as URLs have it (RFC 3986 §3.2.2). */
export function formatPlace(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
