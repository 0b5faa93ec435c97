/** Every reply of the engine itself, with its source. A rule or a policy may say another one. */
import { type Reply, reply } from "./reply.ts";

export const ok: Reply = reply(250, "2.0.0", "Ok");
export const senderOk: Reply = reply(250, "2.1.0", "Ok"); // RFC 3463 X.1.0
export const recipientOk: Reply = reply(250, "2.1.5", "Ok"); // RFC 3463 X.1.5
export const queued: Reply = reply(250, "2.0.0", "Ok: queued"); // RFC 5321 §4.1.1.4
export const sendContent: Reply = reply(354, null, "End data with <CR><LF>.<CR><LF>"); // RFC 5321 §4.1.1.4
export const bye: Reply = reply(221, "2.0.0", "Bye"); // RFC 5321 §4.1.1.10
export const cannotVerify: Reply = reply(252, "2.5.0", "Cannot verify, but will take a message and try"); // RFC 5321 §3.5.3
export const cannotExpand: Reply = reply(252, "2.5.0", "Cannot expand, but will take a message and try");
export const beginTls: Reply = reply(220, "2.0.0", "Ready to start TLS"); // RFC 3207 §4
export const authenticated: Reply = reply(235, "2.7.0", "Authentication successful"); // RFC 4954 §6

/** RFC 5321 §4.2, §3.1: the first word is the host name; no enhanced code (RFC 2034 §4). */
export function greeting(hostname: string, protocol: "smtp" | "lmtp"): Reply {
  return reply(220, null, `${hostname} ${protocol === "lmtp" ? "LMTP" : "ESMTP"} Mailproof`);
}

/** RFC 3030 §2 */
export function chunkReceived(octets: number): Reply {
  return reply(250, "2.0.0", `Ok: ${octets} octets received`);
}

/** RFC 4954 §4: `base64` may be empty. */
export function challenge(base64: string): Reply {
  return reply(334, null, base64);
}

// Syntax
export const unknownCommand: Reply = reply(500, "5.5.2", "Command not recognized"); // RFC 5321 §4.2.4
export const lineTooLong: Reply = reply(500, "5.5.2", "Line too long"); // RFC 5321 §4.5.3.1.10
export const authLineTooLong: Reply = reply(500, "5.5.6", "Authentication exchange line is too long"); // RFC 4954 §6
export const lineEnd: Reply = reply(500, "5.5.2", "A line must end with <CR><LF>"); // RFC 5321 §2.3.8
export const notHttp: Reply = reply(500, "5.5.2", "This is an SMTP server, not HTTP");
export const notImplemented: Reply = reply(502, "5.5.1", "Command not implemented"); // RFC 5321 §4.2.4
export const noHelp: Reply = reply(504, "5.5.4", "There is no help on that; HELP alone lists the commands"); // RFC 5321 §4.3.2
export const endlessChunk: Reply = reply(501, "5.5.4", "The chunk is too large");
export const noArgument: Reply = reply(501, "5.5.4", "No argument is allowed");

/** 501 for an argument; `enhanced` 5.1.7 and 5.1.3 for the text of an address (RFC 3463 §3.2). */
export function badArgument(text: string, enhanced = "5.5.4"): Reply {
  return reply(501, enhanced, text);
}

/** RFC 5321 §4.1.1.11 */
export function unknownParameter(keyword: string): Reply {
  return reply(555, "5.5.4", `Parameter not recognized or not implemented: ${keyword}`);
}

// Sequence
export const synchronization: Reply = reply(554, "5.5.0", "SMTP synchronization error");
export const noValidRecipients: Reply = reply(554, "5.5.1", "No valid recipients"); // RFC 5321 §3.3
export const noLmtp: Reply = reply(500, "5.5.1", "This is SMTP, use EHLO");
export const noSmtp: Reply = reply(500, "5.5.1", "This is LMTP, use LHLO"); // RFC 2033 §4.1
export const noRecipients: Reply = reply(503, "5.5.1", "No valid recipients"); // RFC 2033 §4.2
export const binaryNeedsBdat: Reply = reply(503, "5.5.1", "BODY=BINARYMIME needs BDAT"); // RFC 3030 §3
export const noService: Reply = reply(503, "5.5.1", "No service here, send QUIT"); // RFC 5321 §3.1
export const alreadySecure: Reply = reply(503, "5.5.1", "TLS is already active");
export const alreadyAuthenticated: Reply = reply(503, "5.5.1", "Already authenticated"); // RFC 4954 §4

/** 503 (RFC 5321 §4.1.4). */
export function badSequence(text: string): Reply {
  return reply(503, "5.5.1", text);
}

// Policy and limits
export const tlsRequired: Reply = reply(530, "5.7.0", "Must issue a STARTTLS command first"); // RFC 3207 §4
export const notTrusted: Reply = reply(550, "5.7.0", "Insufficient authorization");
export const authRequired: Reply = reply(530, "5.7.0", "Authentication required"); // RFC 4954 §6
export const tooManyRecipients: Reply = reply(452, "4.5.3", "Too many recipients"); // RFC 5321 §4.5.3.1.10
export const tooBig: Reply = reply(552, "5.3.4", "Message size exceeds fixed limit"); // RFC 1870 §6.1, §6.3
export const noRoom: Reply = reply(452, "4.3.1", "Insufficient system storage"); // RFC 5321 §4.2.3
export const notAscii: Reply = reply(553, "5.6.7", "Non-ASCII address without SMTPUTF8"); // RFC 6531 §3.5
export const bareLineEnd: Reply = reply(550, "5.6.11", "The content contains bare CR or LF"); // RFC 5321 §2.3.8
export const longContentLine: Reply = reply(
  554,
  "5.6.0",
  "The content contains a line of more than 998 octets",
);
export const eightBit: Reply = reply(
  554,
  "5.6.3",
  "The content is 8-bit, but MAIL did not say BODY=8BITMIME",
); // RFC 6152 §3

/** RFC 5321 §3.8; a 421 begins with the host name (§4.2.3). */
export function flood(hostname: string): Reply {
  return reply(421, "4.7.0", `${hostname} Line too long, closing transmission channel`);
}

// RFC 4954 §4, §6
export const badCredentials: Reply = reply(535, "5.7.8", "Authentication credentials invalid");
export const unknownMechanism: Reply = reply(504, "5.5.4", "Unrecognized authentication mechanism");
export const badBase64: Reply = reply(501, "5.5.2", "Cannot decode the base64");
export const badCredentialsForm: Reply = reply(501, "5.5.2", "Malformed credentials");
export const noInitialResponse: Reply = reply(501, "5.7.0", "The mechanism takes no initial response");
export const cancelled: Reply = reply(501, "5.0.0", "Authentication cancelled");
