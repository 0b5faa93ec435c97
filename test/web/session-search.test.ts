import { expect, test } from "vitest";
import { sessionFilter } from "../../web/src/model/session-search.ts";

const rows: readonly [line: string, filter: Record<string, string>][] = [
  ["", {}],
  ["ada", { user: "*ada*" }],
  ["ada@x.test", { user: "*ada@x.test*" }],
  ["127.0.0", { source: "*127.0.0*" }],
  ["10.*", { source: "10.*" }],
  ["::1", { source: "*::1*" }],
  ["fe80::1", { source: "*fe80::1*" }],
  ["SMTPS", { listener: "SMTPS" }],
  ["listener:smtp user:ada", { listener: "smtp", user: "*ada*" }],
  ['address:"10.0.0.1" is:open', { source: "*10.0.0.1*", open: "true" }],
  ["is:closed", { open: "false" }],
];

for (const [line, filter] of rows) {
  test(`sessions: ${JSON.stringify(line)}`, () => {
    expect(sessionFilter(line)).toEqual(filter);
  });
}
