import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

const lists = [
  { view: "inbox", noun: "message", empty: "No mail yet.", found: "subject:one", broken: "from:ada (" },
  {
    view: "transactions",
    noun: "transaction",
    empty: "Nobody has tried to send mail yet.",
    found: "from:app outcome:accepted",
    broken: "to:a to:b",
  },
  {
    view: "sessions",
    noun: "session",
    empty: "No client has connected yet.",
    found: "listener:smtp",
    broken: "is:banana",
  },
];

describeInBrowser("lists", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(lists)("$view: the count follows the search", async ({ view, noun, empty, found, broken }) => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId(`view-${view}`).click();
    const total = page.getByTestId("total");
    await page.getByTestId("none").getByText(empty, { exact: true }).waitFor();
    await total.getByText(`0 ${noun}s`).waitFor();

    await send(mail, { subject: "one" });
    await page.locator(".row").waitFor();
    expect(await total.textContent()).toMatch(new RegExp(`^1 ${noun}(?: · 1 unread)?$`));
    const search = page.getByTestId("search");
    await search.fill(found);
    await total.getByText(`1 ${noun} found`).waitFor();
    await search.fill(view === "sessions" ? "user:nobody" : "subject:nothing");
    await total.getByText(`0 ${noun}s found`).waitFor();
    await page.getByTestId("none").getByText("Nothing found.", { exact: true }).waitFor();
    await search.fill(broken);
    await total.getByText("Not searched", { exact: true }).waitFor();
    await page.getByTestId("search-error").getByText("Failed to read the search at column").waitFor();
    await page.getByTestId("search-error").getByText("^").waitFor();
    if (view === "inbox") return;
    // This one only the server can refuse.
    await search.fill("/(/");
    await page.getByTestId("search-error").getByText("regular expression").waitFor();
  });

  test("transactions: a recipient with a blank is found, and one with a plus", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (const to of ['"bob smith"@x.test', "bob+smith@x.test"]) await send(mail, { to });
    await page.getByTestId("view-transactions").click();
    for (const find of ['to:"bob smith"', "to:bob+smith"]) {
      await page.getByTestId("search").fill(find);
      await page.getByTestId("total").getByText("1 transaction found").waitFor();
      await page.getByTestId("search").fill("");
      await page.getByTestId("total").getByText("2 transactions", { exact: true }).waitFor();
    }
  });
});
