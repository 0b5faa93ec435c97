/**
 * Playwright: a `test` with the fixtures `mail` and `inbox`, and an `expect` with the matchers.
 *
 * @example
 * ```ts
 * import { expect, test } from "mailproof/playwright";
 *
 * test("a new member gets a link", async ({ page, inbox }) => {
 *   await page.getByLabel("Address").fill(inbox.address("ada"));
 *   await page.getByRole("button", { name: "Sign up" }).click();
 *   await page.goto((await inbox.waitFor({ to: inbox.address("ada") })).link("*\/confirm*"));
 * });
 * ```
 * @module
 */
import {
  type Expect,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  expect as plainExpect,
  test as plainTest,
  type TestType,
} from "@playwright/test";
import type { MailproofOptions } from "../mailproof.ts";
import { type Inbox, type Mailproof, matchers } from "../sdk/mod.ts";
import { closeInbox, openInbox } from "./inbox.ts";
import { openMail } from "./server.ts";

/** Fixtures of a worker; `mailOptions` is an option, so a configuration can set it. */
export interface MailWorkerFixtures {
  /** Of the server that is started, where `MAILPROOF_URL` names none. */
  mailOptions: MailproofOptions;
  /** The server: one for all tests of a worker. */
  mail: Mailproof;
}

/** Fixtures of a test. */
export interface MailFixtures {
  /** An inbox of the test's own, named after it. */
  inbox: Inbox;
}

export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & MailFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & MailWorkerFixtures
> = plainTest.extend<MailFixtures, MailWorkerFixtures>({
  mailOptions: [{}, { scope: "worker", option: true }],
  mail: [
    async ({ mailOptions }, use) => {
      const mail = await openMail(mailOptions);
      await use(mail);
      await mail.close();
    },
    { scope: "worker" },
  ],
  inbox: async ({ mail }, use, testInfo) => {
    const inbox = await openInbox(mail, testInfo.titlePath.slice(1));
    await use(inbox);
    const failed = testInfo.status !== testInfo.expectedStatus;
    await closeInbox(inbox, failed, async ({ text, letters, transcripts }) => {
      const plain = { contentType: "text/plain" };
      await testInfo.attach("mail", { body: text, ...plain });
      for (const { name, octets } of letters) {
        await testInfo.attach(name, { body: Buffer.from(octets), contentType: "message/rfc822" });
      }
      for (const { name, text } of transcripts) await testInfo.attach(name, { body: text, ...plain });
    });
  },
});

export const expect: Expect<typeof matchers> = plainExpect.extend(matchers);
