/** Clients that mean harm, and one that does not. */
import { randomBytes } from "node:crypto";
import { RawClient } from "../support/raw-client.ts";

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** As many at once as there are. */
export async function times(count: number, run: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => run(index)));
}

/** Sends as fast as it is taken, until all is sent or the connection has ended. */
export async function pour(client: RawClient, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const { socket } = client;
  for (const chunk of chunks) {
    if (socket.destroyed || socket.writableEnded) return;
    if (socket.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const events = ["drain", "close", "end"];
      const done = (): void => {
        for (const event of events) socket.off(event, done);
        resolve();
      };
      for (const event of events) socket.on(event, done);
    });
  }
}

export function* repeated(chunk: Uint8Array | string, count: number): Generator<Uint8Array | string> {
  for (let n = 0; n < count; n += 1) yield chunk;
}

/** Past DATA, with one recipient. */
export async function toContent(port: number, to = "b@s.test"): Promise<RawClient> {
  const client = await RawClient.greeted(port);
  client.send(`MAIL FROM:<a@c.test>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
  for (const code of ["250", "250", "354"]) {
    const reply = await client.reply();
    if (!reply.startsWith(code)) throw new Error(`Failed to begin a content: ${reply}`);
  }
  return client;
}

/** Sends one message, dots are the caller's; resolves to the final reply. */
export async function deliver(port: number, content: string, to?: string): Promise<string> {
  const client = await toContent(port, to);
  await pour(client, [Buffer.from(`${content}.\r\n`, "latin1")]);
  const reply = await client.reply();
  client.send("QUIT\r\n");
  client.close();
  return reply;
}

/** A message that is not like any other: header, odd octets, a last line without text. */
export function cleanContent(): { subject: string; content: string } {
  const subject = `clean ${randomBytes(8).toString("hex")}`;
  const body = randomBytes(600)
    .toString("latin1")
    .replace(/[\r\n.]/g, "-");
  return { subject, content: `Subject: ${subject}\r\nX-Odd: \t \r\n\r\n${body}\r\n\r\n` };
}
