import type {
  FaultMatch,
  FaultRule,
  FaultRuleReport,
  FaultsReply,
  Preset,
  PresetOptions,
  PresetsReply,
} from "../api/contract.ts";
import { MailproofError } from "./error.ts";
import { writePatterns } from "./pattern.ts";
import { segment, type Transport } from "./transport.ts";

/** The same with a RegExp allowed wherever a text stands. */
export type WithRegExp<T> = T extends string
  ? T | RegExp
  : T extends readonly (infer Item)[]
    ? readonly WithRegExp<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WithRegExp<T[Key]> }
      : T;

/** A fault rule whose patterns may be RegExp. */
export type RuleInput = Omit<FaultRule, "match"> & { readonly match?: WithRegExp<FaultMatch> };

/** A rule, or rules that were added together, on the server. */
export interface Fault {
  /** Of the first rule. */
  readonly id: string;
  /** The first rule, as it was when this handle was made. */
  readonly rule: FaultRuleReport;
  /** All of them; more than one for a list of rules, and for a preset that has more. */
  readonly rules: readonly FaultRuleReport[];
  /** How often it fired up to now. Rejects when the rule is gone. */
  fired(): Promise<number>;
  /** Does nothing when the rule is gone. */
  remove(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Fault rules of a server. */
export interface Faults {
  /**
   * One rule, or several, all or none. Rejects with a `MailproofError` whose `path` says where a rule is wrong:
   * `do[1].reply`, of several `rules[2].do[1].reply`.
   */
  add(rule: RuleInput | readonly RuleInput[]): Promise<Fault>;
  /** A preset, with `match`, `when` and `ttl` merged into it field by field. */
  use(name: string, overrides?: WithRegExp<PresetOptions>): Promise<Fault>;
  list(): Promise<Fault[]>;
  presets(): Promise<Preset[]>;
  /** Sets all counters to zero; the rules stay. */
  reset(): Promise<void>;
  /** Removes all rules. */
  clear(): Promise<void>;
  /** Enabled rules that have not fired since they were added or reset. */
  unused(): Promise<Fault[]>;
}

export function faultsOf(transport: Transport, inbox: string | null): Faults {
  const path = "/api/faults";
  const query = new URLSearchParams(inbox === null ? [] : [["inbox", inbox]]);
  const list = async () => {
    const { rules } = await transport.json<FaultsReply>({
      action: "list the rules",
      path,
      query,
      list: "rules",
    });
    return rules.map((rule) => liveFault([rule], transport));
  };
  return {
    add: async (rule) => {
      const rules = Array.isArray(rule) ? rule : null;
      if (rules?.length === 0)
        throw new TypeError("Failed to add the rules: the list is empty; give one rule");
      const action = rules === null ? "add the rule" : "add the rules";
      const body = writePatterns(rules === null ? rule : { rules });
      const reply = await transport.json<FaultRuleReport | FaultsReply>({
        action,
        method: "POST",
        path,
        query,
        body,
      });
      return liveFault("rules" in reply ? reply.rules : [reply], transport);
    },
    use: async (name, overrides = {}) => {
      const body = writePatterns(overrides);
      const action = `use the preset ${JSON.stringify(name)}`;
      const at = `${path}/presets/${segment(name)}`;
      const call = { action, method: "POST", path: at, query, body } as const;
      return liveFault((await transport.json<FaultsReply>(call)).rules, transport);
    },
    list,
    presets: async () => {
      const call = { action: "list the presets", path: `${path}/presets`, list: "presets" };
      return (await transport.json<PresetsReply>(call)).presets;
    },
    reset: async () => {
      await transport.text({ action: "reset the counters", method: "POST", path: `${path}/reset`, query });
    },
    clear: async () =>
      void (await transport.text({ action: "remove the rules", method: "DELETE", path, query })),
    unused: async () => (await list()).filter(({ rule }) => rule.enabled && rule.state.fired === 0),
  };
}

function liveFault(rules: readonly FaultRuleReport[], transport: Transport): Fault {
  const [first] = rules;
  if (first === undefined) throw new TypeError("Failed to add the fault: the server answered without a rule");
  const pathOf = ({ id }: FaultRuleReport) => `/api/faults/${segment(id)}`;
  const remove = async () => {
    for (const rule of rules) {
      const call = { action: "remove the rule", method: "DELETE", path: pathOf(rule) } as const;
      await transport.text(call).catch(ignoreGone);
    }
  };
  return {
    id: first.id,
    rule: first,
    rules,
    fired: async () => {
      const action = "read the rule";
      const now = rules.map((rule) => transport.json<FaultRuleReport>({ action, path: pathOf(rule) }));
      return (await Promise.all(now)).reduce((sum, { state }) => sum + state.fired, 0);
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof MailproofError && error.is("not-found"))) throw error;
}
