/** THE OTHER DOOR: mail providers with an HTTP API, each as a function of a request. */
export { parseMailbox } from "./address.ts";
export type { ProviderContext, ProviderEmulator } from "./provider.ts";
export { createResend } from "./resend/resend.ts";
