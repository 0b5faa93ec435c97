import type { ComponentChildren, VNode } from "preact";
import type { Session } from "../../../src/api/contract.ts";
import { WarningIcon } from "../shell/icons.tsx";
import { Plain } from "../text/plain.tsx";
import { fullTime, span } from "../text/time.ts";

/** Who was on the line, and how it was secured. */
export function SessionFacts({ session }: { session: Session }): VNode {
  const { openedAt, closedAt, helo, esmtp, listener, tls, tlsError, user, mechanism, authError } = session;
  const lasted = closedAt === null ? "open" : span(Date.parse(closedAt) - Date.parse(openedAt));
  return (
    <section class="session-facts" aria-label="Session" data-testid="session-facts">
      <Failure title="TLS failed" text={tlsError} />
      <Failure title="Login refused" text={authError} />
      <dl class="fact-grid">
        <Fact title="Client">
          <code>
            {session.remoteAddress.includes(":") ? `[${session.remoteAddress}]` : session.remoteAddress}:
            {session.remotePort}
          </code>
        </Fact>
        <Fact title={listener === "lmtp" ? "LHLO" : esmtp || helo === null ? "EHLO" : "HELO"}>
          {helo === null ? (
            <span class="dim">never said</span>
          ) : (
            <code>
              <Plain text={helo} />
            </code>
          )}
        </Fact>
        <Fact title="TLS">
          {tls !== null && (
            <>
              {tls.version} <span class="dim">{tls.cipher}</span>
            </>
          )}
          {tls === null &&
            (tlsError === null ? <span class="dim">none</span> : <span class="is-bad">failed</span>)}
        </Fact>
        <Fact title="AUTH">
          {user === null ? (
            authError === null ? (
              <span class="dim">none</span>
            ) : (
              <span class="is-bad">refused</span>
            )
          ) : (
            <>
              <code>
                <Plain text={user} />
              </code>{" "}
              <span class="dim">{mechanism}</span>
            </>
          )}
        </Fact>
        <Fact title="Session">
          <a href={`#/sessions/${encodeURIComponent(session.id)}`}>{session.id}</a>{" "}
          <span class="dim">
            on {session.listener}, {lasted}
          </span>
        </Fact>
        {session.inboxes.length > 0 && (
          <Fact title={session.inboxes.length === 1 ? "Inbox" : "Inboxes"}>
            <code>{session.inboxes.join(" ")}</code>
          </Fact>
        )}
        <Fact title="Opened" wide>
          <time dateTime={openedAt}>{fullTime(openedAt)}</time>
        </Fact>
      </dl>
    </section>
  );
}

function Failure({ title, text }: { title: string; text: string | null }): VNode | null {
  if (text === null) return null;
  return (
    <p class="failure">
      <WarningIcon /> <b>{title}</b>
      <code>
        <Plain text={text} />
      </code>
    </p>
  );
}

interface FactProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

function Fact({ title, wide = false, children }: FactProps): VNode {
  return (
    <div class={`fact ${wide ? "is-wide" : ""}`}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
