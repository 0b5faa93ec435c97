import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Attachment, Message } from "../../../src/api/contract.ts";
import { address } from "../model/api.ts";
import { DownloadIcon } from "../shell/icons.tsx";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";
import { Plain } from "../text/plain.tsx";
import { size } from "../text/size.ts";
import { isDeliveryStatus } from "../transactions/report.tsx";
import { Picture } from "./picture.tsx";

/** Pictures that cannot carry script. */
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

export function Attachments({ message: { id, attachments } }: { message: Message }): VNode {
  if (attachments.length === 0) return <p class="none">Nothing is attached.</p>;
  return (
    <Scroll class="attachments" label="Attachments" testId="attachments">
      <ul>
        {attachments.map((attachment) => (
          <Item key={attachment.index} id={id} attachment={attachment} />
        ))}
      </ul>
    </Scroll>
  );
}

function Item({ id, attachment }: { id: string; attachment: Attachment }): VNode {
  const { index, filename, contentType, contentId, disposition, sha256 } = attachment;
  const [broken, setBroken] = useState(false);
  const href = address(`api/messages/${encodeURIComponent(id)}/attachments/${index}`);
  return (
    <li class="attachment">
      <span class="attachment-face">
        {pictures.has(contentType) && !broken ? (
          <Picture src={href} name={filename ?? "the picture"} onError={() => setBroken(true)} />
        ) : (
          <span class="attachment-kind">{kind(attachment)}</span>
        )}
      </span>
      <span class="attachment-text">
        <a href={href} download={filename ?? `attachment-${index}`} dir="auto" class="attachment-name">
          <Plain text={filename ?? (isDeliveryStatus(attachment) ? "delivery status" : "unnamed")} />
        </a>
        <span class="dim">
          <code>{contentType}</code> · {size(attachment.size)}
          {disposition === "inline" && " · inline"}
          {contentId !== null && (
            <>
              {" · "}
              <code>
                cid:
                <Plain text={contentId} />
              </code>
            </>
          )}
        </span>
        <span class="digest">
          <span class="dim">sha256</span> <code>{sha256}</code>
          <Copy text={sha256} label="Copy the SHA-256" />
        </span>
      </span>
      <a
        class="quiet"
        href={href}
        download={filename ?? `attachment-${index}`}
        title="Download"
        aria-label="Download"
      >
        <DownloadIcon />
      </a>
    </li>
  );
}

/** Of types that do not tell much in four letters. */
const kinds: Readonly<Record<string, string>> = {
  "message/rfc822": "MAIL",
  "message/global": "MAIL",
  "message/delivery-status": "DSN",
  "text/rfc822-headers": "HEAD",
};

function kind({ filename, contentType }: Attachment): string {
  const ending = /\.([a-z0-9]{1,4})$/i.exec(filename ?? "")?.[1];
  const face = ending ?? kinds[contentType] ?? contentType.split("/")[1]?.slice(0, 4) ?? "file";
  return face.toUpperCase();
}
