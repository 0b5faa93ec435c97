import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Message, MimePart } from "../../../src/api/contract.ts";
import { address, octets } from "../model/api.ts";
import { DownloadIcon } from "../shell/icons.tsx";
import { Scroll } from "../shell/scroll.tsx";
import { Plain } from "../text/plain.tsx";
import { size } from "../text/size.ts";
import { useLoaded } from "./loaded.ts";

/** So much of a part is shown; the rest is in the download. */
const most = 256 * 1024;
/** So many parts are listed; a message may have thousands. */
const mostParts = 500;

interface Placed {
  readonly part: MimePart;
  readonly depth: number;
}

/** The tree of the parts, each with its text, decoded, or as a download. */
export function MimeParts({ message: { id, mime } }: { message: Message }): VNode {
  const placed = flattened(mime);
  return (
    <Scroll class="mime-parts" label="MIME parts" testId="mime-parts">
      <ul>
        {placed.slice(0, mostParts).map(({ part, depth }) => (
          <Part key={`${id} ${part.path}`} id={id} part={part} depth={depth} />
        ))}
      </ul>
      {placed.length > mostParts && <p class="none">And {placed.length - mostParts} more.</p>}
    </Scroll>
  );
}

function flattened(part: MimePart, depth = 0): readonly Placed[] {
  return [{ part, depth }, ...part.parts.flatMap((each) => flattened(each, depth + 1))];
}

function Part({ id, part, depth }: { id: string } & Placed): VNode {
  const { path, contentType, charset, encoding, filename, disposition, contentId } = part;
  const [shown, setShown] = useState(false);
  const source = `api/messages/${encodeURIComponent(id)}/mime/${path}`;
  const facts = [charset, encoding, disposition, contentId && `cid:${contentId}`, size(part.size)];
  const label = `${path === "" ? "" : `${path} `}${contentType}`;
  return (
    <li class="mime-part" style={{ paddingLeft: `${Math.min(depth, 12) * 18}px` }} data-path={path}>
      <span class="mime-line">
        <span class="mime-facts">
          <code class="mime-path">{path}</code>
          {isText(part) ? (
            <button type="button" class="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
              <code>{contentType}</code>
            </button>
          ) : (
            <code>{contentType}</code>
          )}
          {filename !== null && (
            <span class="mime-name" dir="auto">
              <Plain text={filename} />
            </span>
          )}
          <span class="dim">
            <Plain text={facts.filter((fact) => fact !== null).join(" · ")} />
          </span>
        </span>
        <a class="quiet" href={address(source)} download title="Download" aria-label={`Download ${label}`}>
          <DownloadIcon />
        </a>
      </span>
      {shown && <PartText source={source} part={part} />}
    </li>
  );
}

function isText({ contentType }: MimePart): boolean {
  return /^(?:text|message)\/|[/+](?:json|xml)$/.test(contentType);
}

function PartText({ source, part }: { source: string; part: MimePart }): VNode {
  const { value, error } = useLoaded(source, (signal) => octets(source, most, signal));
  if (error !== null && value === null) return <p class="none">{error.message}</p>;
  if (value === null) return <pre aria-busy="true" />;
  return (
    <pre data-testid="part-text">
      <Plain text={decoder(part.charset).decode(value)} />
      {part.size > most && <span class="dim">{`\nThe first ${size(most)} of ${size(part.size)}.`}</span>}
    </pre>
  );
}

/** What names no charset, or one that nobody knows, is most likely UTF-8. */
function decoder(charset: string | null): TextDecoder {
  try {
    return new TextDecoder(charset ?? "utf-8");
  } catch {
    return new TextDecoder();
  }
}
