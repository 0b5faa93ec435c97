import { setupServer } from "msw/node";
import { afterAll, beforeAll } from "vitest";
import { connectMailproof, startMailproof } from "../../mod.ts";
import { mailHandlers } from "../../src/sdk/msw.ts";
import { sdkContract } from "./contract.ts";

/** Every request of the process goes through it, and with its fetch those of the SDK too. */
const interception = setupServer();
let { fetch } = globalThis;
beforeAll(() => {
  interception.listen({ onUnhandledRequest: "error" });
  ({ fetch } = globalThis);
});
afterAll(() => interception.close());

sdkContract("the SDK through MSW", async () => {
  const server = await startMailproof();
  interception.resetHandlers(...mailHandlers(server));
  const mail = await connectMailproof(server.http.url, { fetch });
  const close = mail.close.bind(mail);
  mail.close = async () => {
    await close();
    await server.close();
  };
  return mail;
});
