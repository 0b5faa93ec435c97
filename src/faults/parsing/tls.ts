import { at } from "../../notation/mod.ts";
import type { TlsFault } from "../moment.ts";
import type { CertificateFault, HandshakeFault, TlsVersion } from "../rule.ts";
import { read, refuse } from "./reader.ts";

export const certificates: readonly CertificateFault[] = [
  "expired",
  "not-yet-valid",
  "wrong-host",
  "self-signed",
  "untrusted-ca",
];
export const handshakes: readonly HandshakeFault[] = ["close", "reset", "stall", "garbage", "alert"];
export const tlsVersions: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const tlsFields = ["certificate", "handshake", "maxVersion"] as const;

/** Reads `tls`. `stall`: milliseconds of a handshake that stalls. */
export function parseTls(value: unknown, path: string, stall: number): TlsFault {
  const tls = read.object(value, path, tlsFields);
  if (tlsFields.every((field) => tls[field] === undefined)) {
    refuse(path, `does nothing; give at least one of ${tlsFields.join(", ")}`);
  }
  const readField = <Name extends string>(
    field: (typeof tlsFields)[number],
    names: readonly Name[],
  ): Name | null => (tls[field] === undefined ? null : read.choice(tls[field], at(path, field), names));
  const fault = {
    certificate: readField("certificate", certificates),
    handshake: readField("handshake", handshakes),
    maxVersion: readField("maxVersion", tlsVersions),
    stall,
    emulated: false,
  };
  if (fault.handshake !== null && (fault.certificate !== null || fault.maxVersion !== null)) {
    refuse(at(path, "handshake"), "ends it before there is a certificate or a version; leave those out");
  }
  return fault;
}
