/** Run by `../playwright.test.ts`. */
import { expect, test } from "mailproof/playwright";

test("mailOptions: the configuration sets them", ({ mail }) => {
  expect(mail.tls.ca).toContain("BEGIN CERTIFICATE");
});

test.describe("a suite", () => {
  test("inbox: named after its test", ({ inbox }) => {
    expect(inbox.name).toBe("a suite > inbox: named after its test");
  });
});

test("inbox: of a test that is over it is gone", async ({ mail, inbox }) => {
  const { inboxes } = await (await fetch(`${mail.http.url}/api/inboxes`)).json();
  expect(inboxes).toMatchObject([{ id: inbox.id }]);
});

test("expect has the matchers, and their types", async ({ inbox }) => {
  await expect(inbox).not.toHaveReceived({}, { timeout: 10 });
  await expect(expect(inbox).toHaveReceived({}, { timeout: 10 })).rejects.toThrow("no mail in 10 ms");
  // @ts-expect-error: a pattern is no number
  expect(() => expect(inbox).toHaveSubject(7)).toThrow();
  expect("what Playwright has").toContain("Playwright");
});
