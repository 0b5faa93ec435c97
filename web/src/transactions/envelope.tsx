import type { VNode } from "preact";
import type { Recipient, Reply, Transaction } from "../../../src/api/contract.ts";
import { Plain } from "../text/plain.tsx";
import { ReplyText } from "./outcome.tsx";

interface Props {
  readonly transaction: Transaction;
  /** What was said to MAIL; null where that is not known. */
  readonly mail: Reply | null;
}

/** MAIL FROM, each RCPT TO with its reply, and what decided the transaction. Over HTTP all of it is one request. */
export function EnvelopeTable({ transaction, mail }: Props): VNode {
  const { verb, reversePath, mailParameters, recipients, reply, outcome } = transaction;
  const isSmtp = verb !== null;
  // Of a transaction that ended at MAIL, that reply is the one that decided.
  const told = mail ?? (isSmtp && recipients.length === 0 ? reply : null);
  const isSaid =
    isSmtp && outcome === "rejected" && [told, ...recipients.map((each) => each.reply)].some(isSameAs(reply));
  return (
    <table class="envelope-table" data-testid="envelope-table">
      <tbody>
        <tr>
          <th scope="row">{isSmtp ? `${verb} FROM` : "From"}</th>
          <td>
            <code class="mailbox path" title={reversePath?.raw}>
              {reversePath === null ? "not understood" : <Plain text={reversePath.raw} />}
            </code>
            <Parameters parameters={mailParameters} />
          </td>
          <td>{told === null ? <span class="dim">–</span> : <ReplyText reply={told} />}</td>
        </tr>
        {recipients.map((recipient, index) => (
          <RecipientRow key={index} title={isSmtp ? "RCPT TO" : "To"} recipient={recipient} />
        ))}
        {outcome !== "open" && !isSaid && (
          <tr class="is-decision">
            <th scope="row">{!isSmtp ? "Answer" : transaction.size > 0 ? "end of data" : "in the end"}</th>
            <td>
              {transaction.size > 0 && (
                <span class="dim">{transaction.size.toLocaleString("en")} octets of content</span>
              )}
            </td>
            <td>
              {outcome === "reply-lost" ? <Lost transaction={transaction} /> : <ReplyText reply={reply} />}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** A reply that was meant and not sent must not look like one that was. */
function Lost({ transaction: { reply, faults } }: { transaction: Transaction }): VNode {
  if (reply !== null && reply.code >= 400) {
    return (
      <>
        <ReplyText reply={reply} /> <span class="is-fault-text">but stored</span>
      </>
    );
  }
  const withheld = faults.some(({ phase }) => phase === "end-of-data");
  return (
    <span class="is-fault-text" title={reply === null ? undefined : `It would have been: ${textOf(reply)}`}>
      stored, {withheld ? "reply withheld" : "but the client was gone"}
    </span>
  );
}

/** Whether a deciding reply stands beside MAIL or a recipient already. */
function isSameAs(reply: Reply | null): (other: Reply | null) => boolean {
  return (other) => reply !== null && other !== null && textOf(other) === textOf(reply);
}

function textOf({ code, enhanced, lines }: Reply): string {
  return [code, enhanced ?? "", ...lines].filter((part) => part !== "").join(" ");
}

function RecipientRow({ title, recipient }: { title: string; recipient: Recipient }): VNode {
  const { path, parameters, reply, accepted, finalReply } = recipient;
  return (
    <tr class={accepted ? "is-accepted" : "is-refused"}>
      <th scope="row">{title}</th>
      <td>
        <code class="mailbox path" title={path.raw}>
          <Plain text={path.raw} />
        </code>
        <Parameters parameters={parameters} />
      </td>
      <td>
        <ReplyText reply={reply} />
        {finalReply !== null && (
          <>
            <br />
            <ReplyText reply={finalReply} />
          </>
        )}
      </td>
    </tr>
  );
}

function Parameters({ parameters }: { parameters: Readonly<Record<string, string | true>> }): VNode {
  return (
    <>
      {Object.entries(parameters).map(([keyword, value]) => (
        <code key={keyword} class="parameter">
          <Plain text={value === true ? keyword : `${keyword}=${value}`} />
        </code>
      ))}
    </>
  );
}
