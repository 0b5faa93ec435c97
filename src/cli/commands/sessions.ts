import type { Session, SessionFilter } from "../../sdk/mod.ts";
import type { Command } from "../command.ts";
import { operandsOf } from "../command.ts";
import { connected } from "../connection.ts";
import { given, inboxOption } from "../filter-options.ts";
import { limitOption, newest } from "../newest.ts";
import { isOn } from "../option.ts";
import { printable, printableJson, type Terminal } from "../terminal.ts";
import { localTime } from "../time.ts";

export const sessions: Command = {
  name: "sessions",
  operands: "",
  summary: "List sessions, the newest last; those without a mail too",
  options: [
    { flag: "source", kind: "list", placeholder: "PATTERN", help: "Address of the client; repeatable" },
    { flag: "user", kind: "list", placeholder: "PATTERN", help: "Who authenticated; repeatable" },
    { flag: "open", kind: "switch", help: "Only those that are open" },
    inboxOption,
    limitOption,
  ],
  notes: ["  mailproof sessions --open", ""],
  async run(line, terminal) {
    operandsOf(sessions, line, 0);
    const filter = given(line.values, ["source", "user", "open"]) as SessionFilter;
    const found = await connected(line.values, (mail) =>
      newest(line.values, terminal, (options) => mail.sessions(filter, options)),
    );
    if (isOn(line.values, "json")) terminal.out(printableJson(found, 2));
    else for (const one of found) terminal.out(sessionLine(one, terminal));
    return 0;
  },
};

const closings: Readonly<Record<NonNullable<Session["closedBy"]>, string>> = {
  client: "closed by the client",
  server: "closed by the server",
  fault: "closed by a fault",
  timeout: "timed out",
};

/** `s6  12:01:02  127.0.0.1  EHLO app.test  user ada  TLSv1.3  closed by the client  2 transactions` */
export function sessionLine(session: Session, { paint }: Terminal): string {
  const { id, openedAt, closedAt, closedBy, remoteAddress, helo, esmtp, user, tls, listener } = session;
  const count = session.transactionIds.length;
  const errors = [session.tlsError, session.authError].filter((error) => error !== null);
  const columns = [
    paint("bold", id),
    paint("dim", localTime(openedAt)),
    remoteAddress,
    helo === null
      ? "no HELO"
      : printable(`${esmtp ? (listener === "lmtp" ? "LHLO" : "EHLO") : "HELO"} ${helo}`),
    ...(user === null ? [] : [printable(`user ${user}`)]),
    ...(tls === null ? [] : [tls.version]),
    ...errors.map((error) => paint("red", printable(error))),
    closedAt === null ? paint("green", "open") : closings[closedBy ?? "client"],
    `${count} transaction${count === 1 ? "" : "s"}`,
  ];
  return columns.join("  ");
}
