/** Log-in and TLS. */
import type { PresetRow } from "./row.ts";

export const securityPresets: Readonly<Record<string, PresetRow>> = {
  "auth-failed": [
    "Every log-in is refused: wrong credentials.",
    { on: "auth", do: "535 5.7.8 Authentication credentials invalid" },
  ],
  "auth-temp": [
    "Every log-in is refused for now.",
    { on: "auth", do: "454 4.7.0 Temporary authentication failure" },
  ],
  "auth-required": [
    "MAIL is refused until the client has logged in.",
    { on: "mail", match: { user: { not: "*" } }, do: "530 5.7.0 Authentication required" },
  ],
  "auth-needs-tls": [
    "AUTH is refused without TLS.",
    {
      on: "auth-start",
      match: { tls: false },
      do: "538 5.7.11 Encryption required for requested authentication mechanism",
    },
  ],
  "tls-required": [
    "MAIL is refused without TLS.",
    { on: "mail", match: { tls: false }, do: "530 5.7.0 Must issue a STARTTLS command first" },
  ],
  "tls-unavailable": [
    "STARTTLS is refused for now and the session stays plain.",
    { on: "starttls", do: "454 4.7.0 TLS not available due to temporary reason" },
  ],
  "tls-handshake-fails": [
    "The TLS handshake is cut off: the connection is closed after the ClientHello.",
    { on: "tls", do: { tls: { handshake: "close" } } },
  ],
  "tls-alert": [
    "The TLS handshake is refused with a fatal alert.",
    { on: "tls", do: { tls: { handshake: "alert" } } },
  ],
  "tls-expired": ["The certificate has expired.", { on: "tls", do: { tls: { certificate: "expired" } } }],
  "tls-wrong-host": [
    "The certificate is for another host.",
    { on: "tls", do: { tls: { certificate: "wrong-host" } } },
  ],
  "tls-self-signed": [
    "The certificate is signed by nobody but itself.",
    { on: "tls", do: { tls: { certificate: "self-signed" } } },
  ],
  "tls-old": ["TLS is spoken in version 1.1 at most.", { on: "tls", do: { tls: { maxVersion: "TLSv1.1" } } }],
  "no-starttls": [
    "STARTTLS is not offered and refused, as if somebody had cut it out on the way.",
    { on: "ehlo", do: { capabilities: { remove: ["STARTTLS"] } } },
  ],
};
