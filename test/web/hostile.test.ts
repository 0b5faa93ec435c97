/**
 * A hostile mail is opened in every view. It may run nothing and reach nobody: not another server, not our own
 * API, only its own inline picture. The same mail in a plain page shows that the vectors work.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createTransport } from "nodemailer";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../sdk/sender.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";
import { hostileHtml, hostileSubject, hostileText } from "./hostile-mail.ts";

/** One red pixel. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
  "base64",
);
/** For what a browser does a moment after it has loaded a document. */
const settled = 1_000;

interface Listener {
  readonly origin: string;
  /** Paths asked for. */
  readonly asked: string[];
  connections(): number;
  /** What it answers; by default nothing of use. */
  html: string;
  close(): Promise<void>;
}

async function listen(): Promise<Listener> {
  const asked: string[] = [];
  let connections = 0;
  const server: Server = createServer((request, reply) => {
    asked.push(request.url ?? "");
    reply.setHeader("content-type", "text/html").end(request.url === "/" ? listener.html : "");
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const listener: Listener = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    html: "",
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return listener;
}

/** Names of the scripts that ran in any frame of the page. */
function ranIn(page: Page): string[] {
  const ran: string[] = [];
  page.on("console", (message) => {
    const [, name] = /^RAN[ -](.*)/.exec(message.text()) ?? [];
    if (name !== undefined) ran.push(name);
  });
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  return ran;
}

describeInBrowser("hostile mail", () => {
  let browser: Browser;
  let remote: Listener;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("control: in a plain page the same mail runs scripts and calls out", async () => {
    remote = await listen();
    const host = await listen();
    host.html = hostileHtml(remote.origin, host.origin).replace(/<meta http-equiv[^>]*>/, "");
    const page = await browser.newPage();
    const ran = ranIn(page);
    await page.goto(`${host.origin}/`);
    await page.waitForTimeout(settled);
    expect(ran).toEqual(
      expect.arrayContaining(["script-head", "img-onerror", "svg-onload", "iframe-srcdoc"]),
    );
    expect(new Set(remote.asked).size).toBeGreaterThan(25);
    expect(host.asked).toContain("/api/messages?vector=own-origin");
    await page.close();
    await Promise.all([host.close(), remote.close()]);
  });

  test("in the inbox it runs nothing, reaches nobody, and its inline picture shows", async () => {
    remote = await listen();
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const ran = ranIn(page);
    const replies: string[] = [];
    page.on("response", (response) => replies.push(response.url()));
    const transport = createTransport({ host: mail.smtp.host, port: mail.smtp.port });
    await transport.sendMail({
      from: "evil@x.test",
      to: "ada@x.test",
      subject: hostileSubject,
      text: hostileText,
      html: hostileHtml(remote.origin, mail.http.url),
      headers: { "X-Hostile": "<img src=x onerror=console.log('RAN-header')>" },
      attachments: [
        { filename: "picture.png", content: picture, contentType: "image/png", cid: "picture@x.test" },
      ],
    });
    transport.close();

    await page.getByRole("option").click();
    const frame = page.frameLocator("[data-testid=html-frame]");
    await frame.locator("#inline").waitFor();
    await page.waitForTimeout(settled);
    await frame.locator("#script-link").click();
    await frame.locator("#ping-link").click();
    await frame.locator("#form button").click();
    await page.waitForTimeout(settled);
    const width = await frame
      .locator("#inline")
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(width).toBe(1);
    expect(replies.filter((url) => url.includes("/inline/"))).toHaveLength(1);

    for (const key of ["2", "3", "4", "5", "6", "7"]) {
      await page.getByTestId("subject").focus();
      await page.keyboard.press(key);
      await page.waitForTimeout(150);
    }
    expect(ran).toEqual([]);
    expect(remote.asked).toEqual([]);
    expect(replies.filter((url) => url.includes("vector="))).toEqual([]);
    expect(replies.filter((url) => !url.startsWith(mail.http.url))).toEqual([]);
    expect(errors).toEqual([]);
    await remote.close();
  });

  test("with remote content its pictures, styles and media load, and still nothing runs", async () => {
    remote = await listen();
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    const ran = ranIn(page);
    const refused: string[] = [];
    page.on("requestfailed", (request) => refused.push(new URL(request.url()).search));
    await send(mail, { subject: "other", html: "<p>harmless</p>" });
    await send(mail, { subject: "hostile", html: hostileHtml(remote.origin, mail.http.url) });
    await page.getByRole("option", { name: "hostile" }).click();
    await page.getByTestId("html-frame").waitFor();
    await page.waitForTimeout(settled);
    expect(remote.asked).toEqual([]);

    await page.getByTestId("remote").click();
    for (const path of [
      "/img.png",
      "/css-background.png",
      "/css-import.css",
      "/css-font.woff2",
      "/video.mp4",
    ]) {
      await expect.poll(() => remote.asked).toContain(path);
    }
    await page.waitForTimeout(settled);
    expect(ran).toEqual([]);
    const loaded = /^\/(?:img|css|picture|video|audio|track|style-|svg-|input-|table-|td-|body-|noscript)/;
    expect(remote.asked.filter((path) => !loaded.test(path))).toEqual([]);

    // Our own API does not answer a mail.
    expect(refused).toContain("?vector=own-origin");

    // Forgotten with the next message that is opened.
    const before = remote.asked.length;
    await page.getByRole("option", { name: "other" }).click();
    await page.frameLocator("[data-testid=html-frame]").getByText("harmless").waitFor();
    await page.getByRole("option", { name: "hostile" }).click();
    await page.frameLocator("[data-testid=html-frame]").locator("#inline").waitFor();
    await page.waitForTimeout(settled);
    expect(remote.asked.slice(before)).toEqual([]);
    expect(errors).toEqual([]);
    await remote.close();
  });

  test("opened alone in a tab it is as harmless", async () => {
    remote = await listen();
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const ran = ranIn(page);
    await send(mail, { html: hostileHtml(remote.origin, mail.http.url) });
    const [message] = await mail.messages({});
    await page.goto(`${mail.http.url}/view/${message?.id}/html`);
    await page.waitForTimeout(settled);
    expect(page.url()).toContain("/view/");
    expect(ran).toEqual([]);
    expect(remote.asked).toEqual([]);
    await remote.close();
  });

  test("it does not even open a connection, which would tell that it was read", async () => {
    remote = await listen();
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail, { html: hostileHtml(remote.origin, mail.http.url) });
    const [message] = await mail.messages({});
    await page.goto(`${mail.http.url}/view/${message?.id}/html`);
    await page.waitForTimeout(settled);
    expect(remote.connections()).toBe(0);
    await remote.close();
  });

  test("texts stay texts, what deceives the eye is marked, and only web and mail addresses are links", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    const ran = ranIn(page);
    await send(mail, { subject: hostileSubject, text: hostileText });
    await page.getByRole("option").getByText("<img src=x").waitFor();
    expect(await page.getByRole("option").locator(".mark").first().textContent()).toBe("RLO");
    await page.getByRole("option").click();
    const text = page.getByTestId("text");
    expect(await text.textContent()).toContain("<script>console.log('RAN text')</script>");
    expect(
      await text.locator("a").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)),
    ).toEqual(["https://x.test/ok"]);
    expect(await page.getByTestId("subject").locator("img").count()).toBe(0);
    expect(ran).toEqual([]);
  });
});
