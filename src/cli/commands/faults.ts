import { faultPhases, listPresets } from "../../faults/mod.ts";
import { nearest } from "../../notation/mod.ts";
import { type Fault, type Faults, MailproofError, type Preset } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { parseJson } from "../file.ts";
import { given, inboxOption } from "../filter-options.ts";
import type { CommandLine } from "../flags.ts";
import { isOn, type Values } from "../option.ts";
import { type PlacedRule, readRules, refusedRule } from "../rules.ts";
import { printable, printableJson, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** What an action says, to a program and to a reader. */
interface Result {
  readonly json: unknown;
  readonly lines: (terminal: Terminal) => readonly string[];
}

interface Action {
  /** How many operands come after its name. */
  readonly operands: "none" | "one" | "some";
  /** A mistake in the operands is told before anybody is asked. */
  run(operands: readonly string[], values: Values): Promise<Result>;
}

const actions: Readonly<Record<string, Action>> = {
  list: {
    operands: "none",
    run: (_, values) => onServer(values, async (faults) => rulesResult(await faults.list())),
  },
  presets: {
    operands: "none",
    run: async () => presetsResult(listPresets()),
  },
  add: {
    operands: "one",
    run: ([text = ""], values) => {
      const rules = readText(text);
      return onServer(values, async (faults) => rulesResult([await add(rules, faults)]));
    },
  },
  use: {
    operands: "one",
    run: ([name = ""], values) => {
      const overrides = overridesOf(values);
      return onServer(values, async (faults) => rulesResult([await faults.use(name, overrides)]));
    },
  },
  remove: {
    operands: "some",
    run: (ids, values) =>
      onServer(values, async (faults) => {
        const all = await faults.list();
        // All are found before the first one goes.
        for (const fault of ids.map((id) => find(id, all))) await fault.remove();
        return { json: { removed: ids }, lines: () => ids.map((id) => `The rule ${printable(id)} is gone`) };
      }),
  },
  unused: {
    operands: "none",
    run: (_, values) =>
      onServer(values, async (faults) => rulesResult(await faults.unused(), "No rule is unused")),
  },
  reset: {
    operands: "none",
    run: (_, values) =>
      onServer(values, async (faults) => {
        await faults.reset();
        return { json: { reset: true }, lines: () => ["Counters are at zero"] };
      }),
  },
  clear: {
    operands: "none",
    run: (_, values) =>
      onServer(values, async (faults) => {
        await faults.clear();
        return {
          json: { cleared: true },
          lines: () => [values.has("inbox") ? "The rules of that inbox are gone" : "All rules are gone"],
        };
      }),
  },
};

export const faults: Command = {
  name: "faults",
  operands: "[list | presets | add RULE | use PRESET | remove ID… | unused | reset | clear]",
  summary: "Show and change the fault rules; RULE is as for --fault, or JSON",
  options: [
    { flag: "to", kind: "list", placeholder: "PATTERN", help: "With use: only for these recipients" },
    { flag: "from", kind: "list", placeholder: "PATTERN", help: "With use: only for these senders" },
    { flag: "user", kind: "list", placeholder: "PATTERN", help: "With use: only for who authenticated so" },
    {
      flag: "helo",
      kind: "list",
      placeholder: "PATTERN",
      help: "With use: only for who said HELO or EHLO so",
    },
    { flag: "times", kind: "count", help: "With use: at most so often" },
    { flag: "ttl", kind: "duration", help: "With use: only for so long" },
    { ...inboxOption, help: "Only the rules of this inbox; what is added is for it alone" },
  ],
  notes: [
    "RULE is PHASE [PATTERN] EFFECT, a preset, @FILE.json, or JSON. Quote it: it is one word to the shell.",
    "PATTERN is for the sender at mail, the name at helo, ehlo and lhlo, the user at auth, else the recipient.",
    "EFFECT is a reply, pass, reset, fin or stall; JSON can say more.",
    "",
    "  mailproof faults add 'rcpt gone@* 551 5.1.6 User has moved'",
    "  mailproof faults add 'data 451'",
    "  mailproof faults add @rules.json",
    `  mailproof faults add '{ "on": "rcpt", "when": { "times": 2 }, "do": { "delay": "3s", "end": "reset" } }'`,
    "  mailproof faults use greylisting --to '*@slow.test' --ttl 10m",
    "  mailproof faults use mailbox-full --times 2",
    "  mailproof faults remove mailbox-full",
    "  mailproof faults clear --inbox sign-up-1",
    "",
    "Presets are listed by mailproof faults presets, which needs no server.",
    "Phases:",
    ...linesOf(faultPhases),
    "",
  ],
  async run(line, terminal) {
    const [name = "list", ...operands] = line.positionals;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined || !fits(action, operands.length)) throw misread(name, operands, line);
    refuseOthers(name, line.values);
    const { json, lines } = await action.run(operands, line.values);
    if (isOn(line.values, "json")) terminal.out(printableJson(json, 2));
    else for (const text of lines(terminal)) terminal.out(text);
    return 0;
  },
};

function fits({ operands }: Action, count: number): boolean {
  if (operands === "some") return count > 0;
  return count === (operands === "one" ? 1 : 0);
}

function misread(name: string, operands: readonly string[], { positionals }: CommandLine): UsageError {
  const words = operands.join(" ");
  if (name === "add" && operands.length > 1) {
    const quoted = `'${words.replaceAll("'", `'\\''`)}'`;
    return new UsageError(`Failed to read the rule: ${words}; quote it: mailproof faults add ${quoted}`);
  }
  return new UsageError(
    `Failed to read the command: faults ${positionals.join(" ")}; write mailproof faults ${faults.operands}`,
  );
}

/** What would be for everybody and for ever is not done where somebody asked for less. */
function refuseOthers(name: string, values: Values): void {
  const foreign = [
    ...(name === "use" ? [] : ["to", "from", "user", "helo", "times", "ttl"]),
    ...(name === "presets" ? ["inbox"] : []),
  ];
  const flag = foreign.find((one) => values.has(one));
  if (flag === undefined) return;
  const advice = name === "add" ? "say it in RULE, or leave it out" : "leave it out";
  throw new UsageError(`Failed to follow --${flag}: faults ${name} does not take it; ${advice}`);
}

async function onServer(values: Values, ask: (faults: Faults) => Promise<Result>): Promise<Result> {
  return await connected(values, (mail) => ask(mail.faults));
}

/** Only what was given: some presets know nobody whom a `match` could name. */
function overridesOf(values: Values): object {
  const match = given(values, ["to", "from", "user", "helo"]);
  const when = given(values, ["times"]);
  return {
    ...given(values, ["ttl"]),
    ...(Object.keys(match).length === 0 ? {} : { match }),
    ...(Object.keys(when).length === 0 ? {} : { when }),
  };
}

function rulesResult(found: readonly Fault[], none = "No rules"): Result {
  const rules = found.flatMap((fault) => fault.rules);
  const lines = ({ paint }: Terminal): string[] =>
    rules.map(
      ({ id, explain, state }) =>
        `${paint("bold", printable(id))}  ${printable(explain)}  (${formatState(state)})`,
    );
  return { json: rules, lines: rules.length === 0 ? () => [none] : lines };
}

/** `matched 2×, fired 2×, spent` */
function formatState({ matched, fired, spent }: Fault["rule"]["state"]): string {
  return `matched ${matched}×, fired ${fired}×${spent ? ", spent" : ""}`;
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
async function add(placed: readonly PlacedRule[], faults: Faults): Promise<Fault> {
  try {
    return await faults.add(placed.map(({ rule }) => rule));
  } catch (error) {
    if (!(error instanceof MailproofError && error.is("bad-rule"))) throw error;
    throw refusedRule(placed, error.path ?? "", error.problem?.detail ?? error.message) ?? error;
  }
}

/** @throws Error that names the id which was probably meant */
function find(id: string, all: readonly Fault[]): Fault {
  const found = all.find((fault) => fault.id === id);
  if (found !== undefined) return found;
  const ids = all.map((fault) => fault.id);
  // A rule whose id was derived has a hash at its end.
  const longer = ids.filter((one) => one.startsWith(`${id}-`));
  const near = longer.length > 0 ? longer.join(" or ") : nearest(id, ids);
  const advice = near === null ? "see mailproof faults list" : `did you mean ${near}?`;
  throw new Error(`Failed to find the rule: ${JSON.stringify(id)}; ${advice}`);
}

/** As `--fault` has it, or JSON: a rule, or a list of rules. */
function readText(text: string): PlacedRule[] {
  const isJson = /^[{[]/.test(text);
  return readRules(isJson ? parseJson(text, "the rule") : text, "", "the rule");
}

/** Words with commas between them, in lines that fit. */
function linesOf(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
