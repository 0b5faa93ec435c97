/**
 * Vitest from 3.2 on: a `test` with the fixtures `mail` and `inbox`, and an `expect` with the matchers.
 *
 * @example
 * ```ts
 * import { expect, test } from "mailproof/vitest";
 *
 * test("a new member gets a code", async ({ inbox }) => {
 *   await signUp({ address: inbox.address("ada"), smtp: inbox.smtp.url });
 *   expect(await inbox.waitFor({ to: inbox.address("ada") })).toHaveCode();
 * });
 * ```
 * @module
 */
import { expect, test as plainTest, type RunnerTestCase, type TestAPI } from "vitest";
import type { MailproofOptions } from "../mailproof.ts";
import { type Evidence, type Inbox, type Mailproof, type MailproofMatchers, matchers } from "../sdk/mod.ts";
import { closeInbox, openInbox } from "./inbox.ts";
import { openMail } from "./server.ts";

declare global {
  namespace Chai {
    // What the assertions of every version of Vitest are made of; its own `Matchers` differ from version to version.
    interface Assertion extends MailproofMatchers {}
  }
}

declare module "vitest" {
  interface TaskMeta {
    /** Of a test that failed and had an inbox. */
    mailproof?: TestMail;
  }
}

/** For reporters: what the inbox of a test had in it. */
export interface TestMail {
  /** As it is printed. */
  readonly text: string;
  /** Messages (`m1.eml`) and transcripts (`s1.txt`). */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What {@link test} adds to the context of a test. */
export interface MailFixtures {
  /** Of the server that is started, where `MAILPROOF_URL` names none. */
  mailOptions: MailproofOptions;
  /** The server: one for all tests of a worker. */
  mail: Mailproof;
  /** An inbox of the test's own, named after it. */
  inbox: Inbox;
}

expect.extend(matchers);

export const test: TestAPI<MailFixtures> = plainTest.extend<MailFixtures>({
  mailOptions: [{}, { scope: "worker" }],
  mail: [
    async ({ mailOptions }, use) => {
      const mail = await openMail(mailOptions);
      await use(mail);
      await mail.close();
    },
    { scope: "worker" },
  ],
  inbox: async ({ mail, task }, use) => {
    const inbox = await openInbox(mail, titlesOf(task));
    await use(inbox);
    const failed = task.result?.state === "fail" && task.fails !== true;
    await closeInbox(inbox, failed, (evidence) => {
      // An annotation is refused once the test has failed.
      task.meta.mailproof = reportable(evidence);
      console.error(`inbox ${inbox.id}: ${evidence.text}`);
    });
  },
});

export { expect };

/** Reports are often JSON, so octets are read as UTF-8. */
function reportable({ text, letters, transcripts }: Evidence): TestMail {
  const decoder = new TextDecoder();
  const mail = letters.map(({ name, octets }) => ({ name, text: decoder.decode(octets) }));
  return { text, files: [...mail, ...transcripts] };
}

function titlesOf(task: Readonly<RunnerTestCase>): string[] {
  const titles = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) titles.unshift(suite.name);
  return titles;
}
