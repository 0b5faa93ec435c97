import type { VNode } from "preact";
import type { Recipient, Reply, Transaction } from "../../../src/api/contract.ts";
import { Plain } from "../text/plain.tsx";
import { ReplyText } from "./outcome.tsx";

/** MAIL FROM, each RCPT TO with its reply, and what decided the transaction. */
export function EnvelopeTable({ transaction }: { transaction: Transaction }): VNode {
  const { verb, reversePath, mailParameters, recipients, reply } = transaction;
  const first = recipients[0];
  return (
    <table class="envelope-table" data-testid="envelope-table">
      <tbody>
        <tr>
          <th scope="row">{verb ?? "MAIL"} FROM</th>
          <td>
            <code class="path">
              {reversePath === null ? "not understood" : <Plain text={reversePath.raw} />}
            </code>
            <Parameters parameters={mailParameters} />
          </td>
          <td>{first === undefined && <ReplyText reply={reply} />}</td>
        </tr>
        {recipients.map((recipient, index) => (
          <RecipientRow key={index} recipient={recipient} />
        ))}
        {first !== undefined && transaction.outcome !== "open" && !isSaid(reply, recipients) && (
          <tr class="is-decision">
            <th scope="row">{transaction.size > 0 ? "end of data" : "in the end"}</th>
            <td>
              {transaction.size > 0 && (
                <span class="dim">{transaction.size.toLocaleString("en")} octets of content</span>
              )}
            </td>
            <td>
              <ReplyText reply={reply} />
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** Whether the deciding reply stands beside a recipient already. */
function isSaid(reply: Reply | null, recipients: readonly Recipient[]): boolean {
  return reply !== null && recipients.some((each) => JSON.stringify(each.reply) === JSON.stringify(reply));
}

function RecipientRow({
  recipient: { path, parameters, reply, accepted, finalReply },
}: {
  recipient: Recipient;
}): VNode {
  return (
    <tr class={accepted ? "is-accepted" : "is-refused"}>
      <th scope="row">RCPT TO</th>
      <td>
        <code class="path">
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
