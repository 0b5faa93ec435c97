/** Every reply of the engine itself, with its source. A rule or a policy may say another one. */
import { type Reply, reply } from "./reply.ts";

export const OK: Reply = reply(250, "2.0.0", "Ok");
export const SENDER_OK: Reply = reply(250, "2.1.0", "Ok"); // RFC 3463 X.1.0
export const RECIPIENT_OK: Reply = reply(250, "2.1.5", "Ok"); // RFC 3463 X.1.5
export const QUEUED: Reply = reply(250, "2.0.0", "Ok: queued"); // RFC 5321 §4.1.1.4
export const SEND_CONTENT: Reply = reply(354, null, "End data with <CR><LF>.<CR><LF>"); // RFC 5321 §4.1.1.4
export const BYE: Reply = reply(221, "2.0.0", "Bye"); // RFC 5321 §4.1.1.10
export const CANNOT_VERIFY: Reply = reply(252, "2.5.0", "Cannot verify, but will take a message and try"); // RFC 5321 §3.5.3
export const CANNOT_EXPAND: Reply = reply(252, "2.5.0", "Cannot expand, but will take a message and try");
export const HELP: Reply = reply(
  214, // RFC 5321 §4.1.1.8
  "2.0.0",
  "Commands: AUTH DATA EHLO EXPN HELO HELP MAIL NOOP QUIT RCPT RSET STARTTLS VRFY",
  "See RFC 5321",
);
export const BEGIN_TLS: Reply = reply(220, "2.0.0", "Ready to start TLS"); // RFC 3207 §4
export const AUTHENTICATED: Reply = reply(235, "2.7.0", "Authentication successful"); // RFC 4954 §6

/** RFC 5321 §4.2, §3.1: the first word is the host name; no enhanced code (RFC 2034 §4). */
export function greeting(hostname: string): Reply {
  return reply(220, null, `${hostname} ESMTP Mailproof`);
}

/** RFC 4954 §4: `base64` may be empty. */
export function challenge(base64: string): Reply {
  return reply(334, null, base64);
}

// Syntax
export const UNKNOWN_COMMAND: Reply = reply(500, "5.5.2", "Command not recognized"); // RFC 5321 §4.2.4
export const LINE_TOO_LONG: Reply = reply(500, "5.5.2", "Line too long"); // RFC 5321 §4.5.3.1.10
export const AUTH_LINE_TOO_LONG: Reply = reply(500, "5.5.6", "Authentication exchange line is too long"); // RFC 4954 §6
export const LINE_END: Reply = reply(500, "5.5.2", "A line must end with <CR><LF>"); // RFC 5321 §2.3.8
export const NOT_HTTP: Reply = reply(500, "5.5.2", "This is an SMTP server, not HTTP");
export const NOT_IMPLEMENTED: Reply = reply(502, "5.5.1", "Command not implemented"); // RFC 5321 §4.2.4
export const NO_ARGUMENT: Reply = reply(501, "5.5.4", "No argument is allowed");

/** 501 for an argument; `enhanced` 5.1.7 and 5.1.3 for the text of an address (RFC 3463 §3.2). */
export function badArgument(text: string, enhanced = "5.5.4"): Reply {
  return reply(501, enhanced, text);
}

/** RFC 5321 §4.1.1.11 */
export function unknownParameter(keyword: string): Reply {
  return reply(555, "5.5.4", `Parameter not recognized or not implemented: ${keyword}`);
}

// Sequence
export const SYNCHRONIZATION: Reply = reply(554, "5.5.0", "SMTP synchronization error");
export const NO_VALID_RECIPIENTS: Reply = reply(554, "5.5.1", "No valid recipients"); // RFC 5321 §3.3
export const NO_SERVICE: Reply = reply(503, "5.5.1", "No service here, send QUIT"); // RFC 5321 §3.1
export const ALREADY_SECURE: Reply = reply(503, "5.5.1", "TLS is already active");
export const ALREADY_AUTHENTICATED: Reply = reply(503, "5.5.1", "Already authenticated"); // RFC 4954 §4

/** 503 (RFC 5321 §4.1.4). */
export function badSequence(text: string): Reply {
  return reply(503, "5.5.1", text);
}

// Policy and limits
export const TLS_REQUIRED: Reply = reply(530, "5.7.0", "Must issue a STARTTLS command first"); // RFC 3207 §4
export const AUTH_REQUIRED: Reply = reply(530, "5.7.0", "Authentication required"); // RFC 4954 §6
export const TOO_MANY_RECIPIENTS: Reply = reply(452, "4.5.3", "Too many recipients"); // RFC 5321 §4.5.3.1.10
export const TOO_BIG: Reply = reply(552, "5.3.4", "Message size exceeds fixed limit"); // RFC 1870 §6.1, §6.3
export const NOT_ASCII: Reply = reply(553, "5.6.7", "Non-ASCII address without SMTPUTF8"); // RFC 6531 §3.5
export const BARE_LINE_END: Reply = reply(550, "5.6.11", "The content contains bare CR or LF"); // RFC 5321 §2.3.8
export const LONG_CONTENT_LINE: Reply = reply(
  554,
  "5.6.0",
  "The content contains a line of more than 998 octets",
);
export const EIGHT_BIT: Reply = reply(
  554,
  "5.6.3",
  "The content is 8-bit, but MAIL did not say BODY=8BITMIME",
); // RFC 6152 §3
export const FLOOD: Reply = reply(421, "4.7.0", "Line too long, closing transmission channel"); // RFC 5321 §3.8

// RFC 4954 §4, §6
export const UNKNOWN_MECHANISM: Reply = reply(504, "5.5.4", "Unrecognized authentication mechanism");
export const BAD_BASE64: Reply = reply(501, "5.5.2", "Cannot decode the base64");
export const BAD_CREDENTIALS_FORM: Reply = reply(501, "5.5.2", "Malformed credentials");
export const CANCELLED: Reply = reply(501, "5.0.0", "Authentication cancelled");
