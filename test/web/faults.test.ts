import type { Browser, Route } from "playwright-core";
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

  test("the rule that is asked first is on top", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (const id of ["old", "new"]) await mail.faults.add({ id, on: "rcpt", do: "451" });
    await page.getByTestId("faults-button").click();
    const shown = page.getByTestId("rules").locator("li");
    await expect
      .poll(() => shown.evaluateAll((rows) => rows.map(({ dataset }) => dataset.id)))
      .toEqual(["new", "old"]);
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
    // They are for one switch-on only.
    expect(await page.getByTestId("preset-to").inputValue()).toBe("");
    expect(await page.getByTestId("preset-times").inputValue()).toBe("");
  });

  test("while a recipient is given, presets that cannot know it are out of reach", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await mail.faults.use("dnsbl");
    await page.getByTestId("faults-button").click();
    const early = page.getByTestId("preset-connection-refused");
    await early.waitFor();
    expect(await early.isEnabled()).toBe(true);
    await page.getByTestId("preset-to").fill("a@x.test");
    await expect.poll(() => early.isDisabled()).toBe(true);
    expect(await early.getAttribute("title")).toContain("before a recipient is known");
    for (const name of ["mailbox-full", "gmail", "dnsbl"]) {
      expect([name, await page.getByTestId(`preset-${name}`).isDisabled()]).toEqual([name, false]);
    }
    await page.getByTestId("preset-to").fill("");
    await expect.poll(() => early.isEnabled()).toBe(true);
  });

  test("a refusal stands at what it is about, and goes with it", async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.getByTestId("faults-button").click();
    const to = page.getByTestId("preset-to");
    await to.fill("/(/");
    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("to-refusal").getByText("correct the regular expression").waitFor();
    expect(await to.getAttribute("aria-invalid")).toBe("true");
    await to.fill("");
    await page.getByTestId("to-refusal").waitFor({ state: "detached" });

    const broken = (route: Route): Promise<void> =>
      route.fulfill({ status: 500, json: { detail: "It is broken" } });
    await page.route("**/api/faults/presets/mailbox-full", broken);
    await page.getByTestId("preset-mailbox-full").click();
    const item = page.getByRole("listitem").filter({ has: page.getByTestId("preset-mailbox-full") });
    await item.getByTestId("preset-refusal").getByText("It is broken").waitFor();
    await page.unroute("**/api/faults/presets/mailbox-full");
    await page.getByTestId("preset-mailbox-full").click();
    await page.getByTestId("rules").waitFor();
    await page.getByTestId("preset-refusal").waitFor({ state: "detached" });

    await page.getByTestId("rule-text").fill("rcpt gone@* 550");
    await page.getByTestId("rule-add").click();
    await page.getByTestId("rule-refusal").getByText("The box takes JSON").waitFor();
    await page.getByTestId("rule-text").fill("");
    await page.getByTestId("rule-refusal").waitFor({ state: "detached" });
  });

  test("the clock wants a unit", async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.getByTestId("faults-button").click();
    const field = page.getByTestId("clock-by");
    await field.fill("5");
    await field.press("Enter");
    await page.getByTestId("clock-refusal").getByText("Give a unit: 5s, 5m, 5h").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await page.getByTestId("clock-offset").getByText("real time").waitFor();
    await field.fill("5m");
    await page.getByTestId("clock-refusal").waitFor({ state: "detached" });
    await field.press("Enter");
    await page.getByTestId("clock-offset").getByText("5 min 0 s ahead").waitFor();
  });

  test("a search for a preset without a hit says so", async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("preset-mailbox-full").waitFor();
    await page.getByRole("textbox", { name: "Find a preset" }).fill("nothing of the kind");
    await page.getByTestId("no-preset").getByText("None found").waitFor();
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
      await expect.poll(() => field.evaluate((node) => node === document.activeElement)).toBe(true);
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

  test("the clock of an inbox is its own", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await page.getByTestId("faults-button").click();
    await page.getByTestId("clock-5m").click();
    const offset = page.getByTestId("clock-offset");
    await offset.getByText("5 min 0 s ahead").waitFor();
    const inbox = await mail.inbox();
    await inbox.clock.advance("2h");
    // What comes later in the stream is shown, so the page has heard of the advance.
    await mail.faults.use("mailbox-full");
    await page.getByTestId("faults-on").waitFor();
    expect(await offset.textContent()).toBe("5 min 0 s ahead");
  });
});
