/** A session that is driven checkpoint by checkpoint. */
import { type Checkpoint, reply, type Session } from "../../src/smtp/mod.ts";
import { arrived, defaults, toOctets } from "./dialogue.ts";

export function open(options: Partial<typeof defaults> = {}): Session {
  const session = arrived({ ...defaults, ...options });
  checkpoint(session);
  session.settle(reply(220, null, "hi"));
  return session;
}

export function checkpoint(session: Session, line?: string): Checkpoint {
  if (line !== undefined) session.receive(toOctets(`${line}\r\n`));
  const event = session.next();
  if (event.kind !== "checkpoint") throw new Error(`there is ${event.kind}, no checkpoint`);
  return event.checkpoint;
}

/** Says what is proposed to each line. */
export function say(session: Session, ...lines: readonly string[]): void {
  for (const line of lines) agree(session, checkpoint(session, line));
}

/** Does what is proposed. */
export function agree(session: Session, { proposed }: Checkpoint): void {
  if (proposed === null) session.proceed();
  else session.settle(proposed);
}

export const OK = reply(250, null, "Ok");
