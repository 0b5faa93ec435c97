import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { opened, setRead } from "../model/model.ts";
import { route, type Tab } from "../model/route.ts";
import { Attachments } from "./attachments.tsx";
import { Delivery } from "./delivery.tsx";
import { Headers } from "./headers.tsx";
import { Heading } from "./heading.tsx";
import { Html } from "./html.tsx";
import { Links } from "./links.tsx";
import { useLoaded } from "./loaded.ts";
import { Source } from "./source.tsx";
import { TabList } from "./tab-list.tsx";
import { TextBody } from "./text-body.tsx";

/** The tab that the reader chose last; the next message opens on it, if it can. */
let preferred: Tab | null = null;

export function Reader({ id }: { id: string }): VNode {
  const { tab } = useCell(route);
  const { value: message, error } = useLoaded(id, (signal) => api.message(id, signal), null, true);
  const title = useRef<HTMLHeadingElement>(null);
  const [remoteOf, setRemoteOf] = useState<string | null>(null);
  if (tab !== null) preferred = tab;

  // Remote content is allowed for this one look at it.
  useEffect(() => setRemoteOf(null), [id]);

  useEffect(() => {
    if (message !== null) opened.set(message);
  }, [message]);

  useEffect(() => {
    if (message === null) return;
    title.current?.focus({ preventScroll: true });
    if (!message.read) void setRead(message.id, true);
  }, [message?.id]);

  if (error !== null && message === null) return <p class="none">{whyNot(error)}</p>;
  if (message === null) return <div class="reader is-loading" aria-busy="true" />;
  const shown = fitting(message, tab);
  return (
    <article class="reader" data-testid="reader" data-id={message.id} aria-labelledby="message-title">
      <Heading message={message} title={title} />
      <TabList message={message} shown={shown} />
      <div
        class="panel"
        role="tabpanel"
        id={`panel-${shown}`}
        aria-labelledby={`tab-${shown}`}
        data-tab={shown}
      >
        <Panel
          message={message}
          tab={shown}
          remote={remoteOf === message.id}
          onRemote={(remote) => setRemoteOf(remote ? message.id : null)}
        />
      </div>
    </article>
  );
}

/** An old bookmark needs no advice for programs. */
function whyNot(error: Error): string {
  if (!(error instanceof api.ApiError) || error.status !== 404) return error.message;
  return "This message is not here: it was deleted, had to make room, or came to a server that was started before.";
}

interface PanelProps {
  readonly message: Message;
  readonly tab: Tab;
  readonly remote: boolean;
  readonly onRemote: (remote: boolean) => void;
}

function Panel({ message, tab, remote, onRemote }: PanelProps): VNode {
  switch (tab) {
    case "html":
      return <Html message={message} remote={remote} onRemote={onRemote} />;
    case "text":
      return <TextBody text={message.text} />;
    case "source":
      return <Source message={message} />;
    case "headers":
      return <Headers headers={message.headers} />;
    case "attachments":
      return <Attachments message={message} />;
    case "links":
      return <Links key={message.id} message={message} />;
    case "delivery":
      return <Delivery message={message} />;
  }
}

/** The tab that was asked for here; else the one liked last; else the first with something to show. */
function fitting(message: Message, asked: Tab | null): Tab {
  if (asked !== null) return asked;
  const wishes: readonly (Tab | null)[] = [preferred, "html", "text"];
  return wishes.find((wish) => wish !== null && !isEmpty(message, wish)) ?? "source";
}

function isEmpty(message: Message, tab: Tab): boolean {
  if (tab === "html") return message.html === null;
  if (tab === "text") return message.text === null;
  if (tab === "attachments") return message.attachments.length === 0;
  return tab === "links" && message.links.length === 0 && message.codes.length === 0;
}
