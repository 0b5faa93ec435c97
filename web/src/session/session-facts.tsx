import type { ComponentChildren, VNode } from "preact";
import type { Session } from "../../../src/api/contract.ts";
import { Plain } from "../text/plain.tsx";
import { fullTime, span } from "../text/time.ts";

/** Who was on the line, and how it was secured. */
export function SessionFacts({ session }: { session: Session }): VNode {
  const { openedAt, closedAt, helo, esmtp, tls, tlsError, user, mechanism } = session;
  const lasted = closedAt === null ? "open" : span(Date.parse(closedAt) - Date.parse(openedAt));
  return (
    <dl class="fact-grid" data-testid="session-facts">
      <Fact title="Client">
        <code>
          {session.remoteAddress.includes(":") ? `[${session.remoteAddress}]` : session.remoteAddress}:
          {session.remotePort}
        </code>
      </Fact>
      <Fact title={esmtp || helo === null ? "EHLO" : "HELO"}>
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
        {tls === null && tlsError === null && <span class="dim">none</span>}
        {tlsError !== null && (
          <span class="is-bad">
            <Plain text={tlsError} />
          </span>
        )}
      </Fact>
      <Fact title="AUTH">
        {user === null ? (
          <span class="dim">{mechanism === null ? "none" : `${mechanism}, not accepted`}</span>
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
      <Fact title="Opened">
        <time dateTime={openedAt}>{fullTime(openedAt)}</time>
      </Fact>
    </dl>
  );
}

export function Fact({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <div class="fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
