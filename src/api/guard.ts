/**
 * Who may ask, before any route: a name that cannot be rebound (`Host`), a page of our own (`Origin`,
 * `Sec-Fetch-Site`), a content type that no plain form can send, and the token if there is one.
 * A mail in its sandbox is a stranger: of all routes it reaches only its own inline parts, and those are
 * protected by a secret in their address.
 */
import type { Context, MiddlewareHandler } from "hono";
import type { GuardOptions } from "./parts.ts";
import { ProblemError } from "./problem.ts";

const probes: readonly string[] = ["/livez", "/readyz"];
const inlinePart = /^\/view\/[^/]+\/inline\//;
const provider = /^\/providers\/[^/]+\//;
const page = /^\/(?:view\/[^/]+\/html|api\/docs)?$/;
const bodyTypes: readonly string[] = ["application/json", "message/rfc822"];
const methodsWithBody: readonly string[] = ["POST", "PUT", "PATCH"];

export function guard(options: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    if (!probes.includes(c.req.path)) {
      const inline = inlinePart.test(c.req.path) && isReading(c);
      checkHost(c, options.hosts);
      checkOrigin(c, inline);
      checkFetchSite(c, inline);
      // A provider has types and keys of its own; it answers nobody without a key.
      if (!provider.test(c.req.path)) {
        checkType(c);
        if (!inline) checkToken(c, options.token);
      }
    }
    await next();
  };
}

/** The origin that a browser sees us under. A proxy that ends TLS says so in `X-Forwarded-Proto`. */
export function ownOrigin(c: Context): string {
  // A page of another site cannot send this header: it would have to ask first, and we never answer that.
  const scheme = c.req.header("x-forwarded-proto") === "https" ? "https:" : new URL(c.req.url).protocol;
  return `${scheme}//${hostOf(c)}`;
}

function hostOf(c: Context): string {
  return (c.req.header("host") ?? new URL(c.req.url).host).toLowerCase();
}

function checkHost(c: Context, allowed: readonly string[]): void {
  const host = hostOf(c);
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{0,5})?$/.exec(host)?.[1]?.replace(/\.$/, "");
  if (name !== undefined && (cannotBeRebound(name) || allowed.some((entry) => isSameName(entry, name))))
    return;
  throw new ProblemError(
    "forbidden-host",
    `Failed to accept the Host: ${JSON.stringify(host)}; start with --allowed-host ${name ?? "NAME"} if this name is yours`,
  );
}

/** Addresses and names that no public DNS server answers for. */
function cannotBeRebound(name: string): boolean {
  if (name.startsWith("[") || !name.includes(".")) return true;
  if (name.endsWith(".localhost") || name.endsWith(".internal")) return true;
  const octets = name.split(".");
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}

function isSameName(entry: string, name: string): boolean {
  return entry.toLowerCase().replace(/^\[|\]$|\.$/g, "") === name.replace(/^\[|\]$/g, "");
}

function checkOrigin(c: Context, inline: boolean): void {
  const origin = c.req.header("origin");
  if (origin === undefined || origin === ownOrigin(c) || (inline && origin === "null")) return;
  throw foreign("Origin", origin, c);
}

function checkFetchSite(c: Context, inline: boolean): void {
  const site = c.req.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none" || inline) return;
  const navigates =
    c.req.header("sec-fetch-mode") === "navigate" && c.req.header("sec-fetch-dest") === "document";
  if (navigates && isReading(c) && page.test(c.req.path)) return;
  throw foreign("Sec-Fetch-Site", site, c);
}

function foreign(field: string, value: string, c: Context): ProblemError {
  return new ProblemError(
    "forbidden-origin",
    `Failed to accept the ${field}: ${JSON.stringify(value)}; only pages of ${ownOrigin(c)} and programs may ask here`,
  );
}

function checkType(c: Context): void {
  if (!methodsWithBody.includes(c.req.method)) return;
  const type = c.req.header("content-type");
  const length = c.req.header("content-length");
  const empty = length === "0" || (length ?? c.req.header("transfer-encoding") ?? type) === undefined;
  if (empty || bodyTypes.includes(mediaType(type))) return;
  throw new ProblemError(
    "unsupported-type",
    `Failed to accept the Content-Type: ${JSON.stringify(type ?? "")}; send application/json`,
  );
}

/** Lower case, without parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";")[0]!.trim().toLowerCase();
}

function checkToken(c: Context, token: string | null): void {
  if (token === null || isSame(credentialsOf(c), token)) return;
  throw new ProblemError(
    "unauthorized",
    "Failed to authorize: no valid token; send the --http-token as bearer token or as basic password",
  );
}

function credentialsOf(c: Context): string {
  const [, scheme = "", value = ""] = /^(\S+) +(\S+) *$/.exec(c.req.header("authorization") ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  try {
    const octets = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    const pair = new TextDecoder().decode(octets);
    return pair.slice(pair.indexOf(":") + 1);
  } catch {
    return "";
  }
}

/** Takes the same time wherever the difference is. */
export function isSame(given: string, token: string): boolean {
  const a = new TextEncoder().encode(given);
  const b = new TextEncoder().encode(token);
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i % b.length] ?? 0);
  return difference === 0;
}

function isReading(c: Context): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}
