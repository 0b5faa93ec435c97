/** Programs of a user, as files of a project that has installed the package. */
import { importable, type Project } from "./project.ts";

/** What each prints as JSON: the names that each entry exports. */
export const programs = {
  "import.mjs": `
    const names = {};
    for (const entry of ${JSON.stringify(importable)}) names[entry] = Object.keys(await import(entry)).sort();
    console.log(JSON.stringify(names));
  `,
  "require.cjs": `
    const names = {};
    for (const entry of ${JSON.stringify(importable)}) names[entry] = Object.keys(require(entry)).sort();
    console.log(JSON.stringify(names));
  `,
  // One instance, whichever way it is loaded: an error of the one is an instance of the other's class.
  "both.cjs": `
    const { WaitTimeoutError } = require("mailproof");
    import("mailproof").then((imported) => console.log(imported.WaitTimeoutError === WaitTimeoutError));
  `,
  "cli.cjs": `require("mailproof/cli");`,
  "send.mjs": `
    import nodemailer from "nodemailer";
    import { startMailproof } from "mailproof";
    const mail = await startMailproof({ starttls: "offer" });
    const transport = nodemailer.createTransport({ url: mail.smtp.url, tls: { ca: mail.tls.ca } });
    await transport.sendMail({
      from: "app@example.test",
      to: "ada@example.test",
      subject: "Welcome",
      text: "Your code is 481516: https://example.test/start",
    });
    const message = await mail.waitFor({ to: "ada@example.test", subject: /welcome/i });
    console.log(JSON.stringify([message.code(), message.link()]));
    const page = await fetch(mail.http.url);
    console.log(page.status);
    await mail.close();
  `,
  "idle.mjs": `
    import { startMailproof } from "mailproof";
    const mail = await startMailproof();
    await mail.close();
  `,
  // Names every module on standard error as it is loaded.
  "loads.mjs": `
    import { register } from "node:module";
    register("./hook.mjs", import.meta.url);
  `,
  "hook.mjs": `
    import { writeSync } from "node:fs";
    export function load(url, context, next) {
      writeSync(2, url + " ");
      return next(url, context);
    }
  `,
  "send.test.mjs": `
    import nodemailer from "nodemailer";
    import { expect, test } from "mailproof/vitest";
    test("a mail", async ({ mail }) => {
      const letter = { from: "app@example.test", to: "ada@example.test", subject: "Hi", text: "Hello" };
      await nodemailer.createTransport(mail.smtp.url).sendMail(letter);
      await expect(mail).toHaveReceived({ to: "ada@example.test" });
    });
  `,
} as const;

export function writePrograms(project: Project): void {
  for (const [file, text] of Object.entries(programs)) project.write(file, text);
}
