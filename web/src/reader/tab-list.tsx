import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Message } from "../../../src/api/contract.ts";
import { go, type Tab, tabs } from "../model/route.ts";

const titles: Readonly<Record<Tab, string>> = {
  html: "HTML",
  text: "Text",
  source: "Source",
  headers: "Headers",
  attachments: "Attachments",
  links: "Links & codes",
  delivery: "Delivery",
};

export function TabList({ message, shown }: { message: Message; shown: Tab }): VNode {
  // On a narrow screen the tab may be out of sight, when a key has chosen it.
  useLayoutEffect(() => {
    document.getElementById(`tab-${shown}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown, message.id]);

  function step(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(shown) + by + tabs.length) % tabs.length] ?? shown;
    go({ tab: next }, true);
    document.getElementById(`tab-${next}`)?.focus();
  }
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the message" data-scrolls onKeyDown={step}>
      {tabs.map((tab, index) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          tabIndex={tab === shown ? 0 : -1}
          aria-selected={tab === shown}
          aria-controls={`panel-${tab}`}
          class={isAbsent(message, tab) ? "is-absent" : ""}
          title={`${titles[tab]} (${index + 1})`}
          data-testid={`tab-${tab}`}
          onClick={() => go({ tab }, true)}
        >
          {titles[tab]}
          <Count message={message} tab={tab} />
        </button>
      ))}
    </div>
  );
}

function isAbsent(message: Message, tab: Tab): boolean {
  return (tab === "html" && message.html === null) || (tab === "text" && message.text === null);
}

function Count({ message, tab }: { message: Message; tab: Tab }): VNode | null {
  if (tab === "attachments" && message.attachments.length > 0) {
    return <span class="count">{message.attachments.length}</span>;
  }
  if (tab === "links" && message.links.length + message.codes.length > 0) {
    return <span class="count">{message.links.length + message.codes.length}</span>;
  }
  if (tab === "delivery" && message.transaction.faults.length > 0) {
    return <span class="count is-fault">fault</span>;
  }
  return null;
}
