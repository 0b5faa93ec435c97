import type { VNode } from "preact";
import type { FaultMatch, FaultPhase } from "../../../src/api/contract.ts";

/** Where a rule can act, in the order of a session; null: the command of that name. */
const phases: Readonly<Record<FaultPhase, string | null>> = {
  connect: "as soon as it is accepted",
  greeting: "the first line",
  helo: null,
  ehlo: null,
  lhlo: null,
  starttls: null,
  tls: "the handshake",
  "auth-start": "the AUTH command",
  auth: "after the credentials",
  mail: "MAIL FROM",
  rcpt: "each RCPT TO",
  data: "DATA, before the content",
  content: "at octets.min, default the first",
  bdat: "each chunk but the last",
  "end-of-data": "the final dot or the last chunk",
  rset: null,
  noop: null,
  vrfy: null,
  expn: null,
  help: null,
  turn: null,
  quit: null,
  unknown: "no command at all",
  idle: "after a silence of match.idle",
  http: "a request to an HTTP mail provider",
  any: "every command and the final dot",
};

/** Null: the name says all. */
const matches: Readonly<Record<keyof FaultMatch, string | null>> = {
  listener: "smtp, smtps, lmtp",
  remoteAddress: "or a network, 10.0.0.0/8",
  openSessions: "of that address",
  tls: null,
  helo: null,
  user: null,
  mechanism: null,
  verb: null,
  argument: "behind the verb",
  from: null,
  to: null,
  recipientIndex: "accepted so far, plus 1",
  recipientCount: null,
  parameter: '{ "SIZE": "*" }',
  declaredSize: null,
  octets: "of the content so far",
  header: '{ "subject": "*invoice*" }',
  body: "the text, decoded",
  warning: "of the client, such as bare-lf",
  inbox: "its id",
  sessionIndex: null,
  transactionIndex: "in the session",
  provider: "only at http, such as resend",
  idle: "a duration, only at idle",
};

const effects: readonly (readonly [effect: string, means: string])[] = [
  ['"452 4.2.2 Mailbox full"', "says so; 421 also closes"],
  ['"fin", "reset", "stall"', "no reply: closes, resets, keeps silent"],
  ['"pass"', "as normal, whatever older rules say"],
  ['{ "reply": "250 Ok", "end": "half-close" }', "a reply, then an ending"],
  ['{ "wire": { "truncate": 0 } }', "accepts, but withholds the reply"],
  ['{ "wire": { "raw": "250\\r\\n" } }', "other octets; also eol, padTo, garble"],
  ['{ "delay": ["1s", "5s"] }', "later: so long, or drawn between"],
  ['{ "drip": { "octets": 1, "every": "1s" } }', "replies trickle from now on"],
  ['{ "throttle": { "read": 1024 } }', "octets per second; also write"],
  ['{ "capabilities": { "remove": ["SIZE"] } }', "another list at EHLO; also add, only"],
  ['{ "tls": { "certificate": "expired" } }', "at tls; also handshake, maxVersion"],
  ['{ "end": "refuse", "for": "30s" }', "at connect: nobody can connect"],
  ['{ "bounce": { "status": "5.1.1" } }', "at end-of-data: a report comes later"],
  ['{ "http": { "status": 429, "retryAfter": "2s" } }', "at http: also code, body, stored"],
  ['{ "label": "retried" }', "noted on the transaction"],
  ["[ …, … ]", "the first, then the second, then as normal"],
];

export const examples: readonly (readonly [title: string, rule: string])[] = [
  [
    "Refuse twice",
    `{
  "on": "rcpt",
  "match": { "to": "*@example.com" },
  "when": { "times": 2, "per": "recipient" },
  "do": "451 4.7.1 Please try again later"
}`,
  ],
  [
    "Lose the reply",
    `{
  "on": "end-of-data",
  "match": { "header": { "subject": "*invoice*" } },
  "when": { "times": 1 },
  "do": { "wire": { "truncate": 0 }, "end": "reset" }
}`,
  ],
  [
    "Cut the content",
    `{
  "on": "content",
  "match": { "octets": { "min": 4096 } },
  "when": { "times": 1 },
  "do": "reset"
}`,
  ],
];

/** What a rule can say; with examples that go into the box. */
export function RuleHelp({ onExample }: { onExample: (rule: string) => void }): VNode {
  return (
    <details class="rule-help" data-testid="rule-help">
      <summary>Phases, matches and effects</summary>
      <p class="rule-examples">
        <span class="dim">Into the box:</span>
        {examples.map(([title, rule]) => (
          <button key={title} type="button" class="plain" onClick={() => onExample(rule)}>
            {title}
          </button>
        ))}
      </p>
      <h4>
        <code>on</code>: a phase, or a list
      </h4>
      <Terms terms={phases} />
      <h4>
        <code>match</code>: all must hold; <code>*</code> and <code>?</code>, <code>/regex/i</code>, a list,{" "}
        <code>{'{ "not": … }'}</code>, <code>{'{ "min": …, "max": … }'}</code>
      </h4>
      <Terms terms={matches} />
      <h4>
        <code>when</code>: <code>skip</code>, <code>every</code>, <code>for</code>, <code>rate</code>,{" "}
        <code>probability</code>, <code>times</code>; counted <code>per</code> rule, session, recipient …
      </h4>
      <h4>
        <code>do</code>: what happens
      </h4>
      <Table rows={effects} />
    </details>
  );
}

/** First what needs a word, then the rest. */
function Terms({ terms }: { terms: Readonly<Record<string, string | null>> }): VNode {
  const all = Object.entries(terms);
  return (
    <>
      <Table rows={all.flatMap(([name, means]) => (means === null ? [] : [[name, means] as const]))} />
      <Names names={all.flatMap(([name, means]) => (means === null ? [name] : []))} />
    </>
  );
}

function Names({ names }: { names: readonly string[] }): VNode {
  return (
    <p class="rule-names">
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </p>
  );
}

function Table({ rows }: { rows: readonly (readonly [string, string])[] }): VNode {
  return (
    <dl>
      {rows.map(([name, means]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{means}</dd>
        </div>
      ))}
    </dl>
  );
}
