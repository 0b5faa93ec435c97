import { Resend } from "resend";
import { startMailproof } from "../../mod.ts";
import { providerContract } from "./provider-contract.ts";

providerContract("the Resend client by its base URL", async () => {
  const mail = await startMailproof();
  const { url, key } = mail.providers.resend;
  return { mail, resend: new Resend(key, { baseUrl: url }), close: () => mail.close() };
});
