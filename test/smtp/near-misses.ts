/** SMTP smuggling: near misses of the end of data, by their row in docs/smtp.md. */
export const nearMisses: readonly (readonly [row: string, octets: string])[] = [
  ["SM-01", "\n.\n"],
  ["SM-02", "\n.\r\n"],
  ["SM-03", "\n.\r"],
  ["SM-04", "\r.\n"],
  ["SM-05", "\r.\r"],
  ["SM-06", "\r.\r\n"],
  ["SM-07", "\r\n.\n"],
  ["SM-08", "\r\n.\r"],
  ["SM-09", "\r\n\0.\r\n"],
  ["SM-10", "\r\n.\0\r\n"],
  ["SM-11", "\r\r\n.\r\r\n"],
  ["SM-12", "\r\n.\r\r\n"],
  ["SM-13", "\n\n.\r\n"],
];

/** What a smuggler hopes to have run behind it. */
export const secondMessage =
  "MAIL FROM:<evil@x>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nSubject: two\r\n\r\nx\r\n.\r\n";
