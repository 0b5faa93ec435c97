/** What clients tell of the refusals of large providers, and of the packs of them. */
import type { Case } from "./preset-cases.ts";

const auth = { mechanism: "PLAIN", user: "ada", password: "secret" };

export const providerCases: Readonly<Record<string, Case>> = {
  gmail: { sends: { to: ["spam@gmail.com"] }, sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  "gmail.unknown-user": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "gmail.mailbox-full": { sees: ["EENVELOPE 452 RCPT TO", "SMTPRecipientsRefused 452", "69", "55"] },
  "gmail.rate-limit": { sees: ["EMESSAGE 421 DATA", "SMTPDataError 421", "69", "8"] },
  "gmail.spam": { sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  "gmail.auth": {
    sends: { auth },
    sees: ["EAUTH 535 AUTH PLAIN", "SMTPAuthenticationError 535", "77", "67"],
  },
  "gmail.too-big": { sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"] },
  outlook: {
    sends: { to: ["spam@outlook.com"] },
    sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"],
  },
  "outlook.unknown-user": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "outlook.mailbox-full": { sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"] },
  "outlook.rate-limit": { sees: ["EENVELOPE 451 MAIL FROM", "SMTPSenderRefused 451", "69", "55"] },
  "outlook.spam": { sees: ["EENVELOPE 550 MAIL FROM", "SMTPSenderRefused 550", "65", "55"] },
  "outlook.auth": {
    sends: { auth },
    sees: ["EAUTH 535 AUTH PLAIN", "SMTPAuthenticationError 535", "77", "67"],
  },
  "outlook.too-big": { sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"] },
  yahoo: {
    sends: { to: ["unknown-user@yahoo.com"] },
    sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"],
  },
  "yahoo.unknown-user": { sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"] },
  "yahoo.mailbox-full": { sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"] },
  "yahoo.rate-limit": { sees: ["EENVELOPE 421 MAIL FROM", "SMTPSenderRefused 421", "69", "55"] },
  "yahoo.spam": { sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"] },
  "yahoo.auth": {
    sends: { auth },
    sees: ["EAUTH 535 AUTH PLAIN", "SMTPAuthenticationError 535", "77", "67"],
  },
  "yahoo.too-big": { sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"] },
  icloud: {
    sends: { to: ["mailbox-full@icloud.com"] },
    sees: ["EENVELOPE 552 RCPT TO", "SMTPRecipientsRefused 552", "65", "55"],
  },
  "icloud.unknown-user": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "icloud.mailbox-full": { sees: ["EENVELOPE 552 RCPT TO", "SMTPRecipientsRefused 552", "65", "55"] },
  "icloud.rate-limit": { sees: ["ECONNECTION 421 CONN", "SMTPRecipientsRefused 421", "69", "55"] },
  "icloud.spam": { sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  "icloud.auth": {
    sends: { auth },
    sees: ["EAUTH 535 AUTH PLAIN", "SMTPAuthenticationError 535", "77", "67"],
  },
  "icloud.too-big": { sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"] },
};
