import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, type Visit, visit } from "./browser.ts";

describeInBrowser("a message that is open but not in the list", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** Five unread mails, and the third one open: it has left the search for unread mail. */
  async function third(): Promise<Visit> {
    const visited = await visit(browser);
    const { mail, page } = visited;
    for (const n of [1, 2, 3, 4, 5]) await send(mail, { subject: `num ${n}` });
    await page.goto(`${mail.http.url}/#/inbox?q=is:unread`);
    await page.getByRole("option", { name: "num 3" }).click();
    await subjectIs(page, "num 3");
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 4);
    return visited;
  }

  for (const [key, subject] of [
    ["j", "num 2"],
    ["k", "num 4"],
    ["#", "num 2"],
    ["g", "num 5"],
    ["G", "num 1"],
  ] as const) {
    test(`search for unread mail, num 3 is open: ${key} goes to ${subject}`, async () => {
      await using visited = await third();
      await visited.page.keyboard.press(key);
      await subjectIs(visited.page, subject);
      expect(visited.errors).toEqual([]);
    });
  }

  test("the read mark goes back and forth, by key and by button", async () => {
    await using visited = await third();
    const { mail, page } = visited;
    const read = async () => (await mail.messages({ subject: "num 3" }))[0]?.read;
    const button = page.getByTestId("toggle-read");
    await page.keyboard.press("u");
    await expect.poll(read).toBe(false);
    await page.getByRole("button", { name: "Mark read", exact: true }).waitFor();
    // It is in the search again; another search has it not.
    await page.getByTestId("search").fill("is:read");
    await page.getByTestId("none").waitFor();
    await button.click();
    await expect.poll(read).toBe(true);
    await page.getByRole("button", { name: "Mark unread", exact: true }).waitFor();
    await page.getByTestId("search").fill("subject:none");
    await page.getByTestId("none").waitFor();
    const [message] = await mail.messages({ subject: "num 3" });
    await fetch(`${mail.http.url}/api/messages/${message?.id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: '{"read":false}',
    });
    await page.getByRole("button", { name: "Mark read", exact: true }).waitFor();
  });

  test("an old bookmark: j and k go to its neighbours, further down than was loaded", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (let n = 1; n <= 210; n++) {
      const body = JSON.stringify({ from: "a@x.test", to: ["b@x.test"], subject: `num ${n}`, text: "x" });
      const headers = { "content-type": "application/json" };
      await fetch(`${mail.http.url}/api/messages`, { method: "POST", headers, body });
    }
    const [old] = await mail.messages({ subject: "/^num 50$/" });
    for (const [key, subject] of [
      ["j", "num 49"],
      ["k", "num 51"],
    ] as const) {
      await page.goto("about:blank");
      await page.goto(`${mail.http.url}/#/inbox/${old?.id}`);
      await subjectIs(page, "num 50");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press(key);
      await subjectIs(page, subject);
    }
  });
});

async function subjectIs(page: Page, subject: string): Promise<void> {
  await page.getByTestId("subject").getByText(subject, { exact: true }).waitFor();
}
