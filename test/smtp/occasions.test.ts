/** Checkpoints at which nothing has to be said: connect, tls, content, idle. */
import { describe, expect, test } from "vitest";
import { type Checkpoint, reply, Session, type SessionOptions } from "../../src/smtp/mod.ts";
import { arrived, defaults, toOctets } from "./dialogue.ts";

/** Agrees to everything, and tells the phases on the way with the octets of content where there are some. */
function phases(session: Session, ...inputs: readonly string[]): string[] {
  const seen: string[] = [];
  for (const input of ["", ...inputs]) {
    session.receive(toOctets(input));
    for (let event = session.next(); event.kind !== "need-data"; event = session.next()) {
      if (event.kind === "closed") break;
      if (event.kind === "start-tls") session.secured();
      if (event.kind !== "checkpoint") seen.push(event.kind);
      else seen.push(agree(session, event.checkpoint));
    }
  }
  return seen;
}

function agree(session: Session, { phase, proposed, octets }: Checkpoint): string {
  if (proposed === null) session.proceed();
  else session.settle(proposed);
  return octets === 0 ? phase : `${phase} ${octets}`;
}

const stopping = (...stops: readonly number[]): Partial<SessionOptions> => ({
  nextStop: (octets) => stops.find((stop) => stop > octets) ?? null,
});

describe("connect and tls", () => {
  test("a client is let in before it is greeted", () => {
    expect(phases(new Session(defaults))).toEqual(["connect", "greeting"]);
  });

  test("under implicit TLS the handshake comes between", () => {
    const session = new Session({ ...defaults, secure: true });
    expect(session.client.secure).toBe(false);
    expect(phases(session)).toEqual(["connect", "tls", "start-tls", "greeting"]);
    expect(session.client.secure).toBe(true);
    expect(session.state).toBe("greeted");
  });

  test("after STARTTLS too", () => {
    const session = new Session({ ...defaults, startTls: "offer" });
    const seen = phases(session, "EHLO c.test\r\nSTARTTLS\r\n", "EHLO c.test\r\n");
    expect(seen).toEqual(["connect", "greeting", "ehlo", "starttls", "tls", "start-tls", "ehlo"]);
  });

  test("nothing is asked about a handshake that was refused", () => {
    const session = arrived({ ...defaults, startTls: "offer" });
    phases(session, "");
    session.receive(toOctets("STARTTLS\r\n"));
    session.next();
    session.settle(reply(454, "4.7.0", "Not now"));
    expect(session.next()).toEqual({ kind: "need-data" });
  });
});

describe("content", () => {
  const envelope = "EHLO c.test\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\n";

  test.each([
    ["the first octet", "DATA\r\n", "hi\r\n.\r\n", [1], ["content 1", "end-of-data 4"]],
    ["several", "DATA\r\n", "0123456789\r\n.\r\n", [2, 5, 12], ["content 2", "content 5", "content 12"]],
    ["dots that are doubled count once", "DATA\r\n", "..\r\n..\r\n.\r\n", [2, 5], ["content 2", "content 5"]],
    ["more than there is", "DATA\r\n", "hi\r\n.\r\n", [5], ["end-of-data 4"]],
    ["an empty content", "DATA\r\n", ".\r\n", [1], ["end-of-data"]],
    [
      "chunks",
      "",
      "BDAT 4\r\nhi\r\nBDAT 2 LAST\r\nho",
      [1, 3, 4, 5],
      ["content 1", "content 3", "content 4"],
    ],
  ] as const)("it pauses where it is asked to: %s", (_, command, content, stops, expected) => {
    const whole = phases(arrived({ ...defaults, ...stopping(...stops) }), envelope, command, content);
    expect(whole).toEqual(expect.arrayContaining([...expected]));
    const octets = phases(arrived({ ...defaults, ...stopping(...stops) }), envelope, command, ...content);
    expect(octets).toEqual(whole);
    expect(whole.filter((phase) => phase.startsWith("content"))).toHaveLength(
      stops.filter((stop) => stop <= Number(/end-of-data (\d+)/.exec(whole.join(" "))?.[1] ?? 0)).length,
    );
  });

  test("what comes behind it waits until it is settled", () => {
    const session = arrived({ ...defaults, ...stopping(3) });
    phases(session, envelope, "DATA\r\n");
    session.receive(toOctets("12345\r\n.\r\nNOOP\r\n"));
    const event = session.next();
    expect(event).toMatchObject({ kind: "checkpoint", checkpoint: { phase: "content", octets: 3 } });
    expect(session.waiting).toBe("45\r\n.\r\nNOOP\r\n".length);
    session.proceed();
    expect(phases(session)).toEqual(["end-of-data 7", "accepted", "noop"]);
  });

  test("it is asked where to stop next with the transaction", () => {
    const asked: string[] = [];
    const nextStop: SessionOptions["nextStop"] = (octets, { recipients }) => {
      asked.push(`${octets} ${recipients.map(({ path }) => path.address).join()}`);
      return octets === 0 ? 2 : null;
    };
    phases(arrived({ ...defaults, nextStop }), envelope, "DATA\r\nhello\r\n.\r\n");
    expect(asked).toEqual(["0 b@s.test", "2 b@s.test"]);
  });
});

describe("idle", () => {
  test("it is asked once, wherever the session is, and changes nothing", () => {
    const session = arrived(defaults);
    phases(session, "EHLO c.test\r\nMAIL FROM:<a@c.test>\r\n");
    session.fallSilent();
    const event = session.next();
    expect(event).toMatchObject({ kind: "checkpoint", checkpoint: { phase: "idle", proposed: null } });
    expect(session.settle(reply(421, "4.4.2", "Still there?"))).toBe(false);
    expect(session.state).toBe("mail");
    expect(session.next()).toEqual({ kind: "need-data" });
  });

  test("not after the end", () => {
    const session = arrived(defaults);
    session.hangUp();
    session.fallSilent();
    expect(session.next()).toEqual({ kind: "closed" });
  });
});

describe("hide", () => {
  test("hidden extensions are refused until the next word", () => {
    const session = arrived({ ...defaults, hiddenExtensions: new Set(["SEND"]) });
    phases(session, "EHLO c.test\r\n");
    const codeOf = (line: string): number | undefined => {
      session.receive(toOctets(`${line}\r\n`));
      const event = session.next();
      if (event.kind !== "checkpoint") return undefined;
      agree(session, event.checkpoint);
      return event.checkpoint.proposed?.code;
    };
    session.hide(["HELP", "SIZE"]);
    expect(session.hides("HELP")).toBe(true);
    expect(codeOf("HELP")).toBe(502);
    expect(codeOf("MAIL FROM:<a@c.test> SIZE=1")).toBe(555);
    session.receive(toOctets("EHLO again.test\r\n"));
    const again = session.next();
    expect(again).toMatchObject({ checkpoint: { proposed: { lines: expect.arrayContaining(["HELP"]) } } });
    if (again.kind === "checkpoint") agree(session, again.checkpoint);
    session.hide([]);
    expect(codeOf("HELP")).toBe(214);
    expect(codeOf("SEND FROM:<a@c.test>")).toBe(502);
    expect(session.hides("SEND")).toBe(true);
  });
});
