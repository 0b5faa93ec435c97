/**
 * A message on show. Its HTML is served into a sandbox without scripts and without our origin, and its policy
 * lets it load nothing but `data:` and the inline parts of the same message, which it reaches under an address
 * that holds a secret: the sandboxed document is a stranger to us, and sends neither cookie nor token.
 * `remote=1` lets pictures, styles, fonts and media of that one reply come from anywhere, and nothing else.
 */
import { type Context, Hono } from "hono";
import type { Message, MimePart } from "../store/mod.ts";
import { isSame, ownOrigin } from "./guard.ts";
import { unknownMessage } from "./message.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { flag, onlyQuery } from "./query.ts";

/** What a browser decodes as a picture and nothing else; SVG is a document. */
export const pictureTypes: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
];

export function viewRoutes(parts: ApiParts): Hono {
  const app = new Hono();
  const secret = crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

  const inlinePath = async (c: Context, id: string): Promise<string> =>
    `${ownOrigin(c)}/view/${encodeURIComponent(id)}/inline/${await tokenOf(await secret, id)}/`;

  const find = async (id: string): Promise<Message> => {
    const message = await parts.store.message(id);
    if (message === null) throw unknownMessage(id);
    return message;
  };

  app.get("/:id/html", async (c) => {
    const remote = flag(onlyQuery(c, ["remote"]), "remote");
    if (remote) refuseForeignLink(c);
    const message = await find(c.req.param("id"));
    if (message.html === null) {
      const detail = `Failed to show message ${message.id}: it has no HTML; see /api/messages/${message.id}/text`;
      throw new ProblemError("not-found", detail);
    }
    const path = await inlinePath(c, message.id);
    const html = parts.htmlForView(message.html, (contentId) =>
      findPicture(message.mime, contentId) === null ? null : path + encodeURIComponent(contentId),
    );
    return c.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": viewPolicy(path, remote),
      "x-dns-prefetch-control": "off",
    });
  });

  app.get("/:id/inline/:token/:contentId", async (c) => {
    onlyQuery(c);
    const { id, token, contentId } = c.req.param();
    if (!isSame(token, await tokenOf(await secret, id))) throw noSuchPicture(contentId);
    const { mime } = await find(id);
    const picture = findPicture(mime, contentId);
    const part = picture === null ? null : await parts.store.part(id, { path: picture.path });
    if (part === null) throw noSuchPicture(contentId);
    return c.body(part.octets as Uint8Array<ArrayBuffer>, 200, {
      "content-type": part.contentType,
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "cross-origin",
    });
  });

  return app;
}

/** A page or a mail may link to a message, but not decide that it calls out. */
function refuseForeignLink(c: Context): void {
  const site = c.req.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return;
  const detail = `Failed to load remote content: the Sec-Fetch-Site is ${JSON.stringify(site)}; open the message in the inbox and load it there`;
  throw new ProblemError("forbidden-origin", detail);
}

function viewPolicy(inlinePath: string, remote: boolean): string {
  // A policy can name neither an IPv6 address nor a host with an underscore (CSP3 §2.3.1);
  // our whole origin is the next best, as reading changes nothing.
  const pictures = /^https?:\/\/[a-z0-9.-]+[:/]/.test(inlinePath) ? inlinePath : "'self'";
  const anywhere = remote ? " http: https:" : "";
  return [
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "default-src 'none'",
    `img-src data: ${pictures}${anywhere}`,
    `style-src 'unsafe-inline'${anywhere}`,
    `font-src data:${anywhere}`,
    `media-src data:${anywhere}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

function findPicture(part: MimePart, contentId: string): MimePart | null {
  if (part.contentId === contentId && pictureTypes.includes(part.contentType)) return part;
  // A message in the message has pictures of its own.
  if (part.contentType.startsWith("message/")) return null;
  for (const child of part.parts) {
    const found = findPicture(child, contentId);
    if (found !== null) return found;
  }
  return null;
}

/** 128 bits, the same for a message as long as the server runs. */
async function tokenOf(secret: CryptoKey, id: string): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", secret, new TextEncoder().encode(id));
  return Array.from(new Uint8Array(signature, 0, 16), (octet) => octet.toString(16).padStart(2, "0")).join(
    "",
  );
}

function noSuchPicture(contentId: string): ProblemError {
  const detail = `Failed to find the inline picture: ${JSON.stringify(contentId)}; open the message again for a valid address`;
  return new ProblemError("not-found", detail);
}
