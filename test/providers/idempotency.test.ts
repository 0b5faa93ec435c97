import { expect, test } from "vitest";
import { IdempotencyKeys } from "../../src/providers/idempotency.ts";

test("a key is taken, settled, repeated, and free again when it is old or was released", () => {
  const keys = new IdempotencyKeys(1_000);
  expect(keys.claim("k", "a", 0)).toEqual({ kind: "new" });
  expect(keys.claim("k", "a", 1)).toEqual({ kind: "under-way" });
  expect(keys.claim("k", "b", 1)).toEqual({ kind: "different" });
  keys.release("k");
  expect(keys.claim("k", "b", 2)).toEqual({ kind: "new" });
  keys.settle("k", ["1"]);
  keys.release("k");
  expect(keys.claim("k", "b", 1_001)).toEqual({ kind: "repeated", ids: ["1"] });
  expect(keys.claim("k", "a", 1_002)).toEqual({ kind: "new" });
  keys.forget();
  expect(keys.claim("k", "b", 1_003)).toEqual({ kind: "new" });
});

test("of many the oldest are forgotten", () => {
  const keys = new IdempotencyKeys(1_000);
  for (let n = 0; n <= 10_000; n++) keys.claim(`k${n}`, "a", 0);
  expect(keys.claim("k1", "b", 0)).toEqual({ kind: "different" });
  expect(keys.claim("k0", "b", 0)).toEqual({ kind: "new" });
});
