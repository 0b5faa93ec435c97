/** Many rules, inboxes, and in LMTP many recipients ask about one content: the same octets are read once. */
export function readOnce<Result extends object | string>(
  read: (content: Uint8Array) => Result,
): (content: Uint8Array) => Result {
  const known = new WeakMap<Uint8Array, Result>();
  return (content) => {
    const found = known.get(content);
    if (found !== undefined) return found;
    const result = read(content);
    known.set(content, result);
    return result;
  };
}
