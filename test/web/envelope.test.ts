import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
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

  test("the list tells where a mail came in, and a request that was refused has its answer", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const team = await mail.inbox({ name: "team" });
    await send(mail, { to: team.address("ada"), subject: "of the team" });
    const post = async (subject: string): Promise<number> => {
      const { status } = await fetch(`${mail.providers.resend.url}/emails`, {
        method: "POST",
        headers: { authorization: "Bearer re_1", "content-type": "application/json" },
        body: JSON.stringify({ from: "a@c.test", to: "b@s.test", subject, text: "hi" }),
      });
      return status;
    };
    expect(await post("over HTTP")).toBe(200);
    const doorOf = (name: RegExp) => page.getByRole("option", { name }).getByTestId("door");
    expect(await doorOf(/over HTTP/).textContent()).toBe("resend");
    expect(await doorOf(/of the team/).count()).toBe(0);
    const team1 = page.getByRole("option", { name: /of the team/ }).getByTestId("in-inbox");
    expect(await team1.textContent()).toBe(team.id);

    await mail.faults.add({ on: "http", do: { http: { status: 429, retryAfter: 2 } } });
    expect(await post("refused")).toBe(429);
    await page
      .getByRole("tab", { name: "Transactions" })
      .or(page.getByRole("link", { name: /Transactions/ }))
      .click();
    await page.getByRole("option", { name: /refused/ }).click();
    const answer = page.getByRole("row").filter({ hasText: "Answer" });
    expect(await answer.textContent()).toContain("429");
    expect(errors).toEqual([]);
  });
});
