import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Mailproof } from "../../src/sdk/mod.ts";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("tags", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(["Short", "A subject that is much longer than its line has room for, whatever stands beside it"])(
    "fifty of them leave the subject its room: %s",
    async (subject) => {
      await using visited = await visit(browser);
      const { mail, page, errors } = visited;
      await send(mail, { subject });
      await tag(
        mail,
        Array.from({ length: 50 }, (_, n) => `${n} ${"long ".repeat(19)}`),
      );
      const row = page.getByRole("option");
      await row.getByText("+48 more tags").waitFor();
      const [line, text, tags] = await Promise.all([
        row.locator(".row-line").last().boundingBox(),
        row.locator(".subject").boundingBox(),
        row.locator(".row-tags").boundingBox(),
      ]);
      expect(text!.x).toBeLessThan(tags!.x);
      if (subject === "Short") {
        const cut = await row.locator(".subject").evaluate((box) => box.scrollWidth > box.clientWidth);
        expect(cut).toBe(false);
      } else {
        expect(text!.width).toBeGreaterThan(line!.width / 2);
      }
      expect(tags!.x + tags!.width).toBeLessThanOrEqual(line!.x + line!.width);
      expect(errors).toEqual([]);
    },
  );

  test("the open message shows its tags, its inbox and how it came, and follows what is changed", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const team = await mail.inbox({ name: "team" });
    await send(mail, { to: team.address("ada") });
    await page.getByRole("option").click();
    expect(await page.getByTestId("inboxes").textContent()).toBe(team.id);
    expect(await page.getByTestId("came-by").textContent()).toBe("smtp");
    expect(await page.getByTestId("tags").count()).toBe(0);
    await tag(mail, ["seen"]);
    await page.getByTestId("tags").getByText("seen").waitFor();
    await tag(mail, ["a", "b", "c", "d", "e", "f"]);
    await page.getByTestId("tags").getByRole("button", { name: "and 1 more" }).click();
    await page.getByTestId("tags").getByText("f", { exact: true }).waitFor();
    await send(mail, { subject: "Another" });
    await expect.poll(() => page.getByRole("option").count()).toBe(2);
    await page.getByTestId("inboxes").getByRole("link", { name: team.id }).click();
    await expect.poll(() => page.getByRole("option").count()).toBe(1);
    expect(await page.getByRole("textbox", { name: "Search mail" }).inputValue()).toBe(`inbox:"${team.id}"`);
  });
});

async function tag({ http }: Mailproof, tags: readonly string[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch(`${http.url}/api/messages`, { method: "PATCH", headers, body: JSON.stringify({ tags }) });
}
