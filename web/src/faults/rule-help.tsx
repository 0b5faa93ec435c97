import type { VNode } from "preact";
import type { FaultMatch, FaultPhase } from "../../../src/api/contract.ts";

/** Where a rule can act, in the order of a session; null: the command of that name. */
const phases: Readonly<Record<FaultPhase, string | null>> = {
  greeting: "before the first line",
  helo: null,
  ehlo: null,
  lhlo: null,
  starttls: null,
  "auth-start": "the AUTH command",
  auth: "after the credentials",
  mail: "MAIL FROM",
  rcpt: "each RCPT TO",
  data: "DATA, before the content",
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
  any: "every command and the final dot",
};

const matches: Readonly<Record<keyof FaultMatch, true>> = {
  from: true,
  to: true,
  helo: true,
  user: true,
  mechanism: true,
  verb: true,
  remoteAddress: true,
  tls: true,
  recipientIndex: true,
  recipientCount: true,
  parameter: true,
  declaredSize: true,
  octets: true,
  header: true,
  sessionIndex: true,
  transactionIndex: true,
};

const effects: readonly (readonly [effect: string, means: string])[] = [
  ['"452 4.2.2 Mailbox full"', "says so; 421 also closes"],
  ['"fin", "reset", "stall"', "no reply: closes, resets, keeps silent"],
  ['{ "delay": "5s" }', "the normal reply, later"],
  ['{ "wire": { "truncate": 0 } }', "accepts, but withholds the reply"],
  ['{ "reply": "250 Ok", "end": "reset" }', "a reply, then an ending"],
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
];

/** What a rule can say; with examples that go into the box. */
export function RuleHelp({ onExample }: { onExample: (rule: string) => void }): VNode {
  return (
    <details class="rule-help" data-testid="rule-help">
      <summary>Phases, matches and effects</summary>
      <p class="rule-examples">
        {examples.map(([title, rule]) => (
          <button key={title} type="button" class="plain" onClick={() => onExample(rule)}>
            {title}
          </button>
        ))}
        <span class="dim">examples, into the box</span>
      </p>
      <h4>
        <code>on</code>: a phase, or a list
      </h4>
      <Table
        rows={Object.entries(phases).flatMap(([name, means]) =>
          means === null ? [] : [[name, means] as const],
        )}
      />
      <Names names={Object.entries(phases).flatMap(([name, means]) => (means === null ? [name] : []))} />
      <h4>
        <code>match</code>: all must hold; <code>*</code> and <code>?</code>, <code>/regex/i</code>, a list,{" "}
        <code>{'{ "not": … }'}</code>, <code>{'{ "min": …, "max": … }'}</code>
      </h4>
      <Names names={Object.keys(matches)} />
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
