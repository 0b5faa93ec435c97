/**
 * The web inbox: three assets, built from `web/` and embedded in `page.gen.ts`, served from a fixed map.
 * They stay gzipped in memory; a client without gzip gets them through a DecompressionStream.
 * The page uses relative addresses only, so it works below any base path that ends with a slash.
 */

/** Everything from ourselves, nothing inline, nothing remote; mail is framed from `/view/{id}/html`. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface Asset {
  readonly type: string;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

let assets: Promise<ReadonlyMap<string, Asset>> | null = null;

/**
 * Answers for the page and its assets, or null where there is no such asset.
 * `path` is relative to the base path, without a leading slash: `""` is the page itself.
 */
export async function servePage(request: Request, path: string): Promise<Response | null> {
  assets ??= loadAssets();
  const asset = (await assets).get(path);
  if (asset === undefined) return null;

  const headers = new Headers({
    "content-type": asset.type,
    "content-security-policy": contentSecurityPolicy,
    "cache-control": "no-cache",
    etag: asset.etag,
    vary: "accept-encoding",
  });
  if (isFresh(request, asset.etag)) return new Response(null, { status: 304, headers });
  if (!acceptsGzip(request)) {
    const plain = new Blob([asset.gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain, { headers });
  }
  headers.set("content-encoding", "gzip");
  headers.set("content-length", String(asset.gzip.length));
  return new Response(asset.gzip, { headers });
}

async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const { pageAssets } = await import("./page.gen.ts");
  const entries = pageAssets.map(async ({ path, type, gzipBase64 }): Promise<[string, Asset]> => {
    const gzip = Uint8Array.from(atob(gzipBase64), (character) => character.charCodeAt(0));
    return [path, { type, gzip, etag: await etagOf(gzip) }];
  });
  return new Map(await Promise.all(entries));
}

/** Weak, for the gzipped and the plain form share it (RFC 9110 §8.8.1). */
async function etagOf(octets: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
  const hex = Array.from(digest.subarray(0, 12), (octet) => octet.toString(16).padStart(2, "0"));
  return `W/"${hex.join("")}"`;
}

function isFresh(request: Request, etag: string): boolean {
  const known = request.headers.get("if-none-match");
  return known?.split(",").some((tag) => tag.trim() === etag) ?? false;
}

function acceptsGzip(request: Request): boolean {
  const codings = request.headers.get("accept-encoding")?.toLowerCase().split(",") ?? [];
  return codings.some((coding) =>
    /^\s*(?:gzip|\*)\s*(?:;\s*q=(?:0\.0*[1-9]\d*|0*1(?:\.0*)?))?\s*$/.test(coding),
  );
}
