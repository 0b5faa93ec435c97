import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Mailproof } from "../../src/sdk/mod.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

const html = '<h1>Grüße</h1><p class="x">Template bug: {{name}}</p><script>window.ran = 1</script>';
const dot =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** As Python's `email` writes it: text in base64; and an AMP part, a forwarded message and a picture beside it. */
const letter = [
  "From: a@x.test\r\nTo: b@x.test\r\nSubject: Parts\r\nMIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="o"\r\n',
  '--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n',
  `--i\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe`,
  `--i\r\nContent-Type: text/x-amp-html\r\n\r\n<html amp4email>AMP</html>`,
  `--i\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(html).toString("base64")}`,
  "--i--",
  "--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: text/plain\r\n\r\nforwarded",
  `--o\r\nContent-Type: image/png; name="dot.png"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="dot.png"\r\n\r\n${dot}`,
  "--o--\r\n",
].join("\r\n");

describeInBrowser("source", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("the HTML is shown decoded, as text", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await openSource(mail, page, letter);
    expect(await page.getByTestId("source").textContent()).not.toContain("<h1>");
    await page.getByTestId("source-html").click();
    expect(await page.getByTestId("html-source").textContent()).toBe(html);
    expect(await page.getByTestId("html-source").locator("h1").count()).toBe(0);
    expect(await page.evaluate(() => "ran" in window)).toBe(false);
    expect(errors).toEqual([]);

    // Where there is none, the message itself is shown.
    await post(mail, "Subject: Plain\r\n\r\nnothing else");
    await page.getByRole("option", { name: "Plain" }).click();
    await page.getByTestId("source").getByText("nothing else").waitFor();
    expect(await page.getByTestId("source-html").isDisabled()).toBe(true);
  });

  test("every part is listed, with its text in its charset and as a download", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await openSource(mail, page, letter);
    await page.getByTestId("source-parts").click();
    const parts = page.getByTestId("mime-parts").getByRole("listitem");
    expect(await parts.evaluateAll((rows) => rows.map(({ dataset }) => dataset.path))).toEqual([
      "",
      ..."1 1.1 1.2 1.3 2 2.1 3".split(" "),
    ]);
    for (const [path, text] of [
      ["1.1", "Grüße"],
      ["1.2", "<html amp4email>AMP</html>"],
      ["1.3", html],
      ["2.1", "forwarded"],
    ]) {
      const part = page.locator(`[data-path="${path}"]`);
      await part.getByRole("button").click();
      await part.getByTestId("part-text").waitFor();
      expect((await part.getByTestId("part-text").textContent())?.trim()).toBe(text);
    }
    const picture = page.locator('[data-path="3"]');
    expect(await picture.getByRole("button").count()).toBe(0);
    const waiting = page.waitForEvent("download");
    await picture.getByRole("link").click();
    expect((await waiting).suggestedFilename()).toBe("dot.png");
    expect(errors).toEqual([]);
  });

  test("a picture opens large, and Esc closes it and nothing else", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await openSource(mail, page, letter);
    await page.keyboard.press("5");
    const thumbnail = page.getByRole("button", { name: "Show dot.png large" });
    await thumbnail.click();
    const large = page.getByTestId("large-picture");
    await large.getByRole("img", { name: "dot.png" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
    expect(await page.getByTestId("attachments").count()).toBe(1);
    await thumbnail.click();
    await large.getByRole("button", { name: "Close" }).click();
    await large.waitFor({ state: "detached" });
    expect(errors).toEqual([]);
  });
});

async function post({ http }: Mailproof, body: string): Promise<void> {
  const headers = { "content-type": "message/rfc822" };
  await fetch(`${http.url}/api/messages?from=a@x.test&to=b@x.test`, { method: "POST", headers, body });
}

async function openSource(mail: Mailproof, page: Page, body: string): Promise<void> {
  await post(mail, body);
  await page.getByRole("option").click();
  await page.getByTestId("tab-source").click();
  await page.getByTestId("source").waitFor();
}
