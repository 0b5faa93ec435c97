/**
 * Rules that never match what smtp-source sends (from foo@, to foo@, one host name), as a team would have them
 * that shares a server: most for one recipient or domain each, some for a sender, a client or a pattern.
 */
export function idleRules(count) {
  return Array.from({ length: count }, (_, n) => {
    const rule = kinds[n % kinds.length](n);
    return { id: `idle-${n}`, ...rule };
  });
}

const kinds = [
  (n) => ({ on: "rcpt", match: { to: `user${n}@full.test` }, do: "452 4.2.2 Mailbox full" }),
  (n) => ({ on: "rcpt", match: { to: `*@d${n}.test` }, do: "550 5.1.1 No such user" }),
  (n) => ({ on: "mail", match: { from: `app${n}@example.test` }, do: "451 4.3.0 Later" }),
  (n) => ({ on: "end-of-data", match: { to: [`a${n}@x.test`, `b${n}@x.test`] }, do: "554 5.7.1 Spam" }),
  (n) => ({ on: ["ehlo", "helo"], match: { helo: `host${n}.test` }, do: { delay: "1s" } }),
  (n) => ({ on: "rcpt", match: { to: `bob+${n}@*` }, do: { wire: { truncate: 0 }, end: "reset" } }),
  (n) => ({ on: "any", match: { user: `ci${n}` }, do: "421" }),
  (n) => ({ on: "mail", match: { remoteAddress: `10.0.${n % 256}.0/24` }, do: "450 4.7.1 Not now" }),
];
