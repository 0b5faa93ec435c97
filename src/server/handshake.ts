/** The TLS handshake of a session: as it should be, or with the fault that a rule wants. */
import type { TlsFault, Verdict } from "../faults/mod.ts";
import type { TlsMaterial } from "./certificates.ts";
import type { Clerk } from "./clerk.ts";
import type { Departure } from "./departure.ts";
import type { TlsInfo, Wire } from "./wire.ts";

/** Fatal alerts (RFC 8446 §6) in a record of TLS 1.2. */
const handshakeFailure = "\x15\x03\x03\x00\x02\x02\x28";
const protocolVersion = "\x15\x03\x03\x00\x02\x02\x46";
/** No record of TLS begins so. */
const garbage = "\xf3\x9d\x01\x7c\xe8\x42\xb6\x00\x5f\xa1\x0d\xcc\x93\x2e\x77\xd0".repeat(4);

export class Handshake {
  readonly #wire: Wire;
  readonly #departure: Departure;
  readonly #clerk: Clerk;
  readonly #tls: TlsMaterial | null;

  constructor(wire: Wire, departure: Departure, clerk: Clerk, tls: TlsMaterial | null) {
    this.#wire = wire;
    this.#departure = departure;
    this.#clerk = clerk;
    this.#tls = tls;
  }

  /** `secured` is called before the first octet under TLS is heard. Where it fails the connection ends. */
  async shake({ tls: fault, until }: Verdict, secured: (info: TlsInfo) => void): Promise<void> {
    const tls = this.#tls;
    if (tls === null) throw new Error("Failed to start TLS: no certificate; the engine must not offer it");
    if (fault === null) return this.#wire.secure(tls.context, secured);
    this.#wire.expectTls();
    if (fault.handshake !== null) return this.#fail(fault.handshake, fault.stall, until);
    if (fault.emulated) return this.#refuseVersion();
    return this.#wire.secure(await tls.faulty(fault.certificate, fault.maxVersion), secured);
  }

  async #fail(
    how: NonNullable<TlsFault["handshake"]>,
    stall: number,
    until: AbortSignal | null,
  ): Promise<void> {
    if (!(await this.#wire.hello())) return;
    this.#clerk.tlsFailed(`TLS: a fault ended the handshake (${how})`);
    if (how === "alert") this.#wire.write(handshakeFailure);
    if (how === "garbage") this.#wire.write(garbage);
    if (how === "stall") this.#departure.end({ kind: "stall", for: stall }, "fault", until);
    else this.#departure.end({ kind: how === "reset" ? "reset" : "fin" }, "fault");
  }

  /** A server that speaks only old versions, played by a runtime that does not know them. */
  async #refuseVersion(): Promise<void> {
    if (!(await this.#wire.hello())) return;
    this.#clerk.tlsFailed("TLS: a fault ended the handshake (protocol_version)");
    this.#wire.write(protocolVersion);
    this.#departure.end({ kind: "fin" }, "fault");
  }
}
