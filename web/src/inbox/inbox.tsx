import type { VNode } from "preact";
import type { MessageSummary } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { deleteAll, inbox, markAllRead } from "../model/model.ts";
import { route } from "../model/route.ts";
import { Confirm } from "../shell/confirm.tsx";
import { TrashIcon } from "../shell/icons.tsx";
import { WindowList } from "../shell/window-list.tsx";
import { count } from "../text/size.ts";
import { MessageRow } from "./message-row.tsx";

const rowHeight = 56;

export function Inbox(): VNode {
  const { total, unread, phase, rows } = useCell(inbox.state);
  const { q, id } = useCell(route);
  const found = q === "" ? "" : " found";
  return (
    <section class="pane list-pane" aria-label="Messages">
      <div class="bar">
        <span class="bar-text" data-testid="total">
          {phase === "failed"
            ? `Not ${q === "" ? "loaded" : "searched"}`
            : `${count(total, "message")}${found}`}
          {phase !== "failed" && unread > 0 && (
            <span class="dim"> · {unread.toLocaleString("en")} unread</span>
          )}
        </span>
        {phase !== "failed" && unread > 0 && (
          <button type="button" class="plain" data-testid="mark-read" onClick={() => void markAllRead(q)}>
            Mark {q === "" ? "all" : "these"} read
          </button>
        )}
        <Confirm
          label={q === "" ? "Delete all messages" : "Delete the messages found"}
          question={`Delete ${q === "" ? "all" : "these"} ${total.toLocaleString("en")}?`}
          answer="Delete"
          testId="delete-all"
          disabled={total === 0 || phase === "failed"}
          onConfirm={() => void deleteAll(q)}
        >
          <TrashIcon />
        </Confirm>
      </div>
      <WindowList<MessageSummary>
        feed={inbox}
        rowHeight={rowHeight}
        label="Messages"
        noun="message"
        testId="messages"
        openId={id}
        row={(each) => <MessageRow message={each} />}
        rowClass={(each) => (each.read ? "" : "is-unread")}
      />
      {phase === "ready" && rows.length === 0 && (
        <p class="none" data-testid="none">
          {q === "" ? "No mail yet." : "Nothing found."}
        </p>
      )}
    </section>
  );
}
