/**
 * TLS material. Without files a CA and a leaf signed by it are generated once, in memory, so that a
 * client can be told to trust the CA and then meets a certificate as valid as a real one. Certificates
 * with a fault are generated when one is first wanted, and differ from that leaf in the fault alone.
 */
import { isIP } from "node:net";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { CertificateFault, TlsVersion } from "../faults/mod.ts";

export interface TlsMaterial {
  readonly context: SecureContext;
  /** PEM of the generated CA; null where certificate and key were given. */
  readonly ca: string | null;
  /** With a certificate that has this fault and a highest version; null: as in `context`. Made once. */
  readonly faulty: (
    certificate: CertificateFault | null,
    maxVersion: TlsVersion | null,
  ) => Promise<SecureContext>;
}

/** PEM. */
interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const day = 24 * 60 * 60 * 1000;
const year = 365 * day;

/**
 * From PEM texts. A pair that does not fit: `TypeError`.
 * @param names DNS names and IP addresses for the certificates with a fault.
 */
export function loadTls(cert: string, key: string, names: readonly string[]): TlsMaterial {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new TypeError(
      `Failed to load the TLS certificate and key: ${(cause as Error).message}; both must be PEM and belong together`,
      { cause },
    );
  }
  let authority: Promise<KeyPair> | null = null;
  const sign = (): Promise<KeyPair> => {
    authority ??= generateAuthority("Mailproof test CA");
    return authority;
  };
  return materialOf({ cert, key }, null, names, sign);
}

/** A fresh CA and a leaf for these DNS names and IP addresses, valid from yesterday for a year. */
export async function generateTls(names: readonly string[]): Promise<TlsMaterial> {
  const authority = await generateAuthority("Mailproof test CA");
  const leaf = await generateLeaf(names, authority);
  return materialOf(leaf, authority.cert, names, async () => authority);
}

/** Whether this runtime can be told to speak no newer version than this one. */
export function speaks(maxVersion: TlsVersion): boolean {
  return !("Deno" in globalThis) || (maxVersion !== "TLSv1" && maxVersion !== "TLSv1.1");
}

function materialOf(
  pair: KeyPair,
  ca: string | null,
  names: readonly string[],
  authority: () => Promise<KeyPair>,
): TlsMaterial {
  const pairs = new Map<CertificateFault | null, Promise<KeyPair>>([[null, Promise.resolve(pair)]]);
  const faulty = async (
    certificate: CertificateFault | null,
    maxVersion: TlsVersion | null,
  ): Promise<SecureContext> => {
    const made = pairs.get(certificate) ?? generateFaulty(certificate, names, authority);
    pairs.set(certificate, made);
    return createSecureContext({ ...(await made), ...versions(maxVersion) });
  };
  return { context: createSecureContext({ ...pair }), ca, faulty };
}

/** OpenSSL 3 lets the versions before 1.2 go only at the lowest security level; BoringSSL knows no levels. */
function versions(maxVersion: TlsVersion | null): SecureContextOptions {
  if (maxVersion === null) return {};
  if (maxVersion !== "TLSv1" && maxVersion !== "TLSv1.1") return { maxVersion };
  const old = { minVersion: "TLSv1", maxVersion } as const;
  return "Bun" in globalThis ? old : { ...old, ciphers: "DEFAULT@SECLEVEL=0" };
}

async function generateFaulty(
  fault: CertificateFault | null,
  names: readonly string[],
  authority: () => Promise<KeyPair>,
): Promise<KeyPair> {
  const now = Date.now();
  switch (fault) {
    case "expired":
      return generateLeaf(names, await authority(), { from: now - 90 * day, to: now - day });
    case "not-yet-valid":
      // No server runs so long that it would come of age.
      return generateLeaf(names, await authority(), { from: now + 10 * year, to: now + 11 * year });
    case "wrong-host":
      return generateLeaf(["wrong-host.invalid"], await authority());
    case "untrusted-ca":
      return generateLeaf(names, await generateAuthority("Mailproof untrusted CA"));
    default:
      return generateLeaf(names, null);
  }
}

async function generateAuthority(name: string): Promise<KeyPair> {
  return generatePair(name, aYear(), null, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** With the certificate of its CA behind it; CA null: signed by itself. */
async function generateLeaf(
  names: readonly string[],
  authority: KeyPair | null,
  validity: Validity = aYear(),
): Promise<KeyPair> {
  const { cert, key } = await generatePair(names[0] ?? "localhost", validity, authority, [
    { name: "basicConstraints", cA: false },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
  ]);
  return { cert: authority === null ? cert : `${cert}\n${authority.cert}`, key };
}

/** Milliseconds since the epoch. */
interface Validity {
  readonly from: number;
  readonly to: number;
}

function aYear(): Validity {
  return { from: Date.now() - day, to: Date.now() + year };
}

type Extensions = NonNullable<NonNullable<Parameters<typeof import("selfsigned").generate>[1]>["extensions"]>;

async function generatePair(
  commonName: string,
  { from, to }: Validity,
  authority: KeyPair | null,
  extensions: Extensions,
): Promise<KeyPair> {
  // Loaded only where TLS is on: it is the slowest import of the program.
  const { generate } = await import("selfsigned");
  const pair = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(from),
    notAfterDate: new Date(to),
    ...(authority === null ? {} : { ca: authority }),
    extensions,
  });
  return { cert: pair.cert, key: pair.private };
}
