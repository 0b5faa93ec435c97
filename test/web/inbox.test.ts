import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("inbox", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a mail that arrives while the page is open appears by itself", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await page.getByTestId("none").waitFor();
    expect(await page.getByTestId("smtp-address").textContent()).toBe(`127.0.0.1:${mail.smtp.port}`);

    await send(mail, {
      from: "Märta <marta@x.test>",
      to: "ada@x.test",
      subject: "First ✓",
      text: "Hello there",
    });
    const row = page.getByRole("option").first();
    await row.waitFor();
    const text = await row.textContent();
    for (const part of ["Märta", "ada@x.test", "First ✓", "Hello there", "Unread"])
      expect(text).toContain(part);
    expect(await page.getByTestId("total").textContent()).toContain("1 message");
    expect(await page.title()).toBe("(1) Mailproof");
    expect(await page.locator('link[rel="icon"]').getAttribute("href")).toMatch(
      /^data:image\/svg\+xml,.*circle/,
    );
    expect(errors).toEqual([]);
  });

  test("opening marks read, here and on the server, and the title says so", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail, { subject: "Read me" });
    await page.getByRole("option").click();
    await page.getByTestId("reader").waitFor();
    await page.locator(".row:not(.is-unread)").waitFor();
    await page.waitForFunction(() => document.title === "Mailproof");
    expect((await mail.messages({}))[0]?.read).toBe(true);
    await page.getByTestId("toggle-read").click();
    await page.waitForFunction(() => document.title === "(1) Mailproof");
    expect((await mail.messages({}))[0]?.read).toBe(false);
  });

  test("what another client deletes goes from the list and from the reader", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail, { subject: "Short-lived" });
    await page.getByRole("option").click();
    await page.getByTestId("reader").waitFor();
    await mail.clear();
    await page.getByTestId("none").waitFor();
    expect(await page.getByTestId("reader").count()).toBe(0);
  });

  test("delete all asks first, and deletes what the search finds", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (const subject of ["keep", "drop one", "drop two"]) await send(mail, { subject });
    await page.getByRole("option").nth(2).waitFor();
    await page.getByTestId("search").fill("subject:drop");
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 2);
    await page.getByTestId("delete-all").click();
    await page.getByRole("group", { name: "Delete these 2?" }).waitFor();
    await page.getByRole("button", { name: "Keep" }).click();
    expect(await mail.messages({})).toHaveLength(3);
    await page.getByTestId("delete-all").click();
    await page.getByTestId("delete-all-yes").click();
    await page.getByTestId("none").waitFor();
    expect((await mail.messages({})).map(({ subject }) => subject)).toEqual(["keep"]);
  });

  test("a broken search is explained, with its place", async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    const refusal = page.getByTestId("search-error");
    for (const query of ["from:ada (", "😀 grüße ("]) {
      await page.getByTestId("search").fill(query);
      await refusal.getByText(query).waitFor();
      // The mark stands under the parenthesis.
      const [parenthesis, mark] = await refusal.locator("pre").evaluate((pre, at) => {
        const range = document.createRange();
        range.setStart(pre.firstChild!, at);
        range.setEnd(pre.firstChild!, at + 1);
        return [range, pre.lastElementChild!].map((part) => part.getBoundingClientRect().left);
      }, query.length - 1);
      expect(mark, query).toBeCloseTo(parenthesis!, 0);
    }
    await page.getByTestId("search").fill("from:ada");
    await refusal.waitFor({ state: "detached" });
  });

  test("the mail of an inbox, and mail with a warning, can be searched", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const inbox = await mail.inbox({ name: "sign-up" });
    await send(inbox, { subject: "Inside", to: inbox.address() });
    await send(mail, { subject: "Outside" });
    await page.getByRole("option", { name: /Outside/ }).waitFor();
    await page.getByTestId("search").focus();
    await page.getByRole("button", { name: /^inbox:/ }).click();
    await page.getByTestId("search").pressSequentially(inbox.id);
    await page.getByRole("option", { name: /Outside/ }).waitFor({ state: "detached" });
    await page.getByRole("option", { name: /Inside/ }).waitFor();
    await page.getByTestId("search").fill("warning:*");
    await page.getByTestId("none").getByText("Nothing found.", { exact: true }).waitFor();
  });

  test("a reader who has scrolled is not moved by what arrives above", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (let n = 0; n < 30; n++) await send(mail, { subject: `Number ${n}` });
    const list = page.getByTestId("messages");
    await page.waitForFunction(() => document.querySelector("[aria-setsize='30']") !== null);
    await list.evaluate((element) => {
      element.scrollTop = 500;
    });
    const anchor = page.getByRole("option", { name: /Number 18\b/ });
    const before = await anchor.boundingBox();
    await send(mail, { subject: "Above" });
    await page.getByTestId("new-rows").waitFor();
    expect(await page.getByTestId("new-rows").textContent()).toBe("1 new message above");
    expect(await anchor.boundingBox()).toEqual(before);
    await page.getByTestId("new-rows").click();
    await page.getByRole("option", { name: /Above/ }).waitFor();
  });
});
