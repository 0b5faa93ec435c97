/** `expect` with the matchers, as a user of Vitest sets it up. */
import { expect } from "vitest";
import { type MailproofMatchers, matchers } from "../../src/sdk/matchers.ts";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration has to repeat Vitest's own.
  interface Matchers<T = any> extends MailproofMatchers<T> {}
}

expect.extend(matchers);
