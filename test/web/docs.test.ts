/** The page of the API in a real browser: styled, in both themes, on narrow and wide windows, without a complaint. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMailproof } from "../../src/mailproof.ts";
import { describeInBrowser, launch } from "./browser.ts";

describeInBrowser("docs page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    [1280, "light", "rgb(243, 241, 236)"],
    [1280, "dark", "rgb(18, 19, 21)"],
    [390, "light", "rgb(243, 241, 236)"],
    [390, "dark", "rgb(18, 19, 21)"],
  ] as const)("%i px wide, %s", async (width, colorScheme, background) => {
    const mail = await startMailproof({ httpToken: "secret" });
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      httpCredentials: { username: "me", password: "secret" },
    });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`${mail.http.url}/api/docs`);

      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(background);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.getByRole("link", { name: "GET /api/messages/wait" }).first().click();
      expect(page.url()).toMatch(/#waitForMessages$/);
      const article = page.locator("#waitForMessages");
      const folded = article.getByText("Wait for so many and return the first ones");
      expect(await folded.isVisible()).toBe(false);
      await article.locator("summary").first().click();
      expect(await folded.isVisible()).toBe(true);
      await page.getByRole("link", { name: "openapi.json", exact: true }).click();
      await page.waitForURL(`${mail.http.url}/api/openapi.json`);
      // Without a token a browser is asked for it first.
      expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(mail.http.url))).toEqual([]);
    } finally {
      await context.close();
      await mail.close();
    }
  });
});
