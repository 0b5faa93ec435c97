/** Where the reader is, kept in the address after `#`, so that reload, back and a shared link work. */
import { Cell } from "./cell.ts";

export type View = "inbox" | "transactions" | "sessions";

export const tabs = ["html", "text", "source", "headers", "attachments", "links", "delivery"] as const;
export type Tab = (typeof tabs)[number];

export interface Route {
  readonly view: View;
  /** What is open beside the list. */
  readonly id: string | null;
  /** Null: the tab that suits the message. */
  readonly tab: Tab | null;
  /** The search line of the inbox. */
  readonly q: string;
  /** The search line of the transactions. */
  readonly find: string;
  /** The search line of the sessions. */
  readonly peer: string;
  /** Only transactions with this outcome. */
  readonly outcome: string | null;
}

export const route = new Cell<Route>(read(location.hash));

addEventListener("popstate", () => route.set(read(location.hash)));

/** Goes there; `replace` keeps the step out of the history. */
export function go(change: Partial<Route>, replace = false): void {
  const next = { ...route.get(), ...change };
  if (print(next) === print(route.get())) return;
  history[replace ? "replaceState" : "pushState"](null, "", print(next));
  route.set(next);
}

function read(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", id = "", tab = ""] = path.split("/").map(decode);
  const search = new URLSearchParams(query);
  return {
    view: view === "transactions" || view === "sessions" ? view : "inbox",
    id: id === "" ? null : id,
    tab: tabs.find((known) => known === tab) ?? null,
    q: search.get("q") ?? "",
    find: search.get("find") ?? "",
    peer: search.get("peer") ?? "",
    outcome: search.get("outcome"),
  };
}

function print({ view, id, tab, q, find, peer, outcome }: Route): string {
  const path = [
    view,
    ...(id === null ? [] : [encodeURIComponent(id)]),
    ...(id === null || tab === null ? [] : [tab]),
  ];
  const search = new URLSearchParams();
  if (q !== "") search.set("q", q);
  if (find !== "") search.set("find", find);
  if (peer !== "") search.set("peer", peer);
  if (outcome !== null) search.set("outcome", outcome);
  const query = search.toString();
  return `#/${path.join("/")}${query === "" ? "" : `?${query}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
