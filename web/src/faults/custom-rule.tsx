import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, addRule } from "../model/api.ts";
import { readFaults } from "../model/model.ts";
import { examples, RuleHelp } from "./rule-help.tsx";

type Refusal = { readonly path: string | null; readonly message: string };

/** A rule of one's own; the server judges it and says where it is wrong. */
export function CustomRule(): VNode {
  const [text, setText] = useState(examples[0]?.[1] ?? "");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [added, setAdded] = useState(false);

  async function add(): Promise<void> {
    setRefusal(null);
    setAdded(false);
    try {
      await addRule(parse(text));
      setAdded(true);
      await readFaults();
    } catch (error) {
      setRefusal(refusalOf(error as Error));
    }
  }

  function write(rule: string): void {
    setText(rule);
    if (rule.trim() === "") setRefusal(null);
  }

  return (
    <section aria-labelledby="custom-title">
      <div class="section-head">
        <h3 id="custom-title">A rule of your own</h3>
      </div>
      <textarea
        class="rule-text"
        rows={7}
        spellcheck={false}
        aria-label="Rule as JSON"
        aria-invalid={refusal !== null}
        aria-describedby={refusal === null ? undefined : "rule-refusal"}
        data-testid="rule-text"
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
        }}
      />
      {refusal !== null && (
        <p class="refusal" id="rule-refusal" role="alert" data-testid="rule-refusal">
          {refusal.path !== null && <code>{refusal.path}</code>} {refusal.message}
        </p>
      )}
      <p class="rule-add">
        <button type="button" class="primary" data-testid="rule-add" onClick={() => void add()}>
          Add the rule
        </button>
        <span class="dim" role="status">
          {added && "It is in force."}
        </span>
      </p>
      <RuleHelp
        onExample={(example) => {
          setRefusal(null);
          setText(example);
        }}
      />
    </section>
  );
}

/** Who writes no bracket knows rules in their short form, as flags have them. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = /^\s*[{[]/.test(text) ? `It is not JSON: ${(error as Error).message}` : shortForm;
    throw new SyntaxError(why);
  }
}

const shortForm =
  'The box takes JSON. The short form "rcpt gone@* 550" is here { "on": "rcpt", "match": { "to": "gone@*" }, "do": "550" }';

function refusalOf(error: Error): Refusal {
  const path = error instanceof ApiError ? (error.problem?.path ?? null) : null;
  // The message begins with the path; it is shown once, and set off.
  const said = path !== null && error.message.startsWith(`${path}: `);
  return {
    path: path === "" ? null : path,
    message: said ? error.message.slice(path.length + 2) : error.message,
  };
}
