import { setupServer } from "msw/node";
import { Resend } from "resend";
import { expect, test } from "vitest";
import { connectMailproof, startMailproof } from "../../mod.ts";
import { mailHandlers } from "../../src/sdk/msw.ts";
import { providerContract } from "./provider-contract.ts";

providerContract("the Resend client through MSW", async () => {
  const mail = await startMailproof();
  const server = setupServer(...mailHandlers(mail));
  server.listen({ onUnhandledRequest: "error" });
  return {
    mail,
    resend: new Resend("re_of_the_application"),
    close: async () => {
      server.close();
      await mail.close();
    },
  };
});

test("a server at an IPv6 address", async () => {
  const mail = await startMailproof({ host: "::1" });
  const server = setupServer(...mailHandlers(mail));
  server.listen({ onUnhandledRequest: "error" });
  try {
    const email = { from: "app@example.com", to: "ada@example.com", subject: "Hello", text: "Hi" };
    expect((await new Resend("re_of_the_application").emails.send(email)).error).toBe(null);
    await mail.waitFor({ to: "ada@example.com" });
    expect((await fetch(`${mail.http.url}/livez`)).status).toBe(200);
  } finally {
    server.close();
    await mail.close();
  }
});

test("a handle on a server elsewhere, with a token: its own calls and those of the client get through", async () => {
  const mail = await startMailproof({ httpToken: "secret" });
  const handle = await connectMailproof(mail.http.url, { token: "secret" });
  const server = setupServer(...mailHandlers(handle));
  server.listen({ onUnhandledRequest: "error" });
  try {
    const email = { from: "app@example.com", to: "ada@example.com", subject: "Hello", text: "Hi" };
    expect((await new Resend("re_of_the_application").emails.send(email)).error).toBe(null);
    await handle.waitFor({ to: "ada@example.com" });
    const direct = new Resend("re_of_the_application", { baseUrl: handle.providers.resend.url });
    expect((await direct.emails.send(email)).error).toMatchObject({
      statusCode: 403,
      name: "invalid_api_key",
    });
  } finally {
    server.close();
    await handle.close();
    await mail.close();
  }
});
