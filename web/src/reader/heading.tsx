import type { RefObject, VNode } from "preact";
import { useState } from "preact/hooks";
import type { Address, Message, MessageSummary } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { back, deleteMessage, opened, setRead } from "../model/model.ts";
import { BackIcon, DownloadIcon, TrashIcon, UnreadIcon, WarningIcon } from "../shell/icons.tsx";
import { Copy } from "../text/copy.tsx";
import { doorOf } from "../text/door.ts";
import { Plain } from "../text/plain.tsx";
import { size } from "../text/size.ts";
import { fullTime, relative, useNow } from "../text/time.ts";
import { Meaning } from "./meaning.tsx";

/** Of more people than these, the rest is shown on demand. */
const few = 5;

/** Subject, people, envelope; and what can be done with the message. */
export function Heading({
  message,
  title,
}: {
  message: Message;
  title: RefObject<HTMLHeadingElement | null>;
}): VNode {
  const now = useNow();
  const [code] = message.codes;
  const door = doorOf(message);
  const { tags } = useNewest(message);
  return (
    <header class="heading">
      <div class="heading-top">
        <button type="button" class="quiet narrow-only" aria-label="Back to the list" onClick={back}>
          <BackIcon />
        </button>
        <h1 id="message-title" ref={title} tabIndex={-1} dir="auto" data-testid="subject">
          {message.subject === "" ? <em>no subject</em> : <Plain text={message.subject} />}
        </h1>
        <Tools message={message} />
      </div>
      <div class="heading-body">
        <dl class="people" key={message.id}>
          <dt>From</dt>
          <dd>{message.from === null ? <em>no From field</em> : <Person person={message.from} />}</dd>
          <People title="To" people={message.to} />
          <People title="Cc" people={message.cc} />
          <People title="Reply-To" people={message.replyTo} />
          <dt title="What the client said in MAIL FROM and RCPT TO; it decides who gets the mail">
            Envelope
          </dt>
          <dd data-testid="envelope">
            <Envelope message={message} />
          </dd>
          <Onward message={message} />
          <Meaning message={message} />
          <Chips title="Inbox" names={message.inboxes} field="inbox" testId="inboxes" />
          <Chips title="Tags" names={tags} field="tag" testId="tags" />
        </dl>
        <p class="facts">
          <time dateTime={message.receivedAt} title={relative(message.receivedAt, now)}>
            {fullTime(message.receivedAt)}
          </time>
          <span>
            {size(message.size)} · #{message.seq} ·{" "}
            <span title={door.title} data-testid="came-by">
              {door.name}
            </span>
          </span>
        </p>
      </div>
      {(code !== undefined || message.warnings.length > 0) && (
        <div class="notes">
          {code !== undefined && (
            <span class="code-chip">
              code <strong data-testid="code">{code}</strong>
              <Copy text={code} label="Copy the code" />
            </span>
          )}
          {message.warnings.map((warning) => (
            <span
              key={warning}
              class="chip is-warning"
              title="A deviation of the client from the protocol; the transcript tells which"
            >
              <WarningIcon /> {warning}
            </span>
          ))}
        </div>
      )}
    </header>
  );
}

/** What the envelope asks for beyond delivery: a way to go on, and a time to wait for. */
function Onward({ message: { nextHop, heldUntil } }: { message: Message }): VNode {
  return (
    <>
      {nextHop !== null && (
        <>
          <dt title="The paths that a relay of RFC 821 would send it on with: an address has a source route">
            Next hop
          </dt>
          <dd data-testid="next-hop">
            <span class="envelope">
              <span class="reverse-path">
                <code class="mailbox" title={nextHop.reversePath}>
                  <Plain text={nextHop.reversePath} />
                </code>
                <span class="arrow">→</span>
              </span>
              <Some>
                {nextHop.forwardPaths.map((path, index) => (
                  <code key={index} class="mailbox" title={path}>
                    <Plain text={path} />
                  </code>
                ))}
              </Some>
            </span>
          </dd>
        </>
      )}
      {heldUntil !== null && (
        <>
          <dt title="What HOLDFOR or HOLDUNTIL asked for; it is not waited for">Held until</dt>
          <dd data-testid="held-until">
            <time dateTime={heldUntil}>{fullTime(heldUntil)}</time>
          </dd>
        </>
      )}
    </>
  );
}

/** With what has been changed since it was loaded: tags and the read mark. */
function useNewest(message: Message): MessageSummary {
  const now = useCell(opened);
  return now?.id === message.id ? now : message;
}

/** Each searches for what has it too. */
function Chips({
  title,
  names,
  field,
  testId,
}: {
  title: string;
  names: readonly string[];
  field: string;
  testId: string;
}): VNode | null {
  if (names.length === 0) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd class="chips" data-testid={testId}>
        <Some>
          {names.map((name) => (
            <a key={name} class="tag" href={searchFor(field, name)}>
              <Plain text={name} />
            </a>
          ))}
        </Some>
      </dd>
    </>
  );
}

function Tools({ message }: { message: Message }): VNode {
  const { read } = useNewest(message);
  return (
    <div class="tools">
      <button
        type="button"
        class="quiet"
        aria-pressed={!read}
        title={`Mark ${read ? "unread" : "read"} (u)`}
        aria-label={`Mark ${read ? "unread" : "read"}`}
        data-testid="toggle-read"
        onClick={() => void setRead(message.id, !read)}
      >
        <UnreadIcon />
      </button>
      <a
        class="quiet"
        href={api.address(`api/messages/${message.id}/raw`)}
        download={`${message.id}.eml`}
        title="Download as .eml"
        aria-label="Download as .eml"
      >
        <DownloadIcon />
      </a>
      <button
        type="button"
        class="quiet"
        title="Delete (#)"
        aria-label="Delete"
        data-testid="delete"
        onClick={() => void deleteMessage(message.id)}
      >
        <TrashIcon />
      </button>
    </div>
  );
}

function People({ title, people }: { title: string; people: readonly Address[] }): VNode | null {
  if (people.length === 0) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <Some>
          {people.map((person, index) => (
            <Person key={index} person={person} />
          ))}
        </Some>
      </dd>
    </>
  );
}

/** The first few of them, and a button for the rest. */
function Some({ children }: { children: VNode[] }): VNode {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, children.length - few);
  return (
    <>
      {children.slice(0, children.length - hidden)}
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          and {hidden} more
        </button>
      )}
    </>
  );
}

function Person({ person: { name, address } }: { person: Address }): VNode {
  return (
    <span class="person" dir="auto">
      {name !== "" && (
        <span class="person-name">
          <Plain text={name} />
        </span>
      )}
      <span class={`mailbox ${name === "" ? "person-name" : "person-address"}`} title={address}>
        <Plain text={address} />
      </span>
    </span>
  );
}

/** A recipient whom no header field names was put in by Bcc. */
function Envelope({ message: { envelope, to, cc } }: { message: Message }): VNode {
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
  const isNamed = (address: string): boolean => named.has(address.toLowerCase());
  // Who looks for a blind copy should not have to look behind all the others.
  const recipients = envelope.to.toSorted((one, other) => Number(isNamed(one)) - Number(isNamed(other)));
  return (
    <span class="envelope">
      <span class="reverse-path">
        <code class="mailbox" title={envelope.from}>
          {envelope.from === "" ? "<>" : <Plain text={envelope.from} />}
        </code>
        <span class="arrow">→</span>
      </span>
      <Some>
        {recipients.map((address, index) => (
          <span key={index} class="recipient">
            <code class="mailbox" title={address}>
              <Plain text={address} />
            </code>
            {!isNamed(address) && (
              <span class="tag" title="In no To or Cc field: a blind copy">
                bcc
              </span>
            )}
          </span>
        ))}
      </Some>
    </span>
  );
}

function searchFor(field: string, value: string): string {
  const q = `${field}:"${value.replace(/[\\"]/g, "\\$&")}"`;
  return `#/inbox?${new URLSearchParams({ q })}`;
}
