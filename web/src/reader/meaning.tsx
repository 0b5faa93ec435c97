import type { VNode } from "preact";
import type { Message } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { Plain } from "../text/plain.tsx";
import { firstEvent } from "./calendar.ts";

/** What a program reads in the message: an invitation, or what became of another message. */
export function Meaning({ message: { id, calendars, deliveryStatus } }: { message: Message }): VNode {
  return (
    <>
      {calendars.length > 0 && (
        <>
          <dt title="What the recipient is asked to do with the calendar in it">Calendar</dt>
          <dd data-testid="calendars">
            {different(calendars).map(({ path, method, text }) => {
              const { summary, start, location } = firstEvent(text);
              return (
                <span key={path} class="recipient">
                  <Plain text={[summary, start, location].filter((part) => part !== "").join(" · ")} />{" "}
                  <a
                    class="tag"
                    href={api.address(`api/messages/${encodeURIComponent(id)}/mime/${path}`)}
                    download
                    title={text}
                  >
                    <Plain text={method ?? "no method"} />
                  </a>
                </span>
              );
            })}
          </dd>
        </>
      )}
      {deliveryStatus.length > 0 && (
        <>
          <dt title="What this report says of each recipient of another message">Reports</dt>
          <dd data-testid="reports">
            {deliveryStatus.slice(0, most).map(({ recipient, action, status, diagnostic }, index) => (
              <span key={index} class="recipient" title={diagnostic ?? ""}>
                <code class="mailbox">
                  <Plain text={recipient} />
                </code>{" "}
                <span class="tag">
                  <Plain text={[action, status].filter((part) => part !== null).join(" ")} />
                </span>
              </span>
            ))}
            {deliveryStatus.length > most && ` and ${deliveryStatus.length - most} more`}
          </dd>
        </>
      )}
    </>
  );
}

/** Who sends an invitation attaches the same text once more, for programs that know files only. */
function different(calendars: Message["calendars"]): Message["calendars"] {
  return calendars
    .slice(0, most)
    .filter(({ text }, index) => calendars.findIndex((each) => each.text === text) === index);
}

/** Of a report on more recipients the attachment tells the rest. */
const most = 5;
