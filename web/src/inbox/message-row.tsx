import type { VNode } from "preact";
import type { MessageSummary } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { faulted } from "../model/model.ts";
import { BoltIcon, ClipIcon, WarningIcon } from "../shell/icons.tsx";
import { doorOf } from "../text/door.ts";
import { Plain } from "../text/plain.tsx";
import { fullTime, relative, useNow } from "../text/time.ts";

/** Two lines: who to whom and when; what about. Recipients are those of the envelope. */
export function MessageRow({ message }: { message: MessageSummary }): VNode {
  const { from, envelope, subject, snippet, read, warnings, attachmentCount, tags, receivedAt } = message;
  const now = useNow();
  const hit = useCell(faulted).has(message.transactionId);
  const sender = from === null ? envelope.from || "<>" : from.name || from.address;
  const [first = "", ...others] = envelope.to;
  return (
    <>
      <span class="unread-dot">{!read && <span class="unseen">Unread. </span>}</span>
      <span class="row-line">
        <span class="sender" dir="auto" title={from?.address ?? envelope.from}>
          <Plain text={sender} />
        </span>
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <span class="recipients" dir="auto" title={envelope.to.join("\n")}>
          <span class="unseen">to </span>
          <Plain text={first} />
        </span>
        {others.length > 0 && <span class="more">+{others.length}</span>}
        <span class="gap-filler" />
        <span class="row-marks">
          {attachmentCount > 0 && (
            <span class="row-mark" title={`${attachmentCount} attached`}>
              <ClipIcon />
              <span class="unseen">{attachmentCount} attached</span>
            </span>
          )}
          {warnings.length > 0 && (
            <span class="row-mark is-warning" title={warnings.join(", ")}>
              <WarningIcon />
              <span class="unseen">warnings: {warnings.join(", ")}</span>
            </span>
          )}
          {hit && (
            <span class="row-mark is-fault" title="A fault acted in its delivery">
              <BoltIcon />
              <span class="unseen">a fault acted</span>
            </span>
          )}
        </span>
        <time dateTime={receivedAt} title={fullTime(receivedAt)}>
          {relative(receivedAt, now)}
        </time>
      </span>
      <span class="row-line">
        <span class="subject" dir="auto">
          {subject === "" ? <em>no subject</em> : <Plain text={subject} />}
        </span>
        <span class="row-tags">
          <Door message={message} />
          <Tags tags={tags} />
        </span>
        <span class="snippet" dir="auto">
          <Plain text={snippet} />
        </span>
      </span>
    </>
  );
}

/** Where it came in, if not by SMTP for everybody: LMTP, a provider, the API, an inbox of its own. */
function Door({ message }: { message: MessageSummary }): VNode {
  const { channel, inboxes } = message;
  const [first] = inboxes;
  const { name, title } = doorOf(message);
  return (
    <>
      {channel !== "smtp" && (
        <span class="tag is-door" title={title} data-testid="door">
          {name}
        </span>
      )}
      {first !== undefined && (
        <span class="tag is-door" title={`In the inbox ${listed(inboxes)}`} data-testid="in-inbox">
          <Plain text={first} />
        </span>
      )}
      {inboxes.length > 1 && <span class="more">+{inboxes.length - 1}</span>}
    </>
  );
}

/** Of more tags than these a row tells how many there are. */
const few = 2;

function Tags({ tags }: { tags: readonly string[] }): VNode {
  return (
    <>
      {tags.slice(0, few).map((tag) => (
        <span key={tag} class="tag" title={tag}>
          <Plain text={tag} />
        </span>
      ))}
      {tags.length > few && (
        <span class="more" title={listed(tags.slice(few))}>
          +{tags.length - few}
          <span class="unseen"> more tags</span>
        </span>
      )}
    </>
  );
}

/** Mail that many want may be in thousands of inboxes. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, 20).join(", ")}${names.length > 20 ? " …" : ""}`;
}
