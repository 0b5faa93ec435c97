import { expect, test } from "vitest";
import { tableCodes, tableReply } from "../../src/faults/reply-table.ts";
import { unknownPlaceholders } from "../../src/faults/template.ts";
import type { Phase } from "../../src/smtp/mod.ts";

const phases: readonly Phase[] = [
  "greeting",
  "ehlo",
  "starttls",
  "auth",
  "mail",
  "rcpt",
  "data",
  "end-of-data",
  "vrfy",
  "unknown",
];

test.each<[code: number, phase: Phase, enhanced: string | null, text: string]>([
  [211, "help", null, "System status"],
  [214, "help", "2.0.0", "See RFC 5321"],
  [220, "greeting", null, "{hostname} ESMTP"],
  [220, "starttls", "2.0.0", "Ready to start TLS"],
  [221, "quit", "2.0.0", "{hostname} Service closing transmission channel"],
  [235, "auth", "2.7.0", "Authentication successful"],
  [250, "ehlo", null, "{hostname}"],
  [250, "mail", "2.1.0", "Ok"],
  [250, "rcpt", "2.1.5", "Ok"],
  [250, "end-of-data", "2.0.0", "Ok: queued"],
  [250, "noop", "2.0.0", "Ok"],
  [251, "rcpt", "2.1.5", "User not local; will forward"],
  [252, "vrfy", "2.5.0", "Cannot verify the user, but will accept the message and attempt delivery"],
  [334, "auth-start", null, ""],
  [354, "data", null, "Start mail input; end with <CRLF>.<CRLF>"],
  [421, "mail", "4.3.2", "{hostname} Service not available, closing transmission channel"],
  [421, "greeting", null, "{hostname} Service not available, closing transmission channel"],
  [432, "auth", "4.7.12", "A password transition is needed"],
  [450, "rcpt", "4.2.1", "<{recipient}>: Mailbox temporarily unavailable"],
  [450, "mail", "4.7.1", "<{sender}>: Sender address temporarily refused"],
  [451, "end-of-data", "4.3.0", "Requested action aborted: local error in processing"],
  [452, "mail", "4.3.1", "Insufficient system storage"],
  [452, "rcpt", "4.5.3", "Too many recipients"],
  [454, "starttls", "4.7.0", "TLS not available due to temporary reason"],
  [454, "auth", "4.7.0", "Temporary authentication failure"],
  [455, "mail", "4.5.4", "Server unable to accommodate parameters"],
  [500, "unknown", "5.5.2", "Syntax error, command unrecognized"],
  [500, "auth", "5.5.6", "Authentication exchange line is too long"],
  [501, "noop", "5.5.4", "Syntax error in parameters or arguments"],
  [501, "rcpt", "5.1.3", "Bad recipient address syntax"],
  [501, "mail", "5.1.7", "Bad sender address syntax"],
  [502, "ehlo", null, "Command not implemented"],
  [503, "data", "5.5.1", "Bad sequence of commands"],
  [504, "auth-start", "5.5.4", "Unrecognized authentication mechanism"],
  [521, "greeting", null, "{hostname} does not accept mail"],
  [523, "auth", "5.7.10", "Encryption needed"],
  [530, "mail", "5.7.0", "Authentication required"],
  [534, "auth", "5.7.9", "Authentication mechanism is too weak"],
  [535, "auth", "5.7.8", "Authentication credentials invalid"],
  [538, "auth-start", "5.7.11", "Encryption required for requested authentication mechanism"],
  [550, "rcpt", "5.1.1", "<{recipient}>: Recipient address rejected: User unknown"],
  [550, "end-of-data", "5.7.1", "Message rejected by policy"],
  [551, "rcpt", "5.1.6", "User not local; please try another address"],
  [552, "end-of-data", "5.3.4", "Message size exceeds fixed maximum message size"],
  [552, "rcpt", "5.2.2", "<{recipient}>: Mailbox full"],
  [553, "rcpt", "5.1.3", "<{recipient}>: Mailbox name not allowed"],
  [554, "greeting", null, "{hostname} No SMTP service here"],
  [554, "data", "5.5.1", "No valid recipients"],
  [554, "rcpt", "5.7.1", "<{recipient}>: Relay access denied"],
  [555, "mail", "5.5.4", "Parameters not recognized or not implemented"],
  [556, "rcpt", "5.1.10", "<{recipient}>: Recipient domain accepts no mail (null MX)"],
  [299, "rcpt", "2.0.0", "Ok"],
  [399, "data", null, "Go on"],
  [499, "rcpt", "4.0.0", "Temporary failure"],
  [599, "rcpt", "5.0.0", "Permanent failure"],
])("bare %i at %s is %s %s", (code, phase, enhanced, text) => {
  expect(tableReply(code, phase)).toEqual({ enhanced, text });
});

test.each(tableCodes)("bare %i: text and enhanced status code fit at every phase (RFC 2034 §4)", (code) => {
  for (const phase of phases) {
    const { enhanced, text } = tableReply(code, phase);
    const without = phase === "greeting" || phase === "ehlo" || code === 211 || (code >= 300 && code < 400);
    expect([phase, enhanced?.[0]]).toEqual([phase, without ? undefined : String(code)[0]]);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(unknownPlaceholders(text)).toEqual([]);
  }
});

test.each<[code: number, wanted: string, phase: Phase, text: string]>([
  [550, "5.1.1", "rcpt", "<{recipient}>: Recipient address rejected: User unknown"],
  [550, "5.1.1", "end-of-data", "User unknown"],
  [550, "5.2.1", "rcpt", "Mailbox disabled, takes no mail"],
  [550, "5.7.26", "rcpt", "Multiple authentication checks failed"],
  [550, "5.7.0", "end-of-data", "Refused for security reasons"],
  [550, "5.4.6", "end-of-data", "Mail loop detected"],
  [554, "5.6.11", "end-of-data", "Message content refused"],
  [421, "4.7.0", "rcpt", "{hostname} Refused for security reasons"],
  [421, "4.3.2", "rcpt", "{hostname} Service not available, closing transmission channel"],
  [451, "4.7.1", "rcpt", "Delivery not authorized, message refused"],
  [450, "4.3.2", "rcpt", "System takes no mail"],
  [450, "4.0.0", "rcpt", "Temporary failure"],
  [550, "5.0.0", "mail", "Permanent failure"],
  [452, "4.2.2", "rcpt", "Mailbox full"],
  [250, "2.7.0", "rcpt", "Ok"],
])("%i %s at %s: %s", (code, wanted, phase, text) => {
  expect(tableReply(code, phase, wanted).text).toBe(text);
});
