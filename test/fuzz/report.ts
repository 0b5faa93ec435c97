/** A finding as one can read it, and turn it into a test. */
import type { FuzzCase } from "./fuzz-case.ts";
import { type Finding, shown } from "./play.ts";

export function describeFinding(seed: number, finding: Finding, smallest: FuzzCase): string {
  return [
    `seed ${seed}: ${finding.message}`,
    "",
    describeCase(smallest),
    "",
    `Run it again: npm run fuzz -- --seed ${seed}`,
  ].join("\n");
}

/** The options, what is said instead of the engine's replies, and the client's octets as JSON strings. */
export function describeCase({ options, items, verdicts, cutSeed }: FuzzCase): string {
  const settings = Object.entries(options).map(([name, value]) => {
    return `  ${name}: ${value instanceof Set ? [...value].join(" ") : value}`;
  });
  const rules = [...verdicts].map(([at, said]) => {
    const text = said === null ? "nothing" : `${said.code} ${said.enhanced ?? ""} ${said.lines.join(" / ")}`;
    return `  at checkpoint ${at} is said: ${shown(text)}`;
  });
  return [
    ...settings,
    ...rules,
    `  cut seed: ${cutSeed}`,
    ...items.map((item) => `  C| ${shown(item, 2000)}`),
  ].join("\n");
}
