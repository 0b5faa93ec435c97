import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMailproof } from "../../src/mailproof.ts";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

const subjects = ["three", "two", "one"];

/** What is tried with the first of three messages, and what is said when the server will not do it. */
const actions: readonly {
  readonly name: string;
  readonly opened?: true;
  readonly act: (page: Page) => Promise<void>;
  readonly said: string;
}[] = [
  {
    name: "delete by key",
    act: async (page) => {
      await page.keyboard.press("j");
      await page.keyboard.press("#");
    },
    said: "The message was not deleted. It is locked",
  },
  {
    name: "delete by button",
    opened: true,
    act: (page) => page.getByTestId("delete").click(),
    said: "The message was not deleted. It is locked",
  },
  {
    name: "delete all",
    act: async (page) => {
      await page.getByTestId("delete-all").click();
      await page.getByTestId("delete-all-yes").click();
    },
    said: "The messages were not deleted. It is locked",
  },
  {
    name: "mark read by key",
    act: async (page) => {
      await page.keyboard.press("j");
      await page.keyboard.press("u");
    },
    said: "The message was not marked read. It is locked",
  },
  {
    name: "mark read by opening",
    act: (page) => page.getByRole("option").first().click(),
    said: "The message was not marked read. It is locked",
  },
  {
    name: "mark unread by button",
    opened: true,
    act: (page) => page.getByTestId("toggle-read").click(),
    said: "The message was not marked unread. It is locked",
  },
  {
    name: "mark all read",
    act: (page) => page.getByTestId("mark-read").click(),
    said: "The messages were not marked read. It is locked",
  },
];

describeInBrowser("what is refused", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(actions)("$name: it is said, and the list shows what is so", async ({ opened, act, said }) => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    for (const subject of subjects) await send(mail, { subject });
    await page.getByRole("option").nth(2).waitFor();
    if (opened) {
      await page.getByRole("option").first().click();
      await page.locator(".row:not(.is-unread)").waitFor();
    }
    const before = await rows(page);
    const open = new URL(page.url()).hash;

    await page.route(/\/api\/messages/, locked);
    await act(page);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toBe(said);
    await expect.poll(() => rows(page)).toEqual(before);
    if (opened) expect(new URL(page.url()).hash).toBe(open);

    await page.unroute(/\/api\/messages/);
    await page.getByRole("button", { name: "Close" }).click();
    await alert.waitFor({ state: "detached" });
    expect(await mail.messages({})).toHaveLength(3);
    expect(errors).toEqual([]);
  });

  test("the next try takes the refusal away, and goes on to the next message", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    for (const subject of subjects) await send(mail, { subject });
    await page.getByRole("option", { name: "one" }).click();
    await page.locator(".row:not(.is-unread)").waitFor();
    await page.route(/\/api\/messages/, locked);
    await page.keyboard.press("#");
    await page.getByRole("alert").waitFor();

    await page.unroute(/\/api\/messages/);
    await page.keyboard.press("#");
    await page.getByRole("alert").waitFor({ state: "detached" });
    await page.getByTestId("subject").getByText("two", { exact: true }).waitFor();
    await expect.poll(() => page.getByRole("option").count()).toBe(2);
    expect(errors).toEqual([]);
  });

  test("while the server is gone nothing is deleted; when one answers again, that is no news", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await send(mail);
    await page.getByRole("option").waitFor();
    await mail.close();
    for (const key of ["j", "#"]) await page.keyboard.press(key);
    await page.getByTestId("refused").getByText("The server does not answer").waitFor();
    expect(await page.getByRole("option").count()).toBe(1);

    const second = await startMailproof({ httpPort: Number(new URL(mail.http.url).port) });
    try {
      await page.getByTestId("refused").waitFor({ state: "detached" });
      await page.getByTestId("none").waitFor();
      expect(errors).toEqual([]);
    } finally {
      await second.close();
    }
  });

  test("a deletion that is under way is asked for once", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    for (const subject of subjects) await send(mail, { subject });
    await page.getByRole("option").nth(2).waitFor();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const asked: string[] = [];
    await page.route(/\/api\/messages/, async (route) => {
      if (route.request().method() === "DELETE") {
        asked.push(route.request().url());
        await held;
      }
      await route.continue();
    });
    for (const key of ["j", "#", "#"]) await page.keyboard.press(key);
    letGo();
    await page.locator(".row.is-current").getByText("two").waitFor();
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 2);
    expect(asked).toHaveLength(1);
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

/** The messages in the list, and whether they are shown as unread. */
async function rows(page: Page): Promise<(string | boolean)[][]> {
  const shown = await page.getByRole("option").all();
  return await Promise.all(
    shown.map(async (row) => [
      (await row.getAttribute("data-id")) ?? "",
      /\bis-unread\b/.test((await row.getAttribute("class")) ?? ""),
    ]),
  );
}

/** Reading is allowed, changing is not. */
async function locked(route: Route): Promise<void> {
  if (route.request().method() === "GET") await route.continue();
  else await route.fulfill({ status: 403, json: { title: "Forbidden", detail: "It is locked" } });
}
