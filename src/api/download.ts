/**
 * Octets that a stranger sent, on their way to a browser: as a download, under a name that is only a name,
 * with a type that no browser acts on, in a sandbox should it open them all the same.
 */

/** Types that are passed on as they are; everything else is octets. */
export const harmlessTypes: readonly string[] = [
  "application/pdf",
  "image/avif",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "message/rfc822",
  "text/plain",
];

export interface Download {
  readonly contentType: string;
  readonly filename: string | null;
  readonly octets: Uint8Array;
}

/** `fallback` is the name of a file whose own name has nothing left. */
export function download(file: Download, fallback: string): Response {
  const type = harmlessTypes.includes(file.contentType) ? file.contentType : "application/octet-stream";
  return new Response(file.octets as Uint8Array<ArrayBuffer>, {
    headers: {
      "content-type": type,
      "content-length": String(file.octets.length),
      "content-disposition": contentDisposition(file.filename ?? "", fallback),
      "content-security-policy": "sandbox; default-src 'none'",
    },
  });
}

/** RFC 6266, with the plain ASCII form beside the extended one (RFC 8187). */
export function contentDisposition(filename: string, fallback: string): string {
  const name = cleanName(filename) || fallback;
  const ascii = name.replace(/[^\x20-\x7e]|["%;\\]/g, "_");
  const extended = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}

/** The last path part, without control, format and bidi characters, without leading dots; at most 150 characters. */
function cleanName(filename: string): string {
  const base = filename.split(/[/\\]/).at(-1)!;
  const visible = base.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}";]/gu, "").replace(/\p{Cs}/gu, "\ufffd");
  return [...visible.trim().replace(/^\.+/, "")].slice(0, 150).join("").trim();
}
