/** The first octets that a client sends for TLS. */

/** Type, version, length (RFC 8446 §5.1). */
const recordHeader = 5;
const handshakeRecord = 22;

/** A whole first record; or something that is no handshake, so that nothing more need be waited for. */
export function isWholeHello(octets: Uint8Array): boolean {
  const [type, , , high = 0, low = 0] = octets;
  if (type === undefined) return false;
  return (
    type !== handshakeRecord ||
    (octets.length >= recordHeader && octets.length >= recordHeader + high * 256 + low)
  );
}
