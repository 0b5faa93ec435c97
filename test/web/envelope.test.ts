import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("envelope", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a source route and a time to wait for are shown, and only where they are", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const client = await RawClient.greeted(mail.smtp.port);
    const deliver = async (subject: string, ...lines: string[]): Promise<void> => {
      for (const line of [...lines, "DATA", `Subject: ${subject}\r\n\r\nhi\r\n.`]) await client.ask(line);
    };
    await deliver("plain", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>");
    await deliver(
      "routed",
      "SOML FROM:<a@c.test> HOLDUNTIL=2100-01-01T00:00:00Z ENVID=QQ+2B1",
      "RCPT TO:<@one.test,@two.test:b@s.test> NOTIFY=NEVER",
    );
    client.close();

    await page.getByRole("option", { name: /routed/ }).click();
    expect(await page.getByTestId("next-hop").textContent()).toBe(
      "<@one.test:a@c.test>→<@two.test:b@s.test>",
    );
    expect(await page.getByTestId("held-until").locator("time").getAttribute("datetime")).toBe(
      "2100-01-01T00:00:00.000Z",
    );
    await page.getByRole("tab", { name: "Delivery" }).click();
    const table = await page.getByTestId("envelope-table").textContent();
    for (const part of ["SOML FROM", "ENVID=QQ+1", "NOTIFY=NEVER"]) expect(table).toContain(part);

    await page.getByRole("option", { name: /plain/ }).click();
    await page.getByTestId("subject").filter({ hasText: "plain" }).waitFor();
    expect(await page.getByTestId("next-hop").count()).toBe(0);
    expect(await page.getByTestId("held-until").count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
