/** A client made of a bare socket, for what no decent client would do. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export class RawClient {
  socket: Socket;
  #received = "";
  #end: "fin" | "reset" | null = null;
  #changed: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      this.#received += text;
      this.#changed();
    });
    socket.on("end", () => {
      this.#ended("fin");
      socket.end();
    });
    socket.on("error", () => this.#ended("reset"));
    socket.on("close", () => this.#ended("fin"));
  }

  /** Connected, and nothing read yet. `first` is sent with the connection. */
  static async connect(port: number, { first = "" } = {}): Promise<RawClient> {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    if (first !== "") socket.write(first);
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Connected, greeted, and past EHLO. */
  static async greeted(port: number): Promise<RawClient> {
    const client = await RawClient.connect(port);
    await client.reply();
    await client.ask("EHLO raw.test");
    return client;
  }

  /** Shakes hands after STARTTLS was answered. What comes from now on is heard under TLS. */
  async secure(ca: string): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners("data").removeAllListeners("end");
    const secure = connectTls({ socket: plain, servername: "localhost", ca });
    await once(secure, "secureConnect");
    this.socket = secure;
    this.#listen(secure);
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, "latin1"));
  }

  /** Sends a line and waits for its reply. */
  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return await this.reply();
  }

  /** The next whole reply, its lines joined by `\n`, without the last line end. */
  async reply(): Promise<string> {
    const whole = /^(?:\d{3}-[^\n]*\r\n)*\d{3}(?: [^\n]*)?\r\n/;
    await this.#until(() => whole.test(this.#received));
    const [text] = whole.exec(this.#received) ?? [];
    if (text === undefined)
      throw new Error(`The connection ended (${this.#end}) before a reply: "${this.#received}"`);
    this.#received = this.#received.slice(text.length);
    return text.trimEnd().replaceAll("\r\n", "\n");
  }

  /** How the server ended the connection. */
  async end(): Promise<"fin" | "reset"> {
    await this.#until(() => this.#end !== null);
    return this.#end ?? "fin";
  }

  /** Octets received and not yet taken as a reply. */
  get rest(): string {
    return this.#received;
  }

  close(): void {
    this.socket.destroy();
  }

  #ended(how: "fin" | "reset"): void {
    this.#end ??= how;
    this.#changed();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && this.#end === null) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
