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
      await addRule(JSON.parse(text));
      setAdded(true);
      await readFaults();
    } catch (error) {
      setRefusal(refusalOf(error as Error));
    }
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
        onInput={(event) => setText(event.currentTarget.value)}
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
      <RuleHelp onExample={setText} />
    </section>
  );
}

function refusalOf(error: Error): Refusal {
  if (error instanceof SyntaxError) return { path: null, message: `It is not JSON: ${error.message}` };
  const path = error instanceof ApiError ? (error.problem?.path ?? null) : null;
  // The message begins with the path; it is shown once, and set off.
  const said = path !== null && error.message.startsWith(`${path}: `);
  return {
    path: path === "" ? null : path,
    message: said ? error.message.slice(path.length + 2) : error.message,
  };
}
