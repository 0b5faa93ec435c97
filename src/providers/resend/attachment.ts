import type { Composition } from "../../server/mod.ts";
import { badAttachment, invalid, type ResendError } from "./errors.ts";

type Attachment = Composition["attachments"][number];

const base64Form = /^[A-Za-z0-9+/_-]*={0,2}$/;
const longestContentId = 128;
const typeForm = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[^\r\n]*)?$/;

/** Reads one of `attachments`. What is behind a `path` is not fetched: its URL is attached in its place. */
export function readAttachment(value: unknown): Attachment | ResendError {
  if (typeof value !== "object" || value === null) return badAttachment("Attachment must be an object.");
  const { content, path, filename, content_type, content_id } = value as Record<string, unknown>;
  if (!isTextOrAbsent(filename) || !isTextOrAbsent(content_type) || !isTextOrAbsent(content_id)) {
    return badAttachment("Attachment `filename`, `content_type` and `content_id` must be strings.");
  }
  if (typeof content_type === "string" && !typeForm.test(content_type)) {
    return badAttachment("Attachment `content_type` is not a valid MIME type.");
  }
  if (
    typeof content_id === "string" &&
    (content_id.length >= longestContentId || /[\s<>]/.test(content_id))
  ) {
    return invalid(
      `The \`content_id\` must be less than ${longestContentId} characters, without white space.`,
    );
  }
  const named = {
    filename: filename ?? null,
    contentType: content_type ?? null,
    contentId: content_id ?? null,
  };
  if (content !== undefined && content !== null) {
    const octets = octetsOf(content);
    return octets === null
      ? badAttachment("Attachment `content` must be base64.")
      : { ...named, content: octets };
  }
  if (typeof path !== "string" || path === "") {
    return badAttachment("Attachment must have either a `content` or `path`.");
  }
  const last = path.split(/[?#]/)[0]!.split("/").at(-1) ?? "";
  return {
    filename: named.filename ?? (last === "" ? null : last),
    contentType: "text/uri-list",
    contentId: null,
    content: new TextEncoder().encode(`${path}\r\n`),
  };
}

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
}

/** Base64, or what `JSON.stringify` makes of a Node buffer. */
function octetsOf(content: unknown): Uint8Array | null {
  if (typeof content === "string") return decodeBase64(content);
  const data = typeof content === "object" && content !== null && "data" in content ? content.data : null;
  const isOctet = (value: unknown): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
  return Array.isArray(data) && data.every(isOctet) ? Uint8Array.from(data) : null;
}

function decodeBase64(text: string): Uint8Array | null {
  const compact = text.replace(/\s+/g, "");
  if (!base64Form.test(compact)) return null;
  try {
    const decoded = atob(compact.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
