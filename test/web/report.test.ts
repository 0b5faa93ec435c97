import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("delivery report", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("says who made it and what it says, not a conversation that never was", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await mail.faults.use("async-bounce");
    await send(mail, { from: "app@x.test", to: "gone@x.test" });
    await page.getByRole("option").filter({ hasText: "Undelivered" }).click();
    await page.getByTestId("tab-delivery").click();
    const report = page.getByTestId("report");
    await report.getByText("the server made it itself").waitFor();
    const status = page.getByTestId("delivery-status");
    await status.getByText("Final-Recipient: rfc822; gone@x.test").waitFor();
    expect(await status.textContent()).toContain("Status: 5.1.1");
    expect(await report.textContent()).not.toMatch(/over SMTP|250/);
    expect(await page.getByTestId("envelope-table").count()).toBe(0);
    await page.getByTestId("reports").getByText("failed 5.1.1").waitFor();
    expect(await page.getByTestId("reports").textContent()).toContain("gone@x.test");
    expect(await page.getByTestId("calendars").count()).toBe(0);
    await page.getByTestId("tab-attachments").click();
    await page.getByTestId("attachments").getByText("delivery status").waitFor();
    expect(errors).toEqual([]);
  });

  test("an invitation says what is asked of the recipient", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
    await send(mail, {
      subject: "Stand-up",
      attachments: [{ filename: "invite.ics", content, contentType: "text/calendar; method=REQUEST" }],
    });
    await page.getByRole("option").filter({ hasText: "Stand-up" }).click();
    const download = page.waitForEvent("download");
    await page.getByTestId("calendars").getByText("REQUEST").click();
    expect((await download).suggestedFilename()).toBe("invite.ics");
    expect(errors).toEqual([]);
  });
});
