import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { inbox, ledger } from "../model/model.ts";
import { go, route } from "../model/route.ts";
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
  ["code:", "a one-time code"],
  ["after:", "after: and before: a date"],
  ["larger:", "larger:1M, smaller:10k"],
  ["-", "not; OR and ( ) work too"],
];

const transactionHints: readonly (readonly [string, string])[] = [
  ["to:", "any recipient tried; or just type it"],
  ["from:", "reverse-path"],
  ["subject:", "words of the subject"],
  ["message-id:", "of the content"],
  ["source:", "remote address"],
];

export function Search(): VNode {
  const { view, q, find } = useCell(route);
  const kept = view === "transactions" ? find : q;
  const [text, setText] = useState(kept);
  const [focused, setFocused] = useState(false);
  const ofInbox = useCell(inbox.state);
  const ofLedger = useCell(ledger.state);
  const { phase, error } = view === "transactions" ? ofLedger : ofInbox;

  useEffect(() => setText(kept), [kept, view]);
  useEffect(() => {
    if (text === kept) return;
    const timer = setTimeout(() => search(text), delay);
    return () => clearTimeout(timer);
  }, [text]);

  function search(wanted: string): void {
    go(view === "transactions" ? { find: wanted } : { view: "inbox", q: wanted }, true);
  }

  function insert(hint: string): void {
    const input = document.querySelector<HTMLInputElement>("#search");
    setText(`${text}${text === "" || text.endsWith(" ") ? "" : " "}${hint}`);
    input?.focus();
  }

  const hints = view === "transactions" ? transactionHints : inboxHints;
  const failed =
    phase === "failed" && kept !== "" && kept === text && error instanceof ApiError ? error : null;
  return (
    <search class="search">
      <SearchIcon />
      <input
        id="search"
        type="text"
        inputMode="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={
          view === "transactions"
            ? "Search transactions: a recipient, from:, subject: …"
            : "Search mail: words, from:, subject:, has:attachment …"
        }
        aria-label={view === "transactions" ? "Search transactions" : "Search mail"}
        aria-invalid={failed !== null}
        aria-describedby={failed === null ? undefined : "search-error"}
        data-testid="search"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={(event) => event.key === "Enter" && search(text)}
      />
      {text === "" ? (
        <kbd class="search-key">/</kbd>
      ) : (
        <button
          type="button"
          class="quiet search-clear"
          aria-label="Clear the search"
          onClick={() => [setText(""), search("")]}
        >
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

/** What the server has against the query, and where. */
function Refusal({ query, error }: { query: string; error: ApiError }): VNode {
  const column = error.problem?.column ?? null;
  return (
    <div class="search-panel refusal" id="search-error" role="alert" data-testid="search-error">
      {column !== null && (
        <pre aria-hidden="true">
          {query}
          {"\n"}
          {" ".repeat(Math.max(0, column - 1))}
          <span>^</span>
        </pre>
      )}
      <p>{error.message}</p>
    </div>
  );
}
