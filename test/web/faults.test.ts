import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send, sendRefused } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("faults panel", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a preset that is switched on meets the next client, and counts", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("faults-on").getByText("1 on").waitFor();
    expect(await sendRefused(mail)).toBe(452);
    await page.getByTestId("fired").getByText("1").waitFor();

    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("faults-on").waitFor({ state: "detached" });
    await send(mail);
    expect(await mail.faults.list()).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("recipient and times of the next switch-on narrow the preset", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("preset-to").fill("full@*");
    await page.getByTestId("preset-times").fill("1");
    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("rules").getByText("full@*").waitFor();
    await send(mail, { to: "other@x.test" });
    expect(await sendRefused(mail, { to: "full@x.test" })).toBe(452);
    await send(mail, { to: "full@x.test" });
    await page.getByTestId("rules").getByText("spent").waitFor();
  });

  test("times that are no number of times are marked, kept and not sent", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("faults-button").click();
    const field = page.getByTestId("preset-times");
    for (const times of ["abc", "1.5", "0", "-1"]) {
      await field.fill(times);
      await page.getByTestId("times-refusal").waitFor();
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      await page.getByTestId("preset-mailbox-full").click();
      await page.getByRole("alert").getByText(`times is "${times}"`).waitFor();
      expect(await field.inputValue()).toBe(times);
      expect(await mail.faults.list()).toEqual([]);
    }
    await field.fill("2");
    await page.getByTestId("times-refusal").waitFor({ state: "detached" });
    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("rules").getByText("at most 2 times").waitFor();
  });

  test("the examples of the help are rules", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("faults-button").click();
    const help = page.getByTestId("rule-help");
    await help.locator("summary").click();
    const buttons = help.getByRole("button");
    for (let n = 0; n < (await buttons.count()); n++) {
      await buttons.nth(n).click();
      await page.getByTestId("rule-add").click();
      await expect.poll(async () => (await mail.faults.list()).length).toBe(n + 1);
    }
    expect(await mail.faults.list()).toHaveLength(3);
  });

  test("a pack of a provider is folded away until it is looked for, and is one switch", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await page.getByTestId("faults-button").click();
    const pack = page.getByTestId("preset-gmail");
    await page.getByTestId("provider-gmail").waitFor();
    expect(await pack.isVisible()).toBe(false);
    await page.getByRole("textbox", { name: "Find a preset" }).fill("gmail");
    await pack.click();
    await page.getByTestId("provider-gmail").getByText("1 on").waitFor();
    expect((await mail.faults.list()).length).toBeGreaterThan(1);
    expect(await sendRefused(mail, { to: "unknown-user@gmail.com" })).toBe(550);
    await page.getByTestId("rules").getByText("matched 1").waitFor();
    await pack.click();
    await page.getByTestId("faults-on").waitFor({ state: "detached" });
    expect(await mail.faults.list()).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("a fault that strikes before there is a session is counted too", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("preset-connection-refused").click();
    await page.getByTestId("faults-on").getByText("1 on").waitFor();
    await expect(send(mail)).rejects.toThrow("ECONNREFUSED");
    await page.getByTestId("fired").getByText("1").waitFor();
    await page.getByTestId("preset-connection-refused").click();
    await page.getByTestId("faults-on").waitFor({ state: "detached" });
    await send(mail);
    expect(errors).toEqual([]);
  });

  test("a rule of one's own is added, or refused with its place", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("rule-text").fill('{ "on": "rcpt", "do": "999 nonsense" }');
    await page.getByTestId("rule-add").click();
    const refusal = page.getByTestId("rule-refusal");
    await refusal.waitFor();
    expect(await refusal.locator("code").textContent()).toBe("do");
    await page.getByTestId("rule-text").fill("{ nothing");
    await page.getByTestId("rule-add").click();
    await refusal.getByText("It is not JSON").waitFor();

    await page.getByTestId("rule-text").fill('{ "id": "mine", "on": "mail", "do": "550 5.7.1 Not you" }');
    await page.getByTestId("rule-add").click();
    await page.getByTestId("rules").getByText("mine").waitFor();
    expect(await sendRefused(mail)).toBe(550);
    await page.getByRole("switch", { name: "Rule mine" }).click();
    await page.getByTestId("faults-on").waitFor({ state: "detached" });
    await send(mail);
    await page.getByRole("button", { name: "Remove rule mine" }).click();
    await page.getByTestId("rules").waitFor({ state: "detached" });
  });

  test("the clock is put forward, and greylisting ends", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await mail.faults.use("greylisting");
    expect(await sendRefused(mail)).toBe(451);
    await page.getByTestId("faults-button").click();
    await page.getByTestId("clock-5m").click();
    await page.getByTestId("clock-offset").getByText("5 min 0 s ahead").waitFor();
    await send(mail);
  });
});
