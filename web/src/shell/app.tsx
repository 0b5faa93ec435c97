import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { FaultsDrawer } from "../faults/drawer.tsx";
import { Inbox } from "../inbox/inbox.tsx";
import { Welcome } from "../inbox/welcome.tsx";
import { showUnread } from "../model/badge.ts";
import { useCell } from "../model/cell.ts";
import { inbox, overlay, unread } from "../model/model.ts";
import { route, type View } from "../model/route.ts";
import { Reader } from "../reader/reader.tsx";
import { SessionDetail, Sessions } from "../session/sessions.tsx";
import { TransactionDetail } from "../transactions/detail.tsx";
import { Transactions } from "../transactions/transactions.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { listenToKeys } from "./keys.ts";
import { Offline } from "./offline.tsx";
import { Refused } from "./refused.tsx";

export function App(): VNode {
  const { view, id, q } = useCell(route);
  const shown = useCell(overlay);
  const waiting = useCell(unread);
  const { rows, phase } = useCell(inbox.state);
  const empty = phase === "ready" && rows.length === 0 && q === "";

  useEffect(() => showUnread(waiting), [waiting]);
  useEffect(listenToKeys, []);

  return (
    <>
      <Header />
      <Offline />
      <Refused />
      <main class={`layout ${id !== null || (empty && view === "inbox") ? "shows-detail" : "shows-list"}`}>
        {view === "inbox" ? <Inbox /> : view === "transactions" ? <Transactions /> : <Sessions />}
        <section class="pane detail-pane" aria-label="What is open">
          {id === null ? <Nothing view={view} empty={empty} /> : <Detail view={view} id={id} />}
        </section>
        {shown === "faults" && <FaultsDrawer />}
      </main>
      {shown === "help" && <Help />}
    </>
  );
}

function Detail({ view, id }: { view: View; id: string }): VNode {
  if (view === "inbox") return <Reader id={id} />;
  return view === "transactions" ? <TransactionDetail id={id} /> : <SessionDetail id={id} />;
}

function Nothing({ view, empty }: { view: View; empty: boolean }): VNode {
  if (view === "inbox") return <Welcome empty={empty} />;
  return (
    <div class="welcome">
      <h1>{view === "transactions" ? "Every attempt, and what became of it" : "Every connection"}</h1>
      <p class="lead">
        {view === "transactions"
          ? "Accepted, refused, broken off, or stored without the client ever knowing. Choose one to read its envelope, its replies and the conversation."
          : "Those that never came to send mail too: a failed TLS handshake, a refused login, a probe. Choose one to read it."}
      </p>
    </div>
  );
}
