import type { VNode } from "preact";
import { useCell } from "../model/cell.ts";
import { type Connection, connection, overlay, rules, unread } from "../model/model.ts";
import { go, route, type View } from "../model/route.ts";
import { type Theme, theme } from "../model/theme.ts";
import { AutoIcon, BoltIcon, Mark, MoonIcon, SunIcon } from "./icons.tsx";
import { Search } from "./search.tsx";

const connections: Readonly<Record<Connection, string>> = {
  connecting: "Connecting …",
  live: "Live: new mail appears by itself",
  lost: "Connection lost; trying again",
};

const themes: readonly { name: Theme; icon: VNode }[] = [
  { name: "auto", icon: <AutoIcon /> },
  { name: "light", icon: <SunIcon /> },
  { name: "dark", icon: <MoonIcon /> },
];

export function Header(): VNode {
  const state = useCell(connection);
  const active = useCell(rules).filter((rule) => rule.enabled).length;
  const drawer = useCell(overlay);
  return (
    <header class="header">
      <a class="brand" href="#/inbox" aria-label="Mailproof, inbox">
        <Mark />
        <span class="brand-name">Mailproof</span>
        <span class={`dot is-${state}`} role="status" title={connections[state]} data-testid="connection">
          <span class="unseen">{connections[state]}</span>
        </span>
      </a>
      <Views />
      <Search />
      <div class="header-tools">
        <button
          type="button"
          class={`faults-button ${active > 0 ? "is-on" : ""}`}
          aria-expanded={drawer === "faults"}
          title="Faults (f)"
          data-testid="faults-button"
          onClick={() => overlay.set(drawer === "faults" ? null : "faults")}
        >
          <BoltIcon />
          <span class="wide-only">Faults</span>
          {active > 0 && (
            <span class="badge" data-testid="faults-on">
              {active} on
            </span>
          )}
        </button>
        <ThemeSwitch />
        <button
          type="button"
          class="quiet"
          aria-label="Keys and help"
          title="Keys and help (?)"
          data-testid="help-button"
          onClick={() => overlay.set("help")}
        >
          <kbd>?</kbd>
        </button>
      </div>
    </header>
  );
}

function Views(): VNode {
  const { view } = useCell(route);
  const waiting = useCell(unread);
  const views: readonly { name: View; title: string; key: string }[] = [
    { name: "inbox", title: "Inbox", key: "i" },
    { name: "transactions", title: "Transactions", key: "t" },
    { name: "sessions", title: "Sessions", key: "s" },
  ];
  return (
    <nav class="views" aria-label="Views">
      {views.map(({ name, title, key }) => (
        <button
          key={name}
          type="button"
          aria-current={view === name ? "page" : undefined}
          title={`${title} (${key})`}
          data-testid={`view-${name}`}
          onClick={() => go({ view: name, id: null })}
        >
          {title}
          {name === "inbox" && waiting > 0 && (
            <span class="count" data-testid="unread" title={`${waiting} unread`}>
              {waiting.toLocaleString("en")}
              <span class="unseen"> unread</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

function ThemeSwitch(): VNode {
  const chosen = useCell(theme);
  const at = themes.findIndex(({ name }) => name === chosen);
  const next = themes[(at + 1) % themes.length]?.name ?? "auto";
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Theme: ${chosen}`}
      title={`Theme: ${chosen}; click for ${next}`}
      data-testid="theme"
      onClick={() => theme.set(next)}
    >
      {themes[at]?.icon}
    </button>
  );
}
