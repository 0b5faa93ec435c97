import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("keyboard", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("walk: j, k, Enter, tabs, Esc, /, u, #, t, f, ?", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    for (const subject of ["three", "two", "one"]) {
      await send(mail, { subject, text: `Text of ${subject}`, html: `<p>HTML of ${subject}</p>` });
    }
    await page.getByRole("option").nth(2).waitFor();
    const press = (key: string): Promise<void> => page.keyboard.press(key);

    await press("j");
    expect(await currentRow(page)).toContain("one");
    await press("j");
    await press("ArrowDown");
    expect(await currentRow(page)).toContain("three");
    await press("k");
    expect(await currentRow(page)).toContain("two");
    // The listbox names its active option to assistive technology.
    const active = await page.getByRole("listbox").getAttribute("aria-activedescendant");
    expect(await page.locator(`#${active}`).textContent()).toContain("two");
    expect(await page.getByTestId("reader").count()).toBe(0);

    await press("Enter");
    await subjectIs(page, "two");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("message-title");
    await press("2");
    await page.getByTestId("text").getByText("Text of two").waitFor();
    await press("j");
    await subjectIs(page, "three");
    await page.getByTestId("text").getByText("Text of three").waitFor();
    await press("7");
    await page.getByTestId("conversation").waitFor();

    await press("Escape");
    expect(await page.getByTestId("reader").count()).toBe(0);
    await press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    await page.keyboard.type("subject:one");
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);
    await press("Enter");
    expect(await page.evaluate(() => document.activeElement?.role)).toBe("listbox");

    await press("j");
    await press("u");
    await page.locator(".row:not(.is-unread)").waitFor();
    await press("#");
    await page.getByTestId("none").waitFor();
    await press("/");
    await press("Escape");
    expect(await page.getByTestId("search").inputValue()).toBe("");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    await page.getByRole("option").nth(1).waitFor();
    await press("Escape");
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe("search");
    expect((await mail.messages({})).map(({ subject }) => subject).sort()).toEqual(["three", "two"]);

    await press("t");
    await page.getByTestId("transactions").waitFor();
    await press("f");
    await page.getByTestId("faults").waitFor();
    await press("Escape");
    await page.getByTestId("faults").waitFor({ state: "detached" });
    await press("?");
    await page.getByTestId("help").waitFor();
    await press("Escape");
    await page.getByTestId("help").waitFor({ state: "detached" });
    expect(errors).toEqual([]);
  });

  test("keys that come before the list are done when it is there", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    for (const subject of ["three", "two", "one"]) await send(mail, { subject, text: subject });
    await page.getByRole("option").nth(2).waitFor();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route("**/api/transactions?*", async (route) => {
      await held;
      await route.continue();
    });
    for (const key of ["t", "j", "j", "Enter"]) await page.keyboard.press(key);
    letGo();
    await page.locator(".row.is-current").getByText("two").waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#\/transactions\/t2$/);
    expect(errors).toEqual([]);
  });

  test("keys with Ctrl or Meta are the browser's, and keys in a field the field's", async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.keyboard.press("Control+f");
    await page.getByTestId("search").focus();
    await page.keyboard.type("jft?");
    expect(await page.getByTestId("search").inputValue()).toBe("jft?");
    expect(await page.getByTestId("faults").count()).toBe(0);
    expect(await page.getByTestId("help").count()).toBe(0);
  });
});

async function currentRow(page: Page): Promise<string | null> {
  return await page.locator(".row.is-current").textContent();
}

async function subjectIs(page: Page, subject: string): Promise<void> {
  await page.getByTestId("subject").getByText(subject, { exact: true }).waitFor();
}
