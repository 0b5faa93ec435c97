import { defineConfig } from "@playwright/test";
import type { MailWorkerFixtures } from "mailproof/playwright";

export default defineConfig<object, MailWorkerFixtures>({
  reporter: "line",
  use: { mailOptions: { starttls: "offer" } },
});
