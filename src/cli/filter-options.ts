import type { MessageFilter } from "../sdk/mod.ts";
import type { Option, Value, Values } from "./option.ts";

/** Of everything that can belong to an inbox; `connected` heeds it. */
export const inboxOption: Option = {
  flag: "inbox",
  kind: "text",
  placeholder: "ID",
  help: "Only of this inbox",
};

/** Which messages: patterns as everywhere, `*@example.test` or `/regex/i`. */
export const filterOptions: readonly Option[] = [
  {
    flag: "to",
    kind: "list",
    placeholder: "PATTERN",
    help: "An accepted recipient; repeatable: any of them",
  },
  { flag: "from", kind: "list", placeholder: "PATTERN", help: "Reverse-path or From; repeatable" },
  { flag: "subject", kind: "text", placeholder: "PATTERN", help: "Without a wildcard: contains" },
  inboxOption,
  { flag: "q", kind: "text", placeholder: "QUERY", help: "The search line of the inbox" },
];

/** The filter that those flags make. */
export function filterOf(values: Values): MessageFilter {
  return given(values, ["to", "from", "subject", "q"]) as MessageFilter;
}

/** Those of the flags that were given, as fields. */
export function given(values: Values, flags: readonly string[]): Readonly<Record<string, Value>> {
  const fields = flags.flatMap((flag): [string, Value][] => {
    const value = values.get(flag);
    return value === undefined ? [] : [[flag, value]];
  });
  return Object.fromEntries(fields);
}
