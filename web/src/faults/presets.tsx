import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { FaultRuleReport, Preset, PresetOptions } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { presets } from "../model/model.ts";
import { PresetGroups, rulesOf } from "./preset-groups.tsx";

interface Props {
  readonly rules: readonly FaultRuleReport[];
  readonly attempt: (action: () => Promise<unknown>) => void;
}

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
    if (!on) return await Promise.all(rulesOf(preset, rules).map(({ id }) => api.removeRule(id)));
    const { name } = preset;
    if (isCount) return await api.usePreset(name, optionsOf(to, times.trim()));
    throw new RangeError(
      `Failed to switch ${name} on: times is ${JSON.stringify(times)}; use a whole number from 1, or leave it empty for always`,
    );
  }

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
      <PresetGroups
        presets={shown}
        rules={rules}
        searched={wanted !== ""}
        onToggle={(preset, on) => attempt(() => toggle(preset, on))}
      />
    </section>
  );
}

function optionsOf(to: string, times: string): PresetOptions {
  return {
    ...(to.trim() === "" ? {} : { match: { to: to.trim() } }),
    ...(times === "" ? {} : { when: { times: Number(times) } }),
  };
}
