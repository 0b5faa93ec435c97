/** A room in which the examples of the document are there, and requests to it. */
import type { ApiParts } from "../../../src/api/mod.ts";
import { settle } from "../manual-timers.ts";
import { openRoom, type Room } from "../room.ts";
import type { Described } from "./described.ts";

/** With all that a route can give out: text, HTML, a picture, an attachment, an invitation, a delivery report. */
export const fullMail = [
  "From: App <app@example.test>",
  "To: Ada <ada@example.test>",
  "Subject: Welcome",
  "Message-ID: <1@example.test>",
  "Date: Thu, 31 Jan 2030 12:00:00 +0000",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain",
  "",
  "Your code is 481516: https://example.test/start",
  "--b",
  "Content-Type: text/html",
  "",
  '<p>Your code is <b>481516</b>: <a href="https://example.test/start">start</a> <img src="cid:logo">',
  "--b",
  "Content-Type: image/png",
  "Content-ID: <logo>",
  "Content-Disposition: inline",
  "Content-Transfer-Encoding: base64",
  "",
  "iVBORw0KGgo=",
  "--b",
  'Content-Type: application/pdf; name="terms.pdf"',
  "Content-Disposition: attachment",
  "Content-Transfer-Encoding: base64",
  "",
  "JVBERi0=",
  "--b",
  "Content-Type: text/calendar; method=REQUEST",
  "",
  "BEGIN:VCALENDAR",
  "METHOD:REQUEST",
  "END:VCALENDAR",
  "--b",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.example.test",
  "",
  "Final-Recipient: rfc822; eve@example.test",
  "Action: failed",
  "Status: 5.1.1",
  "--b--",
  "",
].join("\r\n");

export async function openStockedRoom(change: Partial<ApiParts> = {}): Promise<Room> {
  const room = openRoom({ ca: () => "-----BEGIN CERTIFICATE-----\n", ...change });
  await room.deliver({ to: ["ada@example.test"], raw: fullMail });
  room.connect();
  room.refuse({ to: ["ada@example.test"] });
  room.parts.faults.add({ id: "full", on: "rcpt", do: "452 4.2.2 Mailbox full" });
  await room.parts.inboxes.open({ name: "sign-up", ttl: null, match: null, listener: false });
  room.parts.directory.set({ users: [{ address: "ada@example.test" }], lists: [] });
  return room;
}

export interface Asking {
  /** Without the question mark. */
  readonly query?: string;
  /** In the place of the examples. */
  readonly places?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of the example; a text is sent as it is. */
  readonly body?: unknown;
}

/** Asks with the examples of the document. A request that is held is let go when nothing more happens. */
export async function ask(room: Room, operation: Described, asking: Asking = {}): Promise<Response> {
  const reply = Promise.resolve(room.app.fetch(await requestOf(room, operation, asking)));
  await Promise.race([reply, settle()]);
  room.close();
  return reply;
}

export async function requestOf(room: Room, operation: Described, asking: Asking = {}): Promise<Request> {
  const { method } = operation;
  const url = `http://localhost${await pathOf(room, operation, asking.places ?? {})}`;
  const headers = new Headers({ host: "localhost", ...asking.headers });
  // Parameters are for octets, where a body may be either.
  const octets = asking.query === undefined || asking.body !== undefined ? null : operation.octets;
  if (octets !== null) headers.set("content-type", "message/rfc822");
  const body = octets ?? (asking.body === undefined ? operation.body?.example : asking.body);
  if (body === undefined) return new Request(withQuery(url, asking.query), { method, headers });
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Request(withQuery(url, asking.query), { method, headers, body: text });
}

function withQuery(url: string, query: string | undefined): string {
  return query === undefined ? url : `${url}?${query}`;
}

async function pathOf(room: Room, operation: Described, places: Readonly<Record<string, string>>) {
  let { path } = operation;
  for (const { name, example, in: where } of operation.parameters) {
    if (where !== "path") continue;
    const known = name === "token" ? await inlineToken(room) : String(example);
    path = path.replace(`{${name}}`, encodeURIComponent(places[name] ?? known));
  }
  return path;
}

async function inlineToken(room: Room): Promise<string> {
  const reply = await room.app.request("/view/m1/html");
  return /\/inline\/([0-9a-f]+)\//.exec(await reply.text())?.[1] ?? "none";
}
