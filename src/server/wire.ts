/**
 * One connection as octets: write, upgrade to TLS, and the ways to end it.
 *
 * The raw TCP socket is kept for life: a reset must go to it, since a TLS socket cannot send an RST.
 * Nothing here knows SMTP.
 */
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { isWholeHello } from "./client-hello.ts";
import type { FaultTime, Timers } from "./clock.ts";
import { Intake } from "./intake.ts";
import { describeTlsError, isReset } from "./tls-error.ts";

/** How long a client may neither end an ended connection nor take what is still unsent, before it is cut. */
const drainTime = 2_000;
/** The time that a host close by needs to answer what is sent to a connection that it has closed. */
const echoTime = 20;
/** Octets for TLS that may pile up before it can have them. */
const helloLimit = 64 * 1024;

export interface TlsInfo {
  readonly version: string;
  readonly cipher: string;
}

/** What the owner of a wire hears. */
export interface WireListener {
  bytes(octets: Uint8Array): void;
  /** The client sent FIN. */
  ended(): void;
  /** Nothing was heard or said for the idle time. */
  idle(): void;
  /** TLS broke, in the handshake or by an alert after it. */
  tlsFailed(reason: string): void;
  /** The connection is gone, whoever ended it. Comes once, last. */
  closed(): void;
}

export class Wire {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #raw: Socket;
  readonly #listener: WireListener;
  readonly #timers: Timers;
  readonly #intake: Intake;
  #socket: Socket;
  #discarding = false;
  #clientEnded = false;
  #gone = false;
  readonly #idleTimeout: number;
  /** Something was heard or said since somebody asked last. */
  #isActive = false;
  #quietSince: number;
  /** What came for TLS, which cannot have it yet; null: what comes is for the owner. */
  #forTls: Buffer | null = null;
  /** Somebody waits for {@link #forTls} to grow, or to end. */
  #helloChanged: () => void = () => {};
  /** Takes our ears off the current socket; the runtime's own listeners stay. */
  #deaf: () => void = () => {};

  constructor(raw: Socket, listener: WireListener, timers: Timers, clock: FaultTime, idleTimeout: number) {
    this.#raw = raw;
    this.#socket = raw;
    this.#listener = listener;
    this.#timers = timers;
    this.#intake = new Intake(raw, clock, (octets) => listener.bytes(octets));
    this.remoteAddress = plainAddress(raw.remoteAddress ?? "");
    this.remotePort = raw.remotePort ?? 0;
    raw.setNoDelay(true);
    raw.on("close", () => this.#close());
    // Whoever wraps the socket may leave its errors to us; each is followed by "close".
    raw.on("error", () => {});
    this.#idleTimeout = idleTimeout;
    this.#quietSince = timers.now();
    this.#hear(raw);
  }

  /** No octet can reach the client any more. */
  get gone(): boolean {
    return this.#gone || this.#socket.destroyed || !this.#socket.writable;
  }

  /** The connection is gone or given up; after {@link halfClose} it may still be there when this is `gone`. */
  get closed(): boolean {
    return this.#gone || this.#raw.destroyed;
  }

  /** Something the client said is not handed on yet, since it is read slowly. */
  get lags(): boolean {
    return this.#intake.lags;
  }

  /** One character per octet. */
  write(octets: string): void {
    this.#isActive = true;
    if (!this.gone) this.#socket.write(octets, "latin1");
  }

  /**
   * Writes to a client that has sent FIN; {@link gone} tells afterwards whether there is anybody to read it. Who has
   * closed the connection answers the first octets with an RST, and only the next ones meet it.
   */
  async writeToEnded(octets: string): Promise<void> {
    for (const part of [octets.slice(0, -1), octets.slice(-1)]) {
      this.write(part);
      await new Promise<void>((resolve) => this.#timers.setTimeout(resolve, echoTime));
    }
  }

  /** Real time, in milliseconds. */
  now(): number {
    return this.#timers.now();
  }

  /** Asked from time to time: a timer of its own for each connection would be set anew with every octet. */
  checkIdle(): void {
    const now = this.#timers.now();
    // A client whose octets are read slowly is not silent.
    if (this.#isActive || this.lags) {
      this.#isActive = false;
      this.#quietSince = now;
    } else if (now - this.#quietSince >= this.#idleTimeout) {
      this.#quietSince = now;
      this.#listener.idle();
    }
  }

  /** Resolves when the client has taken what was written, or is gone; until then nothing is read from it. */
  drained(): Promise<void> {
    const socket = this.#socket;
    if (this.gone || !socket.writableNeedDrain) return Promise.resolve();
    this.#intake.brake("draining");
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off("drain", done);
        this.#raw.off("close", done);
        this.#intake.free("draining");
        resolve();
      };
      socket.once("drain", done);
      this.#raw.once("close", done);
    });
  }

  /** What comes from now on is for TLS: {@link secure} follows, and {@link hello} may before. */
  expectTls(): void {
    if (this.#forTls !== null) return;
    this.#intake.forget();
    this.#raw.resume();
    this.#forTls = Buffer.alloc(0);
  }

  /** Octets that TLS is to hear. */
  giveBack(octets: Uint8Array): void {
    this.expectTls();
    this.#forTls = Buffer.from(octets);
  }

  /** Resolves when the client has sent its ClientHello. False: it failed, as {@link secure} does. */
  async hello(): Promise<boolean> {
    this.expectTls();
    while (this.#forTls !== null && !isWholeHello(this.#forTls)) {
      if (this.#clientEnded && !this.closed) this.#failTls("TLS: the client left in the handshake");
      if (this.closed) return false;
      await new Promise<void>((resolve) => {
        this.#helloChanged = resolve;
      });
    }
    return !this.closed;
  }

  /** Octets written that the client has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Octets per second of fault time that are read from now on. */
  slowDown(rate: number): void {
    this.#intake.slowDown(rate);
  }

  /**
   * While held, input is still heard, but only up to 64 KiB of it are taken off the network; `waiting`: octets
   * of it that nobody has read yet.
   */
  hold(waiting: number): void {
    this.#intake.hold(waiting);
  }

  /** What waits beyond 64 KiB is read first. */
  release(waiting: number): void {
    this.#intake.release(waiting);
  }

  /** FIN: nothing more can be said, and the client is heard for as long as it stays. */
  halfClose(): void {
    if (!this.gone) this.#socket.end();
  }

  /**
   * Half-closes, discards input until the client's FIN: octets said before arrive. At most 2 s, or as long as
   * the client goes on taking what was said.
   */
  fin(): void {
    this.#discard();
    if (this.gone) {
      this.#raw.destroy();
      return;
    }
    this.#socket.resume();
    this.#socket.end();
    this.#cutWhenIdle();
  }

  #cutWhenIdle(): void {
    const before = this.unsent;
    const timer = this.#timers.setTimeout(() => {
      if (this.unsent < before) this.#cutWhenIdle();
      else this.#raw.destroy();
    }, drainTime);
    this.#raw.once("close", () => this.#timers.clearTimeout(timer));
  }

  /** The client has said all that it had to say: closes at once where nothing is left to send. */
  close(): void {
    if (this.#socket === this.#raw && this.unsent === 0) {
      this.#discard();
      this.#raw.destroy();
    } else {
      this.fin();
    }
  }

  /** TCP RST. */
  reset(): void {
    this.#discard();
    this.#raw.resetAndDestroy();
  }

  /** Reads nothing more; the client's writes block once the buffers are full. Its FIN goes unseen. */
  stall(): void {
    this.#discard();
    this.#socket.pause();
  }

  /**
   * Server side of the handshake on this connection. `secured` is called before the first octet under
   * TLS is heard. Where it fails, `tlsFailed` says why, and the connection is closed.
   */
  secure(context: SecureContext, secured: (info: TlsInfo) => void): Promise<void> {
    const raw = this.#raw;
    if (this.#clientEnded) {
      this.#failTls("TLS: the client left in the handshake");
      return Promise.resolve();
    }
    this.#deaf();
    // Deno would lose the ClientHello to a read that is still under way on the raw socket.
    raw.pause();
    this.#intake.forget();
    if (this.#forTls !== null && this.#forTls.length > 0) raw.unshift(this.#forTls);
    this.#forTls = null;
    const socket = new TLSSocket(raw, { isServer: true, secureContext: context });
    return new Promise((resolve) => {
      const fail = (reason: string): void => {
        this.#failTls(reason);
        resolve();
      };
      const broken = (error: Error): void => fail(describeTlsError(error));
      const left = (): void => fail("TLS: the client left in the handshake");
      socket.once("error", broken).once("end", left);
      raw.once("error", broken).once("close", () => resolve());
      socket.once("secure", () => {
        socket.off("error", broken).off("end", left);
        raw.off("error", broken);
        this.#socket = socket;
        this.#intake.from(socket);
        secured({ version: socket.getProtocol() ?? "", cipher: socket.getCipher()?.name ?? "" });
        this.#hear(socket);
        resolve();
      });
    });
  }

  #failTls(reason: string): void {
    // What our own ending breaks is no failure of the client's.
    if (!this.#discarding) this.#listener.tlsFailed(reason);
    this.#raw.destroy();
  }

  #discard(): void {
    this.#discarding = true;
    this.#intake.forget();
  }

  #hear(socket: Socket): void {
    let hasSpoken = false;
    const data = (octets: Uint8Array): void => {
      this.#isActive = true;
      hasSpoken = true;
      if (this.#discarding) return;
      if (this.#forTls === null) this.#intake.take(octets);
      else this.#keepForTls(this.#forTls, octets);
    };
    const end = (): void => {
      this.#clientEnded = true;
      this.#helloChanged();
      if (this.#discarding) this.#raw.destroy();
      else this.#intake.end(() => this.#listener.ended());
    };
    const error = (cause: Error): void => {
      // Some clients reset the connection once they have the reply to QUIT. Who resets it and has not said a word
      // over TLS does so because of the certificate.
      const isOurs = socket === this.#raw || this.#discarding || (hasSpoken && isReset(cause));
      if (!isOurs) this.#listener.tlsFailed(describeTlsError(cause));
      this.#raw.destroy();
    };
    socket.on("data", data).on("end", end).on("error", error);
    this.#deaf = () => socket.off("data", data).off("end", end).off("error", error);
  }

  #keepForTls(before: Buffer, octets: Uint8Array): void {
    this.#forTls = Buffer.concat([before, octets]);
    if (this.#forTls.length > helloLimit) this.#raw.pause();
    this.#helloChanged();
  }

  #close(): void {
    if (this.#gone) return;
    this.#gone = true;
    // Bun keeps the connection for some seconds, unless the TLS socket goes too.
    this.#socket.destroy();
    this.#intake.forget();
    this.#helloChanged();
    this.#listener.closed();
  }
}

/** `::ffff:127.0.0.1` is the IPv4 client it is. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
