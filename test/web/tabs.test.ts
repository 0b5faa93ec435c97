import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("tabs", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("nine of them in one browser do not starve each other", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    let last = page;
    for (let n = 2; n <= 9; n++) {
      await show(last, false);
      last = await page.context().newPage();
      await last.goto(`${mail.http.url}/`);
      await last.locator(".dot.is-live").waitFor();
    }
    await send(mail, { subject: "Hello" });
    await last.getByRole("option").click();
    await last.getByTestId("subject").getByText("Hello").waitFor();
  });

  test("one that nobody sees has no stream, knows what is unread, and catches up when it is seen", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await mail.faults.add({ on: "rcpt", do: { delay: "1ms" } });
    await send(mail, { subject: "seen" });
    await page.getByRole("option", { name: "a fault acted" }).waitFor();

    const gone = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/events"));
    await show(page, false);
    await gone;
    await send(mail, { subject: "missed" });
    await page.waitForFunction(() => document.title === "(2) Mailproof");
    expect(await page.getByRole("option").count()).toBe(1);

    await show(page, true);
    await page.getByRole("option", { name: "missed" }).getByText("a fault acted").waitFor();
    await send(mail, { subject: "live again" });
    await page.getByRole("option", { name: "live again" }).waitFor();
    expect(errors).toEqual([]);
  });

  test("what was open and has gone meanwhile is gone when it is seen, however much came", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail, { subject: "open me" });
    await page.getByRole("option").click();
    await page.getByTestId("subject").getByText("open me").waitFor();
    const gone = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/events"));
    await show(page, false);
    await gone;
    await mail.clear();
    // More than the journal keeps.
    for (let n = 0; n < 2_100; n++) await mail.faults.clear();
    await show(page, true);
    await expect.poll(() => page.getByTestId("subject").count()).toBe(0);
  });

  test("one that was left and is seen again at once keeps its stream", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const streams: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/events")) streams.push(request.url());
    });
    await show(page, false);
    await show(page, true);
    await send(mail);
    await page.getByRole("option").waitFor();
    expect(streams).toEqual([]);
  });
});

/** A browser without windows takes every tab for visible. */
async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !visible);
}
