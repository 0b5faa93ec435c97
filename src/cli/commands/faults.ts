import type { PresetOptions } from "../../api/contract.ts";
import { nearest } from "../../notation/mod.ts";
import { type Fault, type Faults, MailproofError, type Preset, type WithRegExp } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { parseJson } from "../file.ts";
import { given } from "../filter-options.ts";
import type { CommandLine } from "../flags.ts";
import { isOn } from "../option.ts";
import { type PlacedRule, readRules, refusedRule } from "../rules.ts";
import { printable, printableJson, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** What an action says, to a program and to a reader. */
interface Result {
  readonly json: unknown;
  readonly lines: (terminal: Terminal) => readonly string[];
}

/** Reads its arguments first, so that a mistake in them is told before anybody is asked. */
type Action = (operands: readonly string[], line: CommandLine) => (faults: Faults) => Promise<Result>;

const actions: Readonly<Record<string, Action>> = {
  list: () => async (faults) => rulesResult(await faults.list()),
  presets: () => async (faults) => presetsResult(await faults.presets()),
  add: ([text = ""]) => {
    const rules = readText(text);
    return async (faults) => {
      const added: Fault[] = [];
      for (const rule of rules) added.push(await add(rule, faults));
      return rulesResult(added);
    };
  },
  use: ([name = ""], { values }) => {
    const overrides = {
      ...given(values, ["ttl"]),
      match: given(values, ["to", "from"]),
      when: given(values, ["times"]),
    };
    return async (faults) => rulesResult([await use(name, overrides as WithRegExp<PresetOptions>, faults)]);
  },
  remove:
    ([id = ""]) =>
    async (faults) => {
      await (await find(id, faults)).remove();
      return { json: { removed: id }, lines: () => [`The rule ${printable(id)} is gone`] };
    },
  unused: () => async (faults) => rulesResult(await faults.unused(), "No rule is unused"),
  reset: () => async (faults) => {
    await faults.reset();
    return { json: { reset: true }, lines: () => ["Counters are at zero"] };
  },
  clear: () => async (faults) => {
    await faults.clear();
    return { json: { cleared: true }, lines: () => ["All rules are gone"] };
  },
};

/** How many operands come after the action. */
const operandCounts: Readonly<Record<string, number>> = { add: 1, use: 1, remove: 1 };

export const faults: Command = {
  name: "faults",
  operands: "[list | presets | add RULE | use PRESET | remove ID | unused | reset | clear]",
  summary: "Show and change the fault rules; RULE is as for --fault, or JSON",
  options: [
    { flag: "to", kind: "list", placeholder: "PATTERN", help: "With use: only for these recipients" },
    { flag: "from", kind: "list", placeholder: "PATTERN", help: "With use: only for these senders" },
    { flag: "times", kind: "count", help: "With use: at most so often" },
    { flag: "ttl", kind: "duration", help: "With use: only for so long" },
  ],
  async run(line, terminal) {
    const [name = "list", ...operands] = line.positionals;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined || operands.length !== (operandCounts[name] ?? 0)) {
      throw new UsageError(
        `Failed to read the command: faults ${line.positionals.join(" ")}; write mailproof faults ${faults.operands}`,
      );
    }
    const act = action(operands, line);
    const { json, lines } = await connected(line.values, (mail) => act(mail.faults));
    if (isOn(line.values, "json")) terminal.out(printableJson(json, 2));
    else for (const text of lines(terminal)) terminal.out(text);
    return 0;
  },
};

function rulesResult(found: readonly Fault[], none = "No rules"): Result {
  const rules = found.flatMap((fault) => fault.rules);
  const lines = ({ paint }: Terminal): string[] =>
    rules.map(
      ({ id, explain, state }) =>
        `${paint("bold", printable(id))}  ${printable(explain)}  (matched ${state.matched}×, fired ${state.fired}×)`,
    );
  return { json: rules, lines: rules.length === 0 ? () => [none] : lines };
}

function presetsResult(presets: readonly Preset[]): Result {
  const width = Math.max(...presets.map(({ name }) => name.length));
  return {
    json: presets,
    lines: ({ paint }) =>
      presets.map(({ name, explain }) => `${paint("bold", name.padEnd(width))}  ${explain}`),
  };
}

/** The server says what is wrong with a rule; which rule it is, is known here. */
async function add(placed: PlacedRule, faults: Faults): Promise<Fault> {
  try {
    return await faults.add(placed.rule);
  } catch (error) {
    if (!(error instanceof MailproofError && error.is("bad-rule"))) throw error;
    throw refusedRule(placed, error.path ?? "", error.problem?.detail ?? error.message);
  }
}

async function use(name: string, overrides: WithRegExp<PresetOptions>, faults: Faults): Promise<Fault> {
  try {
    return await faults.use(name, overrides);
  } catch (error) {
    if (!(error instanceof MailproofError && error.is("not-found"))) throw error;
    const names = (await faults.presets()).map((preset) => preset.name);
    throw missing("preset", name, names, "mailproof faults presets");
  }
}

async function find(id: string, faults: Faults): Promise<Fault> {
  const all = await faults.list();
  const found = all.find((fault) => fault.id === id);
  if (found !== undefined) return found;
  const ids = all.map((fault) => fault.id);
  throw missing("rule", id, ids, "mailproof faults list");
}

function missing(what: string, name: string, names: readonly string[], list: string): Error {
  const near = nearest(name, names);
  const advice = near === null ? `see ${list}` : `did you mean ${near}?`;
  return new Error(`Failed to find the ${what}: ${JSON.stringify(name)}; ${advice}`);
}

/** As `--fault` has it, or JSON: a rule, or a list of rules. */
function readText(text: string): PlacedRule[] {
  const isJson = /^[{[]/.test(text);
  return readRules(isJson ? parseJson(text, "the rule") : text, "", "the rule");
}
