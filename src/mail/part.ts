import { decodeFields, decodeValue, firstValue, type RawField } from "./header.ts";
import type { HeaderField, Letter, Part } from "./letter.ts";
import { parseStructured, type Structured } from "./parameter.ts";
import { decodeTransfer } from "./transfer.ts";

/** What a part's header says about its content (RFC 2045), with the defaults filled in. */
export interface PartHeader {
  readonly fields: readonly RawField[];
  readonly type: Structured;
  readonly encoding: string | null;
  readonly hasBadType: boolean;
}

export function readPartHeader(fields: readonly RawField[], defaultType: string): PartHeader {
  const written = firstValue(fields, "content-type");
  const type = parseStructured(written ?? defaultType);
  const isType = /^[^\s/]+\/[^\s/]+$/.test(type.value);
  const encoding = firstValue(fields, "content-transfer-encoding");
  return {
    fields,
    // RFC 2045 §5.2: what cannot be understood is plain text.
    type: isType ? type : { value: "text/plain", parameters: type.parameters },
    encoding: encoding === null ? null : parseStructured(encoding).value,
    hasBadType: !isType,
  };
}

export function makePart(path: string, header: PartHeader, body: Uint8Array, parts: readonly Part[]): Part {
  const { fields, type, encoding } = header;
  const written = firstValue(fields, "content-disposition");
  const disposition = written === null ? null : parseStructured(written);
  const filename = disposition?.parameters.get("filename") ?? type.parameters.get("name") ?? null;
  const contentId = firstValue(fields, "content-id");
  // RFC 2045 §6.4: what has parts has no transfer encoding of its own, whatever it says.
  const content = (): Uint8Array => (parts.length > 0 ? body : decodeTransfer(body, encoding));
  let size: number | null = null;
  let headers: readonly HeaderField[] | null = null;
  return {
    path,
    contentType: type.value,
    charset: type.parameters.get("charset")?.toLowerCase() ?? null,
    encoding,
    filename: filename === null ? null : decodeValue(filename) || null,
    contentId: contentId === null ? null : bareContentId(contentId) || null,
    // A picture with a content id stands in the HTML, even where its sender does not say so.
    disposition: disposition?.value || (contentId && type.value.startsWith("image/") ? "inline" : null),
    // Lazy: a list of mails asks for few fields and sizes, and counting costs as much as decoding.
    get headers(): readonly HeaderField[] {
      headers ??= decodeFields(fields);
      return headers;
    },
    get size(): number {
      size ??= content().length;
      return size;
    },
    parts,
    octets: () => content().slice(),
  };
}

/** All parts from `root` down, in order of the message. */
export function partsOf(root: Part): Part[] {
  return [root, ...root.parts.flatMap(partsOf)];
}

/** Like {@link partsOf}, but a message in the message is one part. */
export function ownPartsOf(root: Part): Part[] {
  return isMessage(root) ? [root] : [root, ...root.parts.flatMap(ownPartsOf)];
}

/** Another message, or a report about one: its parts are not those of the message that it stands in. */
export function isMessage({ contentType }: Part): boolean {
  return contentType.startsWith("message/");
}

export function partByPath(letter: Letter, path: string): Part | null {
  return partsOf(letter.root).find((part) => part.path === path) ?? null;
}

function bareContentId(value: string): string {
  const trimmed = value.trim();
  return trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1).trim() : trimmed;
}
