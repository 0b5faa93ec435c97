/** Small things of an open message. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstEvent } from "../../web/src/reader/calendar.ts";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

const event = (...lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join(
    "\r\n",
  );

test.each([
  [
    event("SUMMARY:Lunch\\, all", "DTSTART:20261201T090000Z", "LOCATION:Room 5"),
    "Lunch, all|2026-12-01 09:00 UTC|Room 5",
  ],
  [event('DTSTART;X="a:b";TZID=Europe/Berlin:20261201T090000'), "|2026-12-01 09:00 Europe/Berlin|"],
  [event("SUMMARY;LANGUAGE=en:A long", "  line", "DTSTART;VALUE=DATE:20261201"), "A long line|2026-12-01|"],
  [event("BEGIN:VALARM", "SUMMARY:not this", "END:VALARM"), "||"],
  ["BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nDTSTART:19700101T000000\nEND:VTIMEZONE\nEND:VCALENDAR", "||"],
])("calendar: %j", (text, expected) => {
  const { summary, start, location } = firstEvent(text);
  expect([summary, start, location].join("|")).toBe(expected);
});

describeInBrowser("reading", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("an invitation that is attached once more is told once, with what and when and where", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const content = event("SUMMARY:Lunch", "DTSTART:20261201T090000Z", "LOCATION:Room 5");
    const contentType = "text/calendar; method=REQUEST";
    const attachments = ["invite.ics", "again.ics"].map((filename) => ({ filename, content, contentType }));
    await send(mail, { text: "Come", attachments });
    await page.getByRole("option").click();
    expect(await page.getByTestId("calendars").textContent()).toBe(
      "Lunch · 2026-12-01 09:00 UTC · Room 5 REQUEST",
    );
    expect(errors).toEqual([]);
  });

  test("of many links the first 500 are shown, and more on demand", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const text = Array.from({ length: 1_200 }, (_, n) => `https://x.test/${n}`).join("\n");
    await send(mail, { text });
    await page.getByRole("option").click();
    await page.keyboard.press("6");
    const links = page.getByTestId("links").getByRole("listitem");
    await expect.poll(() => links.count()).toBe(500);
    await page.getByRole("button", { name: "and 700 more" }).click();
    await expect.poll(() => links.count()).toBe(1_000);
    await page.getByRole("button", { name: "and 200 more" }).click();
    await expect.poll(() => links.count()).toBe(1_200);
  });

  test("a blind copy stands before the recipients that the header names", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const to = Array.from({ length: 9 }, (_, n) => `named${n}@x.test`);
    await fetch(`${mail.http.url}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ from: "a@x.test", to, bcc: ["blind@x.test"], subject: "x", text: "x" }),
    });
    await page.getByRole("option").click();
    const envelope = await page.getByTestId("envelope").textContent();
    expect(envelope).toMatch(/→blind@x\.testbcc.*named0@x\.test.*and 5 more$/);
  });

  test("an old bookmark is told so", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.goto(`${mail.http.url}/#/inbox/m99`);
    await page.getByText("This message is not here: it was deleted").waitFor();
  });

  test("a click into the HTML says where the keys go, and a click beside it has them back", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (const subject of ["older", "newer"]) await send(mail, { subject, html: "<p>Hello</p>" });
    await page.getByRole("option", { name: "newer" }).click();
    await page.keyboard.press("1");
    await page.frameLocator("[data-testid=html-frame]").getByText("Hello").click();
    await page.getByTestId("inside").waitFor();
    await page.getByTestId("subject").click();
    await page.getByTestId("inside").waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await page.getByTestId("subject").getByText("older").waitFor();
  });

  test("the button that asked has the focus again when nothing is to be deleted", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail);
    await page.getByRole("option").waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    for (const keys of [["Escape"], ["Tab", "Enter"]]) {
      await page.getByTestId("delete-all").focus();
      await page.keyboard.press("Enter");
      await expect.poll(focused).toBe("delete-all-yes");
      for (const key of keys) await page.keyboard.press(key);
      await expect.poll(focused).toBe("delete-all");
    }
    expect(await mail.messages({})).toHaveLength(1);
  });
});
