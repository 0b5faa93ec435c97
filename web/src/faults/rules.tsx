import type { VNode } from "preact";
import type { FaultRuleReport } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { Confirm } from "../shell/confirm.tsx";
import { CloseIcon } from "../shell/icons.tsx";
import { Plain } from "../text/plain.tsx";
import { useAttempts } from "./attempt.ts";
import { Switch } from "./switch.tsx";

/** The rules in force, the one that is asked first on top. */
export function Rules({ rules }: { rules: readonly FaultRuleReport[] }): VNode {
  const { refusal, attempt } = useAttempts<"all">();
  return (
    <section aria-labelledby="rules-title">
      <div class="section-head">
        <h3 id="rules-title">In force</h3>
        {rules.length > 0 && (
          <span class="section-tools">
            <button type="button" class="plain" onClick={() => void attempt("all", api.resetCounters)}>
              Reset counters
            </button>
            <Confirm
              label="Remove all rules"
              question={`Remove ${rules.length === 1 ? "it" : `all ${rules.length}`}?`}
              answer="Remove"
              testId="remove-rules"
              onConfirm={() => void attempt("all", api.removeRules)}
            >
              <span class="plain">Remove all</span>
            </Confirm>
          </span>
        )}
      </div>
      {refusal !== null && (
        <p class="field-refusal" role="alert">
          {refusal.error.message}
        </p>
      )}
      {rules.length === 0 ? (
        <p class="explanation">None: every message is accepted.</p>
      ) : (
        <ul class="rules" data-testid="rules">
          {rules.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Rule({ rule }: { rule: FaultRuleReport }): VNode {
  const { refusal, attempt } = useAttempts<"rule">();
  return (
    <li class={`rule ${rule.enabled ? "" : "is-off"}`} data-id={rule.id}>
      <div class="rule-head">
        <code class="rule-id">
          <Plain text={rule.id} />
        </code>
        <Switch
          on={rule.enabled}
          label={`Rule ${rule.id}`}
          onChange={(on) => void attempt("rule", () => api.enableRule(rule.id, on))}
        />
        <button
          type="button"
          class="quiet"
          title="Remove"
          aria-label={`Remove rule ${rule.id}`}
          onClick={() => void attempt("rule", () => api.removeRule(rule.id))}
        >
          <CloseIcon />
        </button>
      </div>
      {refusal !== null && (
        <p class="field-refusal" role="alert">
          {refusal.error.message}
        </p>
      )}
      <p>
        <Plain text={rule.explain} />
      </p>
      <p class="rule-state">
        <span>
          matched <b>{rule.state.matched}</b>
        </span>
        <span class={rule.state.fired > 0 ? "is-fault-text" : ""}>
          fired <b data-testid="fired">{rule.state.fired}</b>
        </span>
        {rule.state.spent && <span class="tag">spent</span>}
        {rule.ttl !== undefined && <span class="dim">goes after {rule.ttl}</span>}
      </p>
    </li>
  );
}
