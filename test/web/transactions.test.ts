import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send, sendRefused } from "../sdk/sender.ts";
import { RawClient } from "../support/raw-client.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("transactions", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a refused attempt and its retry stand side by side, each with its conversation", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await mail.faults.use("greylisting-once");
    expect(await sendRefused(mail, { subject: "Twice" })).toBe(451);
    await send(mail, { subject: "Twice" });
    await page.getByTestId("view-transactions").click();
    await page.getByTestId("outcome-filter").selectOption("rejected");
    const row = page.getByTestId("transactions").getByRole("option");
    await expect.poll(() => row.count()).toBe(1);
    await row.getByText("Greylisted").waitFor();
    await row.click();

    await page.getByTestId("outcome").getByText("Rejected").waitFor();
    expect(await page.getByTestId("envelope-table").textContent()).toMatch(
      /RCPT TO\s*<ada@x\.test>\s*451 4\.7\.1 Greylisted/,
    );
    const conversation = page.getByTestId("conversation");
    await conversation.getByText("rule greylisting-once").waitFor();
    const ours = await conversation.locator(".line.is-ours").allInnerTexts();
    expect(ours.some((line) => line.includes("MAIL FROM:<app@x.test>"))).toBe(true);
    expect(ours.some((line) => line.includes("EHLO"))).toBe(false);

    const attempts = page.getByTestId("attempts").getByRole("button");
    await expect.poll(() => attempts.allTextContents()).toEqual(["451 rejected", "250 accepted"]);
    await attempts.last().click();
    await page.getByTestId("outcome").getByText("Accepted").waitFor();
    await page.getByRole("link", { name: "Show the message" }).click();
    await page.getByTestId("reader").waitFor();
    expect(errors).toEqual([]);
  });

  test("a transaction is seen while it is open, and when it breaks off", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("view-transactions").click();
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("MAIL FROM:<slow@x.test> SIZE=100");
    await client.ask("RCPT TO:<ada@x.test>");
    const row = page.getByTestId("transactions").getByRole("option");
    await row.getByText("under way").waitFor();
    client.close();
    await row.getByText("broken off").waitFor();
    await row.click();
    await page.getByTestId("envelope-table").getByText("SIZE=100").waitFor();
  });

  test("a reply that was withheld is not shown as if it had been said", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await mail.faults.use("reply-lost-once");
    await send(mail, { subject: "Lost" }).catch(() => {});
    await page.getByTestId("view-transactions").click();
    await page.getByTestId("transactions").getByRole("option").click();
    const table = page.getByTestId("envelope-table");
    await table.getByText("stored, reply withheld").waitFor();
    await table.getByText("2.1.0 Ok").waitFor();
    const text = await table.textContent();
    expect(text).toMatch(/MAIL FROM\s*<app@x\.test>\s*250 2\.1\.0 Ok/);
    expect(text).not.toContain("queued");
  });

  test("mail over HTTP has an envelope and an answer, but no conversation", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const { url, key } = mail.providers.resend;
    await mail.faults.add({ on: "http", do: { http: { status: 500, stored: true } } });
    const email = { from: "app@x.test", to: "ada@x.test", subject: "By HTTP", text: "Hi" };
    const headers = { authorization: `Bearer ${key}` };
    await fetch(`${url}/emails`, { method: "POST", headers, body: JSON.stringify(email) });
    await page.getByTestId("view-transactions").click();
    await page.getByTestId("transactions").getByRole("option").click();
    await page.getByText("over HTTP, as a client of resend sends it").waitFor();
    const text = await page.getByTestId("envelope-table").textContent();
    expect(text).toMatch(/From\s*<app@x\.test>.*To\s*<ada@x\.test>.*Answer.*500\s*but stored/s);
    await page.getByRole("link", { name: "Show the message" }).click();
    await page.getByTestId("reader").waitFor();
    expect(errors).toEqual([]);
  });

  test("a session that never came to MAIL is under Sessions", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("QUIT");
    client.close();
    await page.getByTestId("view-sessions").click();
    await page.getByRole("option").getByText("never reached MAIL").waitFor();
    await page.getByRole("option").click();
    await page.getByTestId("conversation").getByText("raw.test").first().waitFor();
  });
});
