import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMailproof } from "../../src/mailproof.ts";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("outage", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("the page says that the server is gone, and forgets it when another one answers", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail, { subject: "Of the old server" });
    await page.getByTestId("view-sessions").click();
    await page.getByRole("option").click();
    await page.getByTestId("session").waitFor();
    await page.getByTestId("faults-button").click();
    await page.getByTestId("preset-mailbox-full").waitFor();
    await mail.close();
    await page.getByTestId("offline").getByText("The server does not answer").waitFor();
    // What was read already stays.
    expect(await page.getByTestId("session").count()).toBe(1);
    await page.getByTestId("preset-mailbox-full").click();
    const refusal = page.getByRole("alert");
    await refusal.getByText("The server does not answer").waitFor();

    const second = await startMailproof({ httpPort: Number(new URL(mail.http.url).port) });
    try {
      await page.getByTestId("offline").waitFor({ state: "detached" });
      await page.getByTestId("session").waitFor({ state: "detached" });
      await page.getByTestId("total").getByText("0 sessions").waitFor();
      await refusal.waitFor({ state: "detached" });
      expect(page.url()).toMatch(/#\/sessions$/);
      await send(second, { subject: "Of the new server" });
      await page.getByTestId("view-inbox").click();
      await page.getByRole("option").getByText("Of the new server").waitFor();
    } finally {
      await second.close();
    }
  });
});
