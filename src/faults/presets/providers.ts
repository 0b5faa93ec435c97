/** What large mail providers say when they refuse: codes, phases and texts as they come over the wire. */
import type { FaultRule } from "../rule.ts";

export type ProviderFault = "unknown-user" | "mailbox-full" | "rate-limit" | "spam" | "auth" | "too-big";

export interface Provider {
  readonly title: string;
  /** Where its mailboxes are. */
  readonly domains: readonly string[];
  readonly says: Readonly<Record<ProviderFault, FaultRule>>;
}

export const providers: Readonly<Record<string, Provider>> = {
  gmail: {
    title: "Gmail",
    domains: ["gmail.com", "googlemail.com"],
    says: {
      "unknown-user": says("rcpt", 550, "5.1.1", [
        "The email account that you tried to reach does not exist. Please try",
        "double-checking the recipient's email address for typos or",
        "unnecessary spaces. For more information, go to",
        "https://support.google.com/mail/?p=NoSuchUser - gsmtp",
      ]),
      "mailbox-full": says("rcpt", 452, "4.2.2", [
        "The recipient's inbox is out of storage space. Please direct the",
        "recipient to https://support.google.com/mail/?p=OverQuotaTemp - gsmtp",
      ]),
      "rate-limit": says("end-of-data", 421, "4.7.28", [
        "Gmail has detected an unusual rate of mail originating from your IP",
        "address [{remoteAddress}]. To protect our users from spam, mail sent",
        "from your IP address has been temporarily rate limited. For more",
        "information, go to https://support.google.com/mail/?p=UnsolicitedRateLimitError - gsmtp",
      ]),
      spam: says("end-of-data", 550, "5.7.1", [
        "[{remoteAddress}] Our system has detected that this message is",
        "likely unsolicited mail. To reduce the amount of spam sent to Gmail,",
        "this message has been blocked. For more information, go to",
        "https://support.google.com/mail/?p=UnsolicitedMessageError - gsmtp",
      ]),
      auth: says("auth", 535, "5.7.8", [
        "Username and Password not accepted. For more information, go to",
        "https://support.google.com/mail/?p=BadCredentials - gsmtp",
      ]),
      "too-big": says("end-of-data", 552, "5.3.4", [
        "Your message exceeded Google's message size limits. To view our",
        "message size guidelines, go to",
        "https://support.google.com/mail/?p=MaxSizeError - gsmtp",
      ]),
    },
  },
  outlook: {
    title: "Outlook.com",
    domains: ["outlook.com", "hotmail.com", "live.com"],
    says: {
      "unknown-user": says("rcpt", 550, "5.5.0", [
        "Requested action not taken: mailbox unavailable (S2017062302).",
      ]),
      "mailbox-full": says("end-of-data", 554, "5.2.2", [
        "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
      ]),
      "rate-limit": says("mail", 451, "4.7.650", [
        "The mail server [{remoteAddress}] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://aka.ms/postmaster (S775)",
      ]),
      spam: says("mail", 550, "5.7.1", [
        "Unfortunately, messages from [{remoteAddress}] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
      ]),
      auth: says("auth", 535, "5.7.139", [
        "Authentication unsuccessful, the user credentials were incorrect. [{hostname}]",
      ]),
      "too-big": says("end-of-data", 552, "5.3.4", ["Message size exceeds fixed maximum message size"]),
    },
  },
  yahoo: {
    title: "Yahoo",
    domains: ["yahoo.com", "ymail.com"],
    says: {
      "unknown-user": says("end-of-data", 554, null, [
        "delivery error: dd This user doesn't have a yahoo.com account ({recipient}) - {hostname}",
      ]),
      "mailbox-full": says("end-of-data", 554, null, [
        "delivery error: dd Sorry, your message to {recipient} cannot be delivered. This account is over quota. - {hostname}",
      ]),
      "rate-limit": says("mail", 421, "4.7.0", [
        "[TSS04] Messages from {remoteAddress} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
      ]),
      spam: says("end-of-data", 554, "5.7.9", [
        "Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
      ]),
      auth: says("auth", 535, "5.7.0", ["(#AUTH005) Too many bad auth attempts."]),
      "too-big": says("end-of-data", 552, "5.3.4", ["Message size exceeds fixed limit"]),
    },
  },
  icloud: {
    title: "iCloud",
    domains: ["icloud.com", "me.com", "mac.com"],
    says: {
      "unknown-user": says("rcpt", 550, "5.1.1", ["<{recipient}>: inactive email address"]),
      "mailbox-full": says("rcpt", 552, "5.2.2", ["<{recipient}>: user is over quota"]),
      "rate-limit": says("rcpt", 421, "4.7.1", [
        "Messages to {recipient} deferred due to excessive volume. Try again later - https://support.apple.com/en-us/HT204137",
      ]),
      spam: says("end-of-data", 550, "5.7.1", [
        "[CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
      ]),
      auth: says("auth", 535, "5.7.8", ["Error: authentication failed: authentication failure"]),
      "too-big": says("end-of-data", 552, "5.3.4", ["Error: message file too big"]),
    },
  },
};

/** At this phase, with the enhanced code in every line. Null: the provider sends none. */
function says(
  on: "mail" | "rcpt" | "end-of-data" | "auth",
  code: number,
  enhanced: string | null,
  text: readonly string[],
): FaultRule {
  return { on, do: { reply: { code, ...(enhanced === null ? {} : { enhanced }), text } } };
}
