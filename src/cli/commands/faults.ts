import type { PresetOptions } from "../../api/contract.ts";
import { parseFaultText } from "../../mailproof.ts";
import type { Fault, Faults, RuleInput, WithRegExp } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { readNamedFile } from "../file.ts";
import { given } from "../filter-options.ts";
import type { CommandLine } from "../flags.ts";
import { isOn } from "../option.ts";
import { printable, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type Result = readonly Fault[] | string;

/** Reads its arguments first, so that a mistake in them is told before anybody is asked. */
type Action = (operands: readonly string[], line: CommandLine) => (faults: Faults) => Promise<Result>;

const actions: Readonly<Record<string, Action>> = {
  list: () => (faults) => faults.list(),
  add: ([text = ""]) => {
    const rules = parseRules(text);
    return async (faults) => {
      const added: Fault[] = [];
      for (const rule of rules) added.push(await faults.add(rule));
      return added;
    };
  },
  use: ([name = ""], { values }) => {
    const overrides = {
      ...given(values, ["ttl"]),
      match: given(values, ["to", "from"]),
      when: given(values, ["times"]),
    };
    return async (faults) => [await faults.use(name, overrides as WithRegExp<PresetOptions>)];
  },
  reset: () => async (faults) => {
    await faults.reset();
    return "Counters are at zero";
  },
  clear: () => async (faults) => {
    await faults.clear();
    return "All rules are gone";
  },
};

/** How many operands come after the action. */
const operandCounts: Readonly<Record<string, number>> = { add: 1, use: 1 };

export const faults: Command = {
  name: "faults",
  operands: "[list | add RULE | use PRESET | reset | clear]",
  summary: "Show and change the fault rules; RULE is as for --fault, or JSON",
  options: [
    { flag: "to", kind: "list", placeholder: "PATTERN", help: "With use: only for these recipients" },
    { flag: "from", kind: "list", placeholder: "PATTERN", help: "With use: only for these senders" },
    { flag: "times", kind: "count", help: "With use: at most so often" },
    { flag: "ttl", kind: "duration", help: "With use: only for so long" },
  ],
  async run(line, terminal) {
    const [name = "list", ...operands] = line.positionals;
    const action = actions[name];
    if (action === undefined || operands.length !== (operandCounts[name] ?? 0)) {
      throw new UsageError(
        `Failed to read the command: ${line.positionals.join(" ")}; write mailproof faults ${faults.operands}`,
      );
    }
    const act = action(operands, line);
    const result = await connected(line.values, (mail) => act(mail.faults));
    print(result, isOn(line.values, "json"), terminal);
    return 0;
  },
};

function print(result: Result, json: boolean, terminal: Terminal): void {
  if (typeof result === "string") {
    if (!json) terminal.out(result);
    return;
  }
  const rules = result.flatMap((fault) => fault.rules);
  if (json) terminal.out(JSON.stringify(rules, null, 2));
  else if (rules.length === 0) terminal.out("No rules");
  else
    for (const { id, explain, state } of rules) {
      terminal.out(
        `${terminal.paint("bold", printable(id))}  ${printable(explain)}  (fired ${state.fired}×)`,
      );
    }
}

/** As `--fault` has it, or JSON: a rule, or a list of rules. */
function parseRules(text: string): readonly RuleInput[] {
  if (!/^[@{[]/.test(text)) return parseFaultText(text);
  const source = text.startsWith("@") ? readNamedFile(text.slice(1), "the rule") : text;
  try {
    // The server says what is wrong with a rule, and where.
    const rules: RuleInput | RuleInput[] = JSON.parse(source);
    return Array.isArray(rules) ? rules : [rules];
  } catch (error) {
    throw new UsageError(
      `Failed to read the rule: ${(error as Error).message}; write JSON, @FILE.json, or a rule as for --fault`,
    );
  }
}
