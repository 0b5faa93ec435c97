import { expect, test } from "vitest";
import { sessionLine } from "../../src/cli/commands/sessions.ts";
import { localTime } from "../../src/cli/time.ts";
import type { Session } from "../../src/sdk/mod.ts";
import { sessionRecord } from "../sdk/records.ts";
import { recorder } from "./recorder.ts";

test.each<[string, Partial<Session>, string]>([
  ["never spoke", {}, "no HELO  closed by the client  0 transactions"],
  [
    "two mails",
    { helo: "app.test", transactionIds: ["t1", "t2"] },
    "EHLO app.test  closed by the client  2 transactions",
  ],
  [
    "open, with TLS and a user",
    {
      helo: "app.test",
      closedAt: null,
      closedBy: null,
      tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" },
      user: "ada",
      transactionIds: ["t1"],
    },
    "EHLO app.test  user ada  TLSv1.3  open  1 transaction",
  ],
  [
    "errors, forged names",
    {
      helo: "a\x1b[2J",
      esmtp: false,
      tlsError: "TLS alert unknown_ca",
      authError: "AUTH PLAIN 535 5.7.8 No\x07",
      closedBy: "fault",
    },
    "HELO a\\x1b[2J  TLS alert unknown_ca  AUTH PLAIN 535 5.7.8 No\\x07  closed by a fault  0 transactions",
  ],
])("line: %s", (_, change, line) => {
  const session = sessionRecord(change);
  const head = `s1  ${localTime(session.openedAt)}  127.0.0.1`;
  expect(sessionLine(session, recorder().terminal)).toBe(`${head}  ${line}`);
});
