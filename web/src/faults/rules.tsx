import type { VNode } from "preact";
import type { FaultRuleReport } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { CloseIcon } from "../shell/icons.tsx";
import { Plain } from "../text/plain.tsx";
import { Switch } from "./switch.tsx";

interface Props {
  readonly rules: readonly FaultRuleReport[];
  readonly attempt: (action: () => Promise<unknown>) => void;
}

/** The rules in force, the one that is asked first on top. */
export function Rules({ rules, attempt }: Props): VNode {
  if (rules.length === 0) return <p class="explanation">None: every message is accepted.</p>;
  return (
    <ul class="rules" data-testid="rules">
      {rules.map((rule) => (
        <li key={rule.id} class={`rule ${rule.enabled ? "" : "is-off"}`} data-id={rule.id}>
          <div class="rule-head">
            <code class="rule-id">
              <Plain text={rule.id} />
            </code>
            <Switch
              on={rule.enabled}
              label={`Rule ${rule.id}`}
              onChange={(on) => attempt(() => api.enableRule(rule.id, on))}
            />
            <button
              type="button"
              class="quiet"
              title="Remove"
              aria-label={`Remove rule ${rule.id}`}
              onClick={() => attempt(() => api.removeRule(rule.id))}
            >
              <CloseIcon />
            </button>
          </div>
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
      ))}
    </ul>
  );
}
