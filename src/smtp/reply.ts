/** What the server says, as a value. Rendering to octets is in `render.ts`. */
export interface Reply {
  /** Three digits, 200–599 (RFC 5321 §4.2). */
  readonly code: number;
  /** Enhanced status code such as `"4.2.2"` (RFC 3463), or null where none is sent. */
  readonly enhanced: string | null;
  /** One text per line, without code and line end. At least one; may be empty. */
  readonly lines: readonly string[];
  /** The text goes as UTF-8: only to a client that asked for that (RFC 6531 §3.7.4.2). */
  readonly isUtf8?: boolean;
}

/** A reply of one or more lines. `enhanced` null: none is sent. */
export function reply(code: number, enhanced: string | null, ...lines: readonly string[]): Reply {
  return { code, enhanced, lines: lines.length === 0 ? [""] : lines };
}

/** 2yz and 3yz: the command succeeded, or may go on (RFC 5321 §4.2.1). */
export function isPositive(reply: Reply): boolean {
  return reply.code < 400;
}
