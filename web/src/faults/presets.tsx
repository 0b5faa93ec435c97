import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { FaultRuleReport, Preset, PresetOptions } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { presets } from "../model/model.ts";
import { Plain } from "../text/plain.tsx";
import { Switch } from "./switch.tsx";

interface Props {
  readonly rules: readonly FaultRuleReport[];
  readonly attempt: (action: () => Promise<unknown>) => void;
}

/** In the order in which a session comes to them. */
const stages: readonly { readonly title: string; readonly phases: readonly string[] }[] = [
  { title: "Connecting", phases: ["connect", "greeting", "helo", "ehlo", "lhlo"] },
  { title: "TLS", phases: ["starttls", "tls"] },
  { title: "Login", phases: ["auth-start", "auth"] },
  { title: "Sender", phases: ["mail"] },
  { title: "Recipients", phases: ["rcpt"] },
  { title: "Content", phases: ["data", "content", "bdat", "end-of-data"] },
  { title: "Anywhere", phases: ["any"] },
];

/** Ready faults, one switch each. */
export function Presets({ rules, attempt }: Props): VNode {
  const all = useCell(presets);
  const [to, setTo] = useState("");
  const [times, setTimes] = useState("");
  const [wanted, setWanted] = useState("");
  const shown = all.filter(({ name, explain }) =>
    `${name} ${explain}`.toLowerCase().includes(wanted.toLowerCase()),
  );

  const isCount = /^(?:[1-9]\d{0,8})?$/.test(times.trim());

  async function toggle(preset: Preset, on: boolean): Promise<unknown> {
    const { name } = preset;
    if (!on) return await Promise.all(rulesOf(preset, rules).map(({ id }) => api.removeRule(id)));
    if (isCount) return await api.usePreset(name, optionsOf(to, times.trim()));
    throw new RangeError(
      `Failed to switch ${name} on: times is ${JSON.stringify(times)}; use a whole number from 1, or leave it empty for always`,
    );
  }

  const listOf = (here: readonly Preset[]): VNode => (
    <ul>
      {here.map((preset) => {
        const { name, explain } = preset;
        const on = rulesOf(preset, rules).length > 0;
        return (
          <li key={name} class={`preset ${on ? "is-on" : ""}`}>
            <span class="preset-text">
              <code>{name}</code>
              <span class="preset-explain">
                <Plain text={explain} />
              </span>
            </span>
            <Switch
              on={on}
              label={name}
              testId={`preset-${name}`}
              onChange={(next) => attempt(() => toggle(preset, next))}
            />
          </li>
        );
      })}
    </ul>
  );

  return (
    <section aria-labelledby="presets-title">
      <div class="section-head">
        <h3 id="presets-title">Presets</h3>
        <input
          type="text"
          class="filter"
          placeholder="Find a preset"
          aria-label="Find a preset"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </div>
      <fieldset class="next-options" aria-label="For the next switch-on">
        <label>
          <span>only for recipient</span>
          <input
            type="text"
            placeholder="anyone, or *@example.com"
            spellcheck={false}
            data-testid="preset-to"
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>times</span>
          <input
            type="text"
            inputMode="numeric"
            placeholder="∞"
            spellcheck={false}
            aria-invalid={!isCount}
            aria-describedby={isCount ? undefined : "times-refusal"}
            data-testid="preset-times"
            value={times}
            onInput={(event) => setTimes(event.currentTarget.value)}
          />
        </label>
      </fieldset>
      {!isCount && (
        <p class="field-refusal" id="times-refusal" role="status" data-testid="times-refusal">
          Times is a whole number from 1, or empty for always.
        </p>
      )}
      {stages.map(({ title, phases }) => {
        const here = shown.filter((preset) => !isProviders(preset) && phases.includes(phaseOf(preset)));
        if (here.length === 0) return null;
        return (
          <div key={title} class="preset-group">
            <h4>{title}</h4>
            {listOf(here)}
          </div>
        );
      })}
      {providersOf(shown).map((provider) => (
        // Closed, so that it does not drown the others; open where somebody looks for it.
        <details key={provider} class="preset-group" open={wanted !== ""}>
          <summary>As {provider} says it</summary>
          {listOf(shown.filter((preset) => isProviders(preset) && providerOf(preset) === provider))}
        </details>
      ))}
    </section>
  );
}

function phaseOf({ rules: [rule] }: Preset): string {
  const on = rule?.on ?? "any";
  return typeof on === "string" ? on : ((on.length > 1 ? "any" : on[0]) ?? "any");
}

/** A provider has a pack, and presets whose names begin with its own. */
function isProviders({ name, rules }: Preset): boolean {
  return rules.length > 1 || name.includes(".");
}

function providerOf({ name }: Preset): string {
  return name.split(".")[0] ?? name;
}

function providersOf(presets: readonly Preset[]): readonly string[] {
  return [...new Set(presets.filter(isProviders).map(providerOf))];
}

/** A rule made from a preset has the id that the preset gives it; with options a hash is added to it. */
function rulesOf(preset: Preset, rules: readonly FaultRuleReport[]): readonly FaultRuleReport[] {
  const ids = preset.rules.map((rule) => rule.id);
  return rules.filter(({ id }) => ids.includes(id) || ids.includes(id.replace(/-[0-9a-f]{8}$/, "")));
}

function optionsOf(to: string, times: string): PresetOptions {
  return {
    ...(to.trim() === "" ? {} : { match: { to: to.trim() } }),
    ...(times === "" ? {} : { when: { times: Number(times) } }),
  };
}
