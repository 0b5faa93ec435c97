/** The keys of the page. Keys with Ctrl, Alt or Meta belong to the browser, keys in a field to the field. */
import {
  back,
  deleteMessage,
  known,
  neighbour,
  open,
  overlay,
  selected,
  setRead,
  shownFeed,
} from "../model/model.ts";
import { go, route, tabs } from "../model/route.ts";

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

/** What the help shows. */
export const keyHelp: readonly { readonly title: string; readonly keys: readonly KeyHelp[] }[] = [
  {
    title: "Move",
    keys: [
      { keys: ["j", "↓"], does: "next" },
      { keys: ["k", "↑"], does: "previous" },
      { keys: ["Enter", "o"], does: "open" },
      { keys: ["Esc"], does: "clear the search, back to the list" },
      { keys: ["g", "G"], does: "newest, oldest loaded" },
    ],
  },
  {
    title: "Message",
    keys: [
      { keys: ["1", "…", "7"], does: "HTML, text, source, headers, attachments, links, delivery" },
      { keys: ["u"], does: "read or unread" },
      { keys: ["#", "Del"], does: "delete" },
    ],
  },
  {
    title: "Page",
    keys: [
      { keys: ["/"], does: "search" },
      { keys: ["i"], does: "inbox" },
      { keys: ["t"], does: "transactions" },
      { keys: ["s"], does: "sessions" },
      { keys: ["f"], does: "faults" },
      { keys: ["?"], does: "this help" },
    ],
  },
];

/** Starts to listen; returns how to stop. */
export function listenToKeys(): () => void {
  document.addEventListener("keydown", take);
  return () => document.removeEventListener("keydown", take);
}

function take(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  const writing = target.matches("input, textarea, select");
  if (event.key === "Escape") {
    leave(target, writing);
    return;
  }
  if (writing) return;
  if (target.matches("button, a, [role=tab]") && (event.key === "Enter" || event.key === " ")) return;
  if (event.key.startsWith("Arrow") && target.closest("[data-scrolls], [role=tablist]") !== null) return;
  if (act(event.key)) event.preventDefault();
}

/** Keys that mean a row of the list. */
const rowKeys = new Set(["j", "ArrowDown", "k", "ArrowUp", "g", "G", "Enter", "o", "u", "#", "Delete"]);

function act(key: string): boolean {
  if (rowKeys.has(key) && shownFeed().state.get().phase === "opening") return actLater(key);
  const chosen = route.get().view === "inbox" ? (route.get().id ?? selected.get()) : null;
  switch (key) {
    case "j":
    case "ArrowDown":
      return move(1);
    case "k":
    case "ArrowUp":
      return move(-1);
    case "g":
      return move(Number.NEGATIVE_INFINITY);
    case "G":
      return move(Number.POSITIVE_INFINITY);
    case "Enter":
    case "o":
      return openSelected();
    case "#":
    case "Delete":
      if (chosen !== null) void deleteMessage(chosen);
      return chosen !== null;
    case "u":
      return chosen !== null && toggleRead(chosen);
    case "/":
      document.querySelector<HTMLInputElement>("#search")?.focus();
      return true;
    case "?":
      overlay.set(overlay.get() === "help" ? null : "help");
      return true;
    case "f":
      overlay.set(overlay.get() === "faults" ? null : "faults");
      return true;
    case "i":
      go({ view: "inbox", id: null });
      return true;
    case "t":
      go({ view: "transactions", id: null });
      return true;
    case "s":
      go({ view: "sessions", id: null });
      return true;
  }
  const tab = tabs[Number(key) - 1];
  if (tab === undefined || route.get().view !== "inbox" || route.get().id === null) return false;
  go({ tab }, true);
  return true;
}

/** Acts when the rows are there, unless another list is shown by then. */
function actLater(key: string): true {
  const feed = shownFeed();
  const stop = feed.state.watch(() => {
    if (feed.state.get().phase === "opening") return;
    stop();
    if (feed === shownFeed()) act(key);
  });
  return true;
}

/** Closes one thing: the overlay, then the field, then what is open. */
function leave(target: HTMLElement, writing: boolean): void {
  if (overlay.get() !== null) overlay.set(null);
  else if (writing) target.blur();
  else if (route.get().id !== null) {
    back();
    document.querySelector<HTMLElement>("[role=listbox]")?.focus();
  }
}

/** Selects another row; what is open beside the list follows. */
function move(step: number): boolean {
  const { rows } = shownFeed().state.get();
  if (rows.length === 0) return false;
  const id = selected.get() ?? route.get().id;
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0 && (step === 1 || step === -1) && moveFrom(id, step)) return true;
  choose(rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.id ?? null);
  return true;
}

/** From a message that is open but not in the list; false: there is none. */
function moveFrom(id: string | null, step: 1 | -1): boolean {
  const { view, id: openId } = route.get();
  const message = view === "inbox" && id !== null && id === openId ? known(id) : null;
  if (message === null) return false;
  void neighbour(message, step).then((next) => {
    if (next !== null && (selected.get() ?? route.get().id) === id) choose(next.id);
  });
  return true;
}

function choose(id: string | null): void {
  if (id !== null && route.get().id !== null) open(id, true);
  else {
    selected.set(id);
    // Otherwise Enter would press the button that was clicked last.
    document.querySelector<HTMLElement>("[role=listbox]")?.focus({ preventScroll: true });
  }
}

function openSelected(): boolean {
  const id = selected.get();
  if (id === null || route.get().id === id) return false;
  open(id);
  return true;
}

function toggleRead(id: string): boolean {
  const message = known(id);
  if (message === null) return false;
  void setRead(id, !message.read);
  return true;
}
