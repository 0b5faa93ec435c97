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
  ["dead:beef::1", { source: "*dead:beef::1*" }],
  ["inbox:foo", { inbox: "*foo*" }],
];

for (const [line, filter] of rows) {
  test(`sessions: ${JSON.stringify(line)}`, () => {
    expect(sessionFilter(line)).toEqual(filter);
  });
}

const mistakes: readonly (readonly [line: string, column: number, reason: string])[] = [
  ["is:banana", 4, '"banana" is none of is:open, is:closed'],
  ["ada helo:x", 5, '"helo:" is no operator here; use user: address: source: listener: inbox: is:'],
  ["ada bob", 5, "user: is searched for already"],
  ["address:10.0.0.1 source:10.0.0.2", 18, "source: is searched for already"],
];

for (const [line, column, reason] of mistakes) {
  test(`sessions: ${JSON.stringify(line)} is refused at column ${column}`, () => {
    expect(() => sessionFilter(line)).toThrow(
      expect.objectContaining({ column, message: expect.stringContaining(reason) }),
    );
  });
}
