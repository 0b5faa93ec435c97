/** The client of a golden transcript: a socket that takes what comes and answers nothing by itself. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** `fin`, `reset` for ECONNRESET, `refused` for ECONNREFUSED; another error by its code. */
export type End = string;

const ends: Readonly<Record<string, End>> = { ECONNRESET: "reset", ECONNREFUSED: "refused" };

export class Peer {
  #socket: Socket;
  #received = "";
  #end: End | null = null;
  #changed: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Resolves when it is connected, or when that has failed. */
  static async connect(port: number): Promise<Peer> {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const peer = new Peer(socket);
    await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
    return peer;
  }

  /** How the server ended the connection; null while it is open. */
  get end(): End | null {
    return this.#end;
  }

  /** One character per octet. */
  send(octets: string): void {
    this.#socket.write(octets, "latin1");
  }

  /** FIN. */
  finish(): void {
    this.#socket.end();
  }

  /** What has come, at most so many octets; waits for them until the connection ends or time is over. */
  async take(count: number, time: number): Promise<string> {
    await this.#until(() => this.#received.length >= count || this.#end !== null, time);
    const octets = this.#received.slice(0, count);
    this.#received = this.#received.slice(count);
    return octets;
  }

  /** What has come and was not taken. */
  takeAll(): string {
    const octets = this.#received;
    this.#received = "";
    return octets;
  }

  async ended(time: number): Promise<End | null> {
    await this.#until(() => this.#end !== null, time);
    return this.#end;
  }

  /** Shakes hands, whatever the certificate, and says what is wrong with that. */
  async secure(ca: string): Promise<string> {
    const plain = this.#socket.removeAllListeners("data").removeAllListeners("end");
    const secure = connectTls({ socket: plain, servername: "localhost", ca, rejectUnauthorized: false });
    this.#socket = secure;
    this.#listen(secure);
    await Promise.race([once(secure, "secureConnect"), this.#until(() => this.#end !== null, 5_000)]);
    const { raw } = secure.getPeerCertificate() ?? {};
    return raw === undefined ? "no certificate" : judge(new X509Certificate(raw), new X509Certificate(ca));
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on("data", (octets: Buffer) => {
      this.#received += octets.toString("latin1");
      this.#changed();
    });
    socket.on("end", () => this.#ended("fin"));
    socket.on("error", ({ code = "error" }: NodeJS.ErrnoException) => this.#ended(ends[code] ?? code));
    socket.on("close", () => this.#ended("fin"));
  }

  #ended(how: End): void {
    this.#end ??= how;
    this.#changed();
  }

  async #until(holds: () => boolean, time: number): Promise<void> {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      this.#changed();
    }, time);
    while (!holds() && !isOver) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    clearTimeout(timer);
  }
}

/** What each runtime words in its own way. */
function judge(certificate: X509Certificate, ca: X509Certificate): string {
  const now = Date.now();
  if (Date.parse(certificate.validTo) < now) return "certificate expired";
  if (Date.parse(certificate.validFrom) > now) return "certificate not yet valid";
  if (certificate.checkHost("localhost") === undefined)
    return `certificate for ${certificate.subjectAltName}`;
  if (certificate.verify(certificate.publicKey)) return "certificate self-signed";
  if (!certificate.verify(ca.publicKey)) return "certificate of an unknown CA";
  return "certificate valid";
}
