import type { ComponentChildren, VNode } from "preact";
import type { FaultRuleReport, Preset } from "../../../src/api/contract.ts";
import type { Refusal } from "../model/refusal.ts";
import { Plain } from "../text/plain.tsx";
import { Switch } from "./switch.tsx";

interface Props {
  readonly presets: readonly Preset[];
  readonly rules: readonly FaultRuleReport[];
  /** Whether presets are looked for, so that none may hide. */
  readonly searched: boolean;
  /** Whether the next one is to be for some recipient only. */
  readonly hasRecipient: boolean;
  /** Of the last switch, by the preset's name. */
  readonly refusal: Refusal<string> | null;
  readonly onToggle: (preset: Preset, on: boolean) => void;
}

/** In the order in which a session comes to them; what has no place of its own is in the last. */
const stages: readonly { readonly title: string; readonly phases: readonly string[] }[] = [
  { title: "Connecting", phases: ["connect", "greeting", "helo", "ehlo", "lhlo"] },
  { title: "TLS", phases: ["starttls", "tls"] },
  { title: "Login", phases: ["auth-start", "auth"] },
  { title: "Sender", phases: ["mail"] },
  { title: "Recipients", phases: ["rcpt"] },
  { title: "Content", phases: ["data", "content", "bdat", "end-of-data"] },
  { title: "Anywhere", phases: [] },
];

/** By the stage of a session; those of a provider are folded away behind its name. */
export function PresetGroups(props: Props): VNode {
  const { presets, rules, searched } = props;
  const item = (preset: Preset): VNode => <PresetItem key={preset.name} preset={preset} {...props} />;
  const plain = presets.filter((preset) => providerOf(preset) === null);
  const providers = [...new Set(presets.map(providerOf))].filter((provider) => provider !== null);
  return (
    <>
      {stages.map(({ title }) => (
        <Group key={title} title={title}>
          {plain.filter((preset) => stageOf(preset) === title).map(item)}
        </Group>
      ))}
      {providers.map((provider) => {
        const own = presets.filter((preset) => providerOf(preset) === provider);
        const on = own.filter((preset) => isOn(preset, rules)).length;
        return (
          <details key={provider} class="preset-group" open={searched} data-testid={`provider-${provider}`}>
            <summary>
              In the words of <b>{provider}</b>
              {on > 0 && <span class="is-fault-text"> {on} on</span>}
            </summary>
            <ul>{own.map(item)}</ul>
          </details>
        );
      })}
    </>
  );
}

/** A rule made from a preset has the id that the preset gives it; with options a hash is added to it. */
export function rulesOf(preset: Preset, rules: readonly FaultRuleReport[]): readonly FaultRuleReport[] {
  const ids = preset.rules.map((rule) => rule.id);
  return rules.filter(({ id }) => ids.includes(id) || ids.includes(id.replace(/-[0-9a-f]{8}$/, "")));
}

function isOn(preset: Preset, rules: readonly FaultRuleReport[]): boolean {
  return rulesOf(preset, rules).length > 0;
}

function Group({ title, children }: { title: string; children: readonly ComponentChildren[] }): VNode | null {
  if (children.length === 0) return null;
  return (
    <div class="preset-group">
      <h4>{title}</h4>
      <ul>{children}</ul>
    </div>
  );
}

type ItemProps = Omit<Props, "presets" | "searched"> & { readonly preset: Preset };

function PresetItem({ preset, rules, hasRecipient, refusal, onToggle }: ItemProps): VNode {
  const { name, explain } = preset;
  const on = isOn(preset, rules);
  const blocked =
    !on && hasRecipient && !knowsRecipient(preset) ? "It strikes before a recipient is known" : null;
  const refused = refusal?.at === name ? refusal.error.message : null;
  return (
    <li
      class={`preset ${on ? "is-on" : ""} ${blocked === null ? "" : "is-blocked"}`}
      title={blocked ?? undefined}
    >
      <span class="preset-text">
        <code>{name}</code>
        <span class="preset-explain">
          <Plain text={explain} />
        </span>
        {refused !== null && (
          <span class="field-refusal" id="preset-refusal" role="alert" data-testid="preset-refusal">
            {refused}
          </span>
        )}
      </span>
      <Switch
        on={on}
        label={name}
        testId={`preset-${name}`}
        blocked={blocked}
        refusedBy={refused === null ? undefined : "preset-refusal"}
        onChange={(next) => onToggle(preset, next)}
      />
    </li>
  );
}

const beforeRecipients: readonly string[] = [
  "connect",
  "greeting",
  "helo",
  "ehlo",
  "lhlo",
  "starttls",
  "tls",
  "auth-start",
  "auth",
  "mail",
];

/** A pack does, if one of its rules does. */
function knowsRecipient({ rules }: Preset): boolean {
  return rules.some(({ on }) => [on].flat().some((phase) => !beforeRecipients.includes(phase)));
}

function stageOf({ rules: [rule] }: Preset): string {
  const phases = [rule?.on ?? []].flat();
  const stage = stages.find((one) => phases.length === 1 && one.phases.includes(phases[0]!));
  return stage?.title ?? "Anywhere";
}

/** `gmail` of the pack `gmail` and of `gmail.spam`. */
function providerOf({ name, rules }: Preset): string | null {
  return rules.length > 1 || name.includes(".") ? name.replace(/\..*/, "") : null;
}
