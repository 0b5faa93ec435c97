import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, addRule } from "../model/api.ts";
import { useAttempts } from "./attempt.ts";
import { examples, RuleHelp } from "./rule-help.tsx";

/** A rule of one's own; the server judges it and says where it is wrong. */
export function CustomRule(): VNode {
  const [text, setText] = useState(examples[0]?.[1] ?? "");
  const { refusal, attempt, forget } = useAttempts<"rule">();
  const [added, setAdded] = useState(false);

  async function add(): Promise<void> {
    setAdded(false);
    setAdded(await attempt("rule", () => addRule(parse(text))));
  }

  function write(rule: string): void {
    setText(rule);
    if (rule.trim() === "") forget();
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
          <Why error={refusal.error} />
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
          forget();
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

/** The message begins with the path of what is wrong; it is shown once, and set off. */
function Why({ error }: { error: Error }): VNode {
  const path = error instanceof ApiError ? (error.problem?.path ?? "") : "";
  const said = error.message.startsWith(`${path}: `);
  return (
    <>
      {path !== "" && <code>{path}</code>} {said ? error.message.slice(path.length + 2) : error.message}
    </>
  );
}
