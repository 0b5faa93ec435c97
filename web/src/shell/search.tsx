import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../model/api.ts";
import { type Cell, useCell } from "../model/cell.ts";
import type { FeedState } from "../model/feed.ts";
import { inbox, ledger, sessions } from "../model/model.ts";
import { go, route, type View } from "../model/route.ts";
import { SearchError } from "../model/search-terms.ts";
import { CloseIcon, SearchIcon } from "./icons.tsx";

/** How long after the last key the search runs. */
const delay = 160;

const inboxHints: readonly (readonly [string, string])[] = [
  ["from:", "reverse-path or From"],
  ["to:", "a recipient, Bcc too"],
  ["subject:", "words of the subject"],
  ["header:", "header:x-name=value"],
  ["has:attachment", "or has:inline"],
  ["is:unread", "is:read, is:tagged"],
  ["inbox:", "an inbox; provider: that it came by"],
  ["warning:", "warning:* for any"],
  ["code:", "a one-time code"],
  ["after:", "after: and before: a date"],
  ["larger:", "larger:1M, smaller:10k"],
  ["-", "not; OR and ( ) work too"],
];

const transactionHints: readonly (readonly [string, string])[] = [
  ["to:", "any recipient tried; or just type it"],
  ["from:", "reverse-path"],
  ["subject:", "words of the subject"],
  ["outcome:rejected", "or accepted, aborted, reply-lost, open"],
  ["message-id:", "of the content"],
  ["inbox:", "the id of an inbox that it is in"],
  ["provider:", "whose HTTP API it came over, such as resend"],
  ["session:", "such as s12"],
  ["source:", "remote address"],
  ["after:", "after: and before: a date"],
];

const sessionHints: readonly (readonly [string, string])[] = [
  ["user:", "who logged in; or just type it"],
  ["address:", "of the client; or just type it"],
  ["listener:", "smtp or smtps"],
  ["inbox:", "the id of an inbox that it is in"],
  ["is:open", "or is:closed"],
  ["after:", "after: and before: a date"],
];

/** Where the header is too narrow for the long placeholder. */
const narrow = matchMedia("(max-width: 1100px)");

interface Scope {
  readonly label: string;
  readonly placeholder: string;
  readonly hints: readonly (readonly [string, string])[];
  /** Where the route keeps the line. */
  readonly field: "q" | "find" | "peer";
  readonly state: Cell<Pick<FeedState<unknown>, "phase" | "error">>;
}

/** The box searches what is shown. */
const scopes: Readonly<Record<View, Scope>> = {
  inbox: {
    label: "Search mail",
    placeholder: "Search mail: words, from:, subject:, has:attachment …",
    hints: inboxHints,
    field: "q",
    state: inbox.state,
  },
  transactions: {
    label: "Search transactions",
    placeholder: "Search transactions: a recipient, from:, subject: …",
    hints: transactionHints,
    field: "find",
    state: ledger.state,
  },
  sessions: {
    label: "Search sessions",
    placeholder: "Search sessions: a user, an address, listener: …",
    hints: sessionHints,
    field: "peer",
    state: sessions.state,
  },
};

export function Search(): VNode {
  const place = useCell(route);
  const { label, placeholder, hints, field, state } = scopes[place.view];
  const kept = place[field];
  const [text, setText] = useState(kept);
  const [focused, setFocused] = useState(false);
  const [isNarrow, setIsNarrow] = useState(narrow.matches);
  const { phase, error } = useCell(state);

  useEffect(() => {
    const follow = (): void => setIsNarrow(narrow.matches);
    narrow.addEventListener("change", follow);
    return () => narrow.removeEventListener("change", follow);
  }, []);
  useEffect(() => setText(kept), [kept, field]);
  useEffect(() => {
    if (text === kept) return;
    const timer = setTimeout(() => search(text), delay);
    return () => clearTimeout(timer);
  }, [text]);

  function search(wanted: string): void {
    go({ [field]: wanted }, true);
  }

  function clear(): void {
    setText("");
    search("");
  }

  /** Enter goes to what was found; Escape clears, and leaves only an empty box (see keys.ts). */
  function takeKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      search(text);
      document.querySelector<HTMLElement>("[role=listbox]")?.focus();
    } else if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      clear();
    }
  }

  function insert(hint: string): void {
    const input = document.querySelector<HTMLInputElement>("#search");
    setText(`${text}${text === "" || text.endsWith(" ") ? "" : " "}${hint}`);
    input?.focus();
  }

  const isRefused = error instanceof ApiError || error instanceof SearchError;
  const failed = phase === "failed" && kept !== "" && kept === text && isRefused ? error : null;
  return (
    <search class="search">
      <SearchIcon />
      <input
        id="search"
        type="text"
        inputMode="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={isNarrow ? "Search" : placeholder}
        aria-label={label}
        aria-invalid={failed !== null}
        aria-describedby={failed === null ? undefined : "search-error"}
        data-testid="search"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={takeKey}
      />
      {text === "" ? (
        <kbd class="search-key">/</kbd>
      ) : (
        <button type="button" class="quiet search-clear" aria-label="Clear the search" onClick={clear}>
          <CloseIcon />
        </button>
      )}
      {failed !== null && <Refusal query={kept} error={failed} />}
      {failed === null && focused && text === "" && (
        <div class="search-panel hints">
          {hints.map(([hint, meaning]) => (
            <button
              key={hint}
              type="button"
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => insert(hint)}
            >
              <code>{hint}</code> <span>{meaning}</span>
            </button>
          ))}
        </div>
      )}
    </search>
  );
}

/** What is to be said against the query, and where. */
function Refusal({ query, error }: { query: string; error: ApiError | SearchError }): VNode {
  const column = error instanceof SearchError ? error.column : (error.problem?.column ?? null);
  return (
    <div class="search-panel refusal" id="search-error" role="alert" data-testid="search-error">
      {column !== null && (
        <pre aria-hidden="true">
          {query}
          {"\n"}
          <span class="before">{[...query].slice(0, column - 1).join("")}</span>
          <span>^</span>
        </pre>
      )}
      <p>{error.message}</p>
    </div>
  );
}
