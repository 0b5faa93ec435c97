/** Replies that are odd or none. */
import type { PresetRow } from "./row.ts";

export const wirePresets: Readonly<Record<string, PresetRow>> = {
  "no-extensions": [
    "EHLO is unknown, as to a server that knows only RFC 821.",
    { on: "ehlo", do: "502 5.5.1 Error: command not implemented" },
  ],
  pix: [
    "The greeting is masked by asterisks, as a Cisco PIX firewall does it.",
    { on: "greeting", do: { wire: { raw: "220 ****************************************\r\n" } } },
  ],
  "malformed-reply": [
    "RCPT is answered with a line that is no reply.",
    { on: "rcpt", do: { reply: "none", wire: { raw: "what?\r\n" } } },
  ],
  "mixed-codes": [
    "RCPT is answered with one reply of two different codes.",
    { on: "rcpt", do: { wire: { raw: "250-ok\r\n550 no such user\r\n" } } },
  ],
  "bare-code": [
    "RCPT is answered with a code and no text.",
    { on: "rcpt", do: { wire: { raw: "250\r\n" } } },
  ],
  "long-reply": [
    "The greeting is a line of 5,000 octets, ten times as long as allowed.",
    { on: "greeting", do: { reply: "220 {hostname} ESMTP", wire: { padTo: 5000 } } },
  ],
  desync: [
    "MAIL is answered twice, so that later replies seem to belong to the wrong command.",
    { on: "mail", do: { wire: { raw: "250 2.1.0 Ok\r\n250 2.1.0 Ok\r\n" } } },
  ],
  "lf-replies": [
    "Every reply ends its lines with LF alone.",
    { on: ["greeting", "any"], do: { wire: { eol: "lf" } } },
  ],
};
