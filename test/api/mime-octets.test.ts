/** Every part of a message is served with the octets that were meant, and of what nests those that were sent. */
import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const text = (octets: Uint8Array): string => Buffer.from(octets).toString("latin1");
const every = text(Uint8Array.from({ length: 256 }, (_, octet) => octet));
const base64 = (octets: string): string => Buffer.from(octets, "latin1").toString("base64");
/** All but letters and digits encoded. */
const quoted = (octets: string): string =>
  octets.replace(
    /[^a-z0-9]/gis,
    (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

const bodies: [encoding: string, sent: string, meant: string][] = [
  ["7bit", "Hello\r\nworld\r\n", "Hello\r\nworld\r\n"],
  ["7bit", "", ""],
  ["7bit", "\r\n", "\r\n"],
  ["7bit", "bare LF\n and CR\r alone\r\n.\r\n..\r\n", "bare LF\n and CR\r alone\r\n.\r\n..\r\n"],
  ["7bit", "--b is no delimiter of ours\r\n --outer", "--b is no delimiter of ours\r\n --outer"],
  ["8bit", "Gr\xfc\xdfe \xe2\x82\xac\r\n", "Gr\xfc\xdfe \xe2\x82\xac\r\n"],
  ["8bit", "\xff\xfe\n\n\r\r.", "\xff\xfe\n\n\r\r."],
  ["binary", every, every],
  ["binary", "\0\0\r\n\0", "\0\0\r\n\0"],
  ["base64", base64(every), every],
  ["base64", base64(every).replace(/.{76}/g, "$&\r\n"), every],
  ["base64", base64(every).replace(/.{60}/g, "$&\n"), every],
  ["base64", `${base64(every).replace(/.{1}/g, "$&\r\n")}\r\n`, every],
  ["base64", `${base64("a")}\r\n${base64("b")}`, "ab"],
  ["BASE64", ` ${base64("Hello")}\t!`, "Hello"],
  ["quoted-printable", quoted(every), every],
  ["quoted-printable", quoted(every).replace(/(?:=..|.){25}/g, "$&=\r\n"), every],
  ["quoted-printable", quoted(every).replace(/(?:=..|.){25}/g, "$&= \t\n"), every],
  ["quoted-printable", quoted(every).replace(/=../g, (octet) => octet.toLowerCase()), every],
  ["quoted-printable", "a \r\nb\t\nc=20\r\n", "a\r\nb\nc \r\n"],
  ["x-unknown", "as it \r\n is=20", "as it \r\n is=20"],
];

async function partOf(raw: string, path: string): Promise<string> {
  const room = openRoom();
  const id = await room.deliver({ raw: latin1(raw) });
  const reply = await room.app.request(`/api/messages/${id}/mime/${path}`);
  expect(reply.status).toBe(200);
  return text(new Uint8Array(await reply.arrayBuffer()));
}

const places: [place: string, path: string, before: string, after: string][] = [
  [
    "a part",
    "2",
    "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nfirst\r\n--outer\r\n",
    "\r\n--outer--\r\n",
  ],
  [
    "a part with bare LF around",
    "1",
    "Content-Type: multipart/mixed; boundary=outer\n\n--outer\n",
    "\n--outer--\n",
  ],
  [
    "the last part of a message that was cut",
    "1",
    "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n",
    "\r\n--outer",
  ],
  [
    "a part of a message in the message",
    "1.2",
    "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n\r\nfirst\r\n--inner\r\n",
    "\r\n--inner--\r\n\r\n--outer--\r\n",
  ],
];

for (const [place, path, before, after] of places) {
  test.each(bodies)(`octets: ${place}: %s %j`, async (encoding, sent, meant) => {
    const header = `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
    expect(await partOf(`${before}${header}${sent}${after}`, path)).toBe(meant);
  });
}

test("octets: what nests is served as it was sent, the whole body too", async () => {
  const inner = "Subject: in\r\n\r\nHello\n \r\n";
  const alternative =
    "preamble\r\n--a\r\n\r\none\r\n--a\r\nContent-Transfer-Encoding: base64\r\n\r\ndHdv\r\n--a--\r\nepilogue ";
  const body = `--b\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n${alternative}\r\n--b--`;
  const raw = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}`;
  expect(await partOf(raw, "")).toBe(body);
  expect(await partOf(raw, "1")).toBe(inner);
  expect(await partOf(raw, "1.1")).toBe("Hello\n \r\n");
  expect(await partOf(raw, "2")).toBe(alternative);
  expect(await partOf(raw, "2.2")).toBe("two");
});
