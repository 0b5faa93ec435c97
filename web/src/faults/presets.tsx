import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { FaultRuleReport, Preset, PresetOptions } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { presets } from "../model/model.ts";
import { useAttempts } from "./attempt.ts";
import { PresetGroups, rulesOf } from "./preset-groups.tsx";

/** Ready faults, one switch each. */
export function Presets({ rules }: { rules: readonly FaultRuleReport[] }): VNode {
  const all = useCell(presets);
  const [to, setTo] = useState("");
  const [times, setTimes] = useState("");
  const [wanted, setWanted] = useState("");
  const toField = useRef<HTMLInputElement>(null);
  const timesField = useRef<HTMLInputElement>(null);
  const { refusal, attempt, forget } = useAttempts<string>();
  const shown = all.filter(({ name, explain }) =>
    `${name} ${explain}`.toLowerCase().includes(wanted.toLowerCase()),
  );

  const isCount = /^(?:[1-9]\d{0,8})?$/.test(times.trim());
  const isToWrong = refusal !== null && isAboutRecipient(refusal.error);

  async function toggle(preset: Preset, on: boolean): Promise<void> {
    const { name } = preset;
    if (!on) {
      await attempt(name, () => Promise.all(rulesOf(preset, rules).map(({ id }) => api.removeRule(id))));
    } else if (!isCount) {
      timesField.current?.focus();
    } else if (await attempt(name, () => use(name))) {
      setTo("");
      setTimes("");
    }
  }

  async function use(name: string): Promise<void> {
    try {
      await api.usePreset(name, optionsOf(to, times.trim()));
    } catch (error) {
      // What is wrong may be far above the switch.
      if (isAboutRecipient(error)) toField.current?.focus();
      throw error;
    }
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
      <fieldset class="next-options">
        <legend>For the next preset switched on</legend>
        <label>
          <span>only for recipient</span>
          <input
            ref={toField}
            type="text"
            placeholder="anyone, or *@example.com"
            spellcheck={false}
            aria-invalid={isToWrong}
            aria-describedby={isToWrong ? "to-refusal" : undefined}
            data-testid="preset-to"
            value={to}
            onInput={(event) => {
              setTo(event.currentTarget.value);
              forget();
            }}
          />
        </label>
        <label>
          <span>times</span>
          <input
            ref={timesField}
            type="text"
            inputMode="numeric"
            placeholder="∞"
            spellcheck={false}
            aria-invalid={!isCount}
            aria-describedby={isCount ? undefined : "times-refusal"}
            data-testid="preset-times"
            value={times}
            onInput={(event) => {
              setTimes(event.currentTarget.value);
              forget();
            }}
          />
        </label>
        {isToWrong && (
          <p class="field-refusal" id="to-refusal" role="alert" data-testid="to-refusal">
            {refusal.error.message.replace(/^match\.to: /, "")}
          </p>
        )}
        {!isCount && (
          <p class="field-refusal" id="times-refusal" role="status" data-testid="times-refusal">
            Times is a whole number from 1, or empty for always.
          </p>
        )}
        {to.trim() !== "" && (
          <p class="options-note">Grey are those that strike before a recipient is known.</p>
        )}
      </fieldset>
      {all.length > 0 && shown.length === 0 && (
        <p class="explanation" role="status" data-testid="no-preset">
          None found.
        </p>
      )}
      <PresetGroups
        presets={shown}
        rules={rules}
        searched={wanted !== ""}
        hasRecipient={to.trim() !== ""}
        refusal={isToWrong ? null : refusal}
        onToggle={(preset, on) => void toggle(preset, on)}
      />
    </section>
  );
}

function isAboutRecipient(error: unknown): boolean {
  return error instanceof api.ApiError && (error.problem?.path ?? "").startsWith("match.to");
}

function optionsOf(to: string, times: string): PresetOptions {
  return {
    ...(to.trim() === "" ? {} : { match: { to: to.trim() } }),
    ...(times === "" ? {} : { when: { times: Number(times) } }),
  };
}
