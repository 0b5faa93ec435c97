/** A real browser on a real server. Without Chromium these tests are skipped, but never in CI. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { describe } from "vitest";
import { type MailproofOptions, startMailproof } from "../../src/mailproof.ts";
import type { Mailproof } from "../../src/sdk/mod.ts";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? candidates.find((path) => existsSync(path));

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Like `describe`; skipped, saying so, where there is no Chromium. */
export function describeInBrowser(name: string, tests: () => void): void {
  const skipped = executablePath === undefined && !process.env.CI;
  if (skipped) describe.skip(`${name} (no Chromium on this machine: install it or set CHROMIUM)`, tests);
  else describe(name, tests);
}

export async function launch(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error(`Failed to find Chromium: none of ${candidates.join(", ")}; install it or set CHROMIUM`);
  }
  return await chromium.launch({ executablePath, args });
}

export interface Visit {
  readonly mail: Mailproof;
  readonly page: Page;
  /** What went wrong in the page, scripts of mail included. */
  readonly errors: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A new server, and its page open in a new window, connected. */
export async function visit(browser: Browser, options: MailproofOptions = {}): Promise<Visit> {
  const mail = await startMailproof(options);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${mail.http.url}/`);
  await page.locator(".dot.is-live").waitFor();
  return {
    mail,
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await context.close();
      await mail.close();
    },
  };
}
