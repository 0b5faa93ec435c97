/** What the page offers to copy is run as it stands, against servers that ask for different things. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Info } from "../../src/api/contract.ts";
import { type MailproofOptions, startMailproof } from "../../src/mailproof.ts";
import { placeholder, targetOf, ways } from "../../web/src/inbox/ways.ts";
import { available } from "../journeys/program.ts";
import { describeInBrowser, launch, visit } from "./browser.ts";

const user = { user: "ada", password: "sesame" };

const servers: readonly (MailproofOptions & { readonly name: string })[] = [
  { name: "plain" },
  { name: "TLS offered", starttls: "offer" },
  { name: "TLS required", starttls: "require" },
  { name: "any login", authRequired: true },
  { name: "a login", authRequired: true, auths: ["ada:sesame"] },
  { name: "TLS offered, any login", starttls: "offer", authRequired: true },
  {
    name: "TLS required, a login",
    starttls: "require",
    authRequired: true,
    auths: ["ada:sesame"],
    strict: true,
  },
];

/** How each is run. */
const shells: Readonly<Record<string, readonly [string, ...string[]]>> = {
  swaks: ["swaks", "bash", "-c"],
  curl: ["curl", "bash", "-c"],
  Nodemailer: [process.execPath, process.execPath, "--input-type=module", "-e"],
  Python: ["python3", "python3", "-c"],
};

describe.each(servers)("commands of the page: $name", ({ name: _, ...options }) => {
  test.each(ways.filter(({ name }) => name in shells))("$name", async ({ name, lines }) => {
    const [needed, command = "", ...args] = shells[name]!;
    if (!available(needed)) return;
    const mail = await startMailproof(options);
    try {
      const written = lines(await target(mail.http.url))
        .replaceAll(placeholder.user, user.user)
        .replaceAll(placeholder.password, user.password);
      expect(await run(command, [...args, written])).toEqual({ code: 0, complaint: "" });
      const [message] = await mail.messages({});
      expect([message?.subject, message?.envelope, message?.text?.trim()]).toEqual([
        "Hello",
        { from: "app@example.com", to: ["ada@example.com"] },
        "It works.",
      ]);
    } finally {
      await mail.close();
    }
  });
});

test("the environment names the login only where one is needed", async () => {
  const environment = ways.find(({ name }) => name === "Environment")!;
  const target = { host: "::1", port: 1025, starttls: "off", login: null } as const;
  expect(environment.lines(target)).toBe("SMTP_HOST=::1\nSMTP_PORT=1025\nSMTP_URL=smtp://[::1]:1025");
  expect(environment.lines({ ...target, login: user })).toBe(
    "SMTP_HOST=::1\nSMTP_PORT=1025\nSMTP_USER=ada\nSMTP_PASSWORD=sesame\nSMTP_URL=smtp://ada:sesame@[::1]:1025",
  );
});

describeInBrowser("welcome", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("the page shows the commands of this server, and says what it asks for", async () => {
    await using visited = await visit(browser, {
      starttls: "require",
      authRequired: true,
      auths: ["ada:sesame"],
    });
    const { mail, page } = visited;
    const welcome = page.getByTestId("welcome");
    for (const { name, lines } of ways) {
      await welcome.getByRole("button", { name, exact: true }).click();
      expect(await welcome.locator("pre").textContent()).toBe(lines(await target(mail.http.url)));
    }
    expect(await welcome.textContent()).toContain("A login is required: put in yours. TLS is required;");
  });
});

async function target(url: string) {
  const info = (await (await fetch(`${url}/api/info`)).json()) as Info;
  return targetOf(info.listeners.find(({ protocol }) => protocol === "smtp")!, info, "127.0.0.1");
}

async function run(command: string, args: readonly string[]): Promise<{ code: number; complaint: string }> {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const [code] = await once(child, "close");
  return { code, complaint };
}
