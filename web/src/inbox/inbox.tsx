import type { VNode } from "preact";
import type { MessageSummary } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { deleteAll, inbox, markAllRead } from "../model/model.ts";
import { route } from "../model/route.ts";
import { Confirm } from "../shell/confirm.tsx";
import { TrashIcon } from "../shell/icons.tsx";
import { ListPane } from "../shell/list-pane.tsx";
import { MessageRow } from "./message-row.tsx";

/** The messages, newest first. */
export function Inbox(): VNode {
  const { total, unread, phase } = useCell(inbox.state);
  const { q } = useCell(route);
  return (
    <ListPane<MessageSummary>
      feed={inbox}
      label="Messages"
      noun="message"
      row={(each) => <MessageRow message={each} />}
      rowClass={(each) => (each.read ? "" : "is-unread")}
      searched={q !== ""}
      nothing="No mail yet."
    >
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
    </ListPane>
  );
}
