import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Listener } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { info, overlay } from "../model/model.ts";
import { BoltIcon } from "../shell/icons.tsx";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";

interface Way {
  readonly name: string;
  readonly lines: (host: string, port: number) => string;
}

/** Ways to send the first mail; each runs as it stands. */
const ways: readonly Way[] = [
  {
    name: "swaks",
    lines: (host, port) =>
      `swaks --server ${bracketed(host)}:${port} --from app@example.com --to ada@example.com \\\n` +
      `  --header "Subject: Hello" --body "It works."`,
  },
  {
    name: "curl",
    lines: (host, port) =>
      `printf 'From: app@example.com\\r\\nTo: ada@example.com\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n' |\n` +
      `  curl -sS smtp://${bracketed(host)}:${port} --mail-from app@example.com --mail-rcpt ada@example.com -T -`,
  },
  {
    name: "Nodemailer",
    lines: (host, port) =>
      `import { createTransport } from "nodemailer";\n\n` +
      `await createTransport({ host: "${host}", port: ${port} }).sendMail({\n` +
      `  from: "app@example.com",\n  to: "ada@example.com",\n  subject: "Hello",\n  text: "It works.",\n});`,
  },
  {
    name: "Python",
    lines: (host, port) =>
      `import smtplib\n\nwith smtplib.SMTP("${host}", ${port}) as smtp:\n` +
      `    smtp.sendmail("app@example.com", ["ada@example.com"],\n` +
      `        "From: app@example.com\\r\\nTo: ada@example.com\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n")`,
  },
  {
    name: "Environment",
    lines: (host, port) => `SMTP_HOST=${host}\nSMTP_PORT=${port}\nSMTP_URL=smtp://${bracketed(host)}:${port}`,
  },
];

/** What stands where a message would: where to send mail, and how. */
export function Welcome({ empty }: { empty: boolean }): VNode {
  const running = useCell(info);
  const [chosen, setChosen] = useState(ways[0]?.name);
  const smtp = running?.listeners.find(({ protocol }) => protocol === "smtp");
  const way = ways.find(({ name }) => name === chosen);
  if (smtp === undefined) return <div class="welcome" />;
  const host = reachable(smtp);
  const address = `${bracketed(host)}:${smtp.port}`;
  const snippet = way?.lines(host, smtp.port) ?? "";
  return (
    <div class="welcome" data-testid="welcome">
      <h1>{empty ? "Waiting for the first mail" : "Choose a message"}</h1>
      <p class="lead">
        {empty ? "Point your application at" : "Mail is caught at"}{" "}
        <span class="address">
          <code data-testid="smtp-address">{address}</code>
          <Copy text={address} label="Copy host and port" />
        </span>
        <br />
        {authLine(running?.auth)} Nothing leaves this machine.
      </p>
      <div class="ways">
        <div class="ways-head">
          <fieldset class="segments" aria-label="How to send">
            {ways.map(({ name }) => (
              <button key={name} type="button" aria-pressed={name === chosen} onClick={() => setChosen(name)}>
                {name}
              </button>
            ))}
          </fieldset>
          <Copy text={snippet} label="Copy the commands" />
        </div>
        <Scroll class="way" label="Commands">
          <pre>{snippet}</pre>
        </Scroll>
      </div>
      <ul class="tips">
        <li>
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> opens, <kbd>/</kbd> searches, <kbd>?</kbd> shows
          all keys.
        </li>
        <li>
          Refused and broken-off deliveries are under <a href="#/transactions">Transactions</a>, each with its
          conversation.
        </li>
        <li>
          To see how your application fails, switch on{" "}
          <button type="button" class="link" onClick={() => overlay.set("faults")}>
            <BoltIcon /> a fault
          </button>
          .
        </li>
      </ul>
    </div>
  );
}

function authLine(auth: { mode: "any" | "users"; required: boolean } | undefined): string {
  if (auth === undefined) return "";
  if (auth.mode === "any")
    return auth.required ? "Any user and password will do." : "No login needed; any will do.";
  return auth.required ? "A login is required." : "Login is optional.";
}

/** Behind a wildcard bind the host is the one that this page came from. */
function reachable({ host }: Listener): string {
  const wildcard = host === "0.0.0.0" || host === "::" || host === "";
  return wildcard ? location.hostname.replace(/^\[|\]$/g, "") : host;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
