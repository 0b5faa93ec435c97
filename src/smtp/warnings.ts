/** Deviations of a client from the standard, by the stable name that checkpoints and records carry. */
export const warningTexts = {
  "early-talker": "The client sent octets before it had the greeting (RFC 5321 §4.3.1).",
  "missing-helo": "MAIL came without EHLO or HELO before it (RFC 5321 §4.1.4).",
  "odd-helo-name":
    "The argument of EHLO or HELO is neither a domain nor an address literal (RFC 5321 §4.1.3).",
  "unadvertised-verb":
    "STARTTLS or BDAT came without EHLO before it, which alone offers them (RFC 5321 §2.2.1).",
  "auth-without-ehlo": "AUTH came after HELO, which offers no extensions (RFC 4954 §3).",
  "login-initial-response": "AUTH LOGIN came with the user name, before it was asked for (RFC 4954 §4).",
  "space-after-base64": "White space stands behind the base64 of AUTH (RFC 4954 §4).",
  "extra-space":
    "There is more than one space behind the verb of MAIL or RCPT, or between parameters (RFC 5321 §4.1.1).",
  "space-before-colon": "There is a space between FROM or TO and its colon (RFC 5321 §3.3).",
  "space-after-colon": "There is a space between FROM: or TO: and the path (RFC 5321 §3.3).",
  "missing-brackets": "The path is not in angle brackets (RFC 5321 §4.1.2).",
  "missing-space-before-parameter":
    "No space stands between the path and the first parameter (RFC 5321 §4.1.2).",
  "trailing-junk": "What follows the path is no parameter (RFC 5321 §4.1.2).",
  "bare-local-part": "A path has no domain and is not postmaster (RFC 5321 §4.1.2).",
  "underscore-in-domain": "A domain contains an underscore (RFC 5321 §4.1.2).",
  "long-path":
    "A path is longer than 256 octets, its local part than 64 or its domain than 255 (RFC 5321 §4.5.3.1).",
  "unadvertised-parameter": "A parameter belongs to an extension that was not offered (RFC 5321 §4.1.1.11).",
  "pipelined-after-ehlo": "Commands followed EHLO or HELO before it was answered (RFC 2920 §3.1).",
  "pipelined-after-data": "Content followed DATA before it was answered (RFC 2920 §3.1).",
  "pipelined-after-starttls": "Plain octets followed STARTTLS; they were thrown away (RFC 3207 §4.2).",
  "pipelined-after-auth": "Commands followed AUTH before it was answered (RFC 4954 §3).",
  "pipelined-after-noop": "Commands followed NOOP, VRFY or EXPN before it was answered (RFC 2920 §3.1).",
  "pipelined-without-extension":
    "Commands were sent in a group although PIPELINING was not offered (RFC 2920 §3.1).",
  "lf-command": "A command line ended with LF alone (RFC 5321 §2.3.8).",
  "bare-lf": "The content contains LF without CR before it (RFC 5321 §2.3.8).",
  "bare-cr": "The content contains CR without LF after it (RFC 5321 §2.3.8).",
  nul: "The content contains NUL (RFC 5321 §4.5.2).",
  "long-line": "The content contains a line of more than 998 octets (RFC 5321 §4.5.3.1.6).",
  "8bit-without-8bitmime":
    "The content has octets above 127, but MAIL did not say BODY=8BITMIME (RFC 6152 §3).",
  "tls-on-plaintext-port": "The client began a TLS handshake on a port that speaks plain text first.",
  "magic-without-effect": "An address asks for a fault that does not exist or cannot act there.",
} as const;

/** Name of a deviation. */
export type Warning = keyof typeof warningTexts;
