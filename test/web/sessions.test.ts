import { createTransport } from "nodemailer";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send, sendRefused } from "../sdk/sender.ts";
import { RawClient } from "../support/raw-client.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

describeInBrowser("sessions", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a session is coloured by the worst that happened on it, and says so", async () => {
    await using visited = await visit(browser);
    const { mail, page, errors } = visited;
    await send(mail);
    await mail.faults.use("mailbox-full");
    await sendRefused(mail);
    await mail.faults.clear();
    await mail.faults.use("reply-lost");
    await send(mail).catch(() => {});
    await page.getByTestId("view-sessions").click();
    const rows = page.getByTestId("sessions").getByRole("option");
    await expect.poll(() => rows.count()).toBe(3);
    const seen = await rows.evaluateAll((all) =>
      all.map((row) => [
        /outcome-(\S+)/.exec(row.className)?.[1],
        /transaction([^·\d]*)/.exec(row.textContent)?.[1],
      ]),
    );
    expect(seen).toEqual([
      ["reply-lost", ", reply lost"],
      ["rejected", ", rejected"],
      ["accepted", ""],
    ]);
    expect(errors).toEqual([]);
  });

  test("a refused login is seen in the row, in the session and in a delivery of it", async () => {
    await using visited = await visit(browser, { auths: ["ada:right"] });
    const { mail, page } = visited;
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask(`AUTH PLAIN ${btoa("\0ada\0wrong")}`);
    await client.ask("MAIL FROM:<app@x.test>");
    await client.ask("RCPT TO:<ada@x.test>");
    await client.ask("QUIT");
    client.close();
    await page.getByTestId("view-sessions").click();
    const row = page.getByTestId("sessions").getByRole("option");
    await row.getByText("AUTH PLAIN 535 5.7.8").waitFor();
    expect(await row.getAttribute("class")).toContain("outcome-rejected");
    await row.click();
    const facts = page.getByTestId("session-facts");
    await facts.getByText("AUTH PLAIN 535 5.7.8").waitFor();
    await page.getByRole("link", { name: "t1" }).click();
    await page.getByTestId("transaction").waitFor();
    await facts.getByText("Login refused").waitFor();
  });

  test("the search box searches sessions, by user, address and listener", async () => {
    await using visited = await visit(browser);
    const { mail, page } = visited;
    await send(mail);
    const { host, port } = mail.smtp;
    const transport = createTransport({ host, port, ignoreTLS: true, auth: { user: "ada", pass: "x" } });
    await transport.sendMail({ from: "app@x.test", to: "ada@x.test", text: "Hi" });
    transport.close();
    await page.getByTestId("view-sessions").click();
    const rows = page.getByTestId("sessions").getByRole("option");
    await expect.poll(() => rows.count()).toBe(2);
    const search = page.getByRole("textbox", { name: "Search sessions" });
    await search.fill("ada");
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText("user ada").waitFor();
    expect(page.url()).toContain("#/sessions?peer=ada");
    await search.fill("listener:smtps");
    await page.getByText("Nothing found.").waitFor();
    await search.fill("127.0.0");
    await expect.poll(() => rows.count()).toBe(2);
  });
});
