import { expect, test } from "mailproof/playwright";
import { servePage } from "../app/page.mjs";

test("a new member opens the link in the mail", async ({ page, inbox }) => {
  const shop = await servePage(inbox.smtp.url);
  const ada = inbox.address("ada");
  await page.goto(shop.url);
  await page.getByLabel("Address").fill(ada);
  await page.getByRole("button", { name: "Sign up" }).click();
  const message = await inbox.waitFor({ to: ada, subject: /^welcome/i });
  expect(message).toHaveCode(/^\d{6}$/);
  await page.goto(message.link("*/confirm*"));
  await expect(page.getByText("You are a member now.")).toBeVisible();
  shop.close();
});
