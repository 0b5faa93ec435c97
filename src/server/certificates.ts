/**
 * TLS material. Without files a CA and a leaf signed by it are generated once, in memory, so that a
 * client can be told to trust the CA and then meets a certificate as valid as a real one.
 */
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";

export interface TlsMaterial {
  readonly context: SecureContext;
  /** PEM of the generated CA; null where certificate and key were given. */
  readonly ca: string | null;
}

const day = 24 * 60 * 60 * 1000;

/** From PEM texts. A pair that does not fit: `TypeError`. */
export function loadTls(cert: string, key: string): TlsMaterial {
  try {
    return { context: createSecureContext({ cert, key }), ca: null };
  } catch (cause) {
    throw new TypeError(
      `Failed to load the TLS certificate and key: ${(cause as Error).message}; both must be PEM and belong together`,
      { cause },
    );
  }
}

/** A fresh CA and a leaf for these DNS names and IP addresses, valid from yesterday for a year. */
export async function generateTls(names: readonly string[]): Promise<TlsMaterial> {
  // Loaded only where TLS is on: it is the slowest import of the program.
  const { generate } = await import("selfsigned");
  const validity = {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 365 * day),
  } as const;
  const ca = await generate([{ name: "commonName", value: "Mailproof test CA" }], {
    ...validity,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: "commonName", value: names[0] ?? "localhost" }], {
    ...validity,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return {
    context: createSecureContext({ cert: `${leaf.cert}\n${ca.cert}`, key: leaf.private }),
    ca: ca.cert,
  };
}
