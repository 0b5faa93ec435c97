/** The emails that were sent, as Resend tells of them. The oldest are forgotten first. */
import type { SentMail } from "../provider.ts";
import type { Email } from "./email.ts";
import type { Schedule } from "./schedule.ts";

export interface Sent {
  /** What Resend calls it. */
  readonly id: string;
  /** Of the message. */
  readonly messageId: string;
  /** The inbox of the key that it was sent with. */
  readonly inbox: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly email: Pick<Email, "from" | "to" | "cc" | "bcc" | "replyTo" | "tags" | "topicId">;
  schedule: Schedule | null;
  canceled: boolean;
}

const keptEmails = 10_000;

export class SentEmails {
  readonly #emails = new Map<string, Sent>();

  add(sent: Sent): void {
    this.#emails.set(sent.id, sent);
    const [oldest] = this.#emails.keys();
    if (this.#emails.size > keptEmails && oldest !== undefined) this.#emails.delete(oldest);
  }

  /** One that was sent with a key of this inbox; null: there is none. */
  find(id: string, inbox: string | null): Sent | null {
    const sent = this.#emails.get(id.toLowerCase());
    return sent !== undefined && sent.inbox === inbox ? sent : null;
  }

  /** Those of this inbox, newest first. */
  list(inbox: string | null): readonly Sent[] {
    return [...this.#emails.values()].filter((sent) => sent.inbox === inbox).reverse();
  }

  forget(): void {
    this.#emails.clear();
  }
}

/** Whether it is still to go out. */
export function isScheduled({ schedule, canceled }: Sent, now: number): boolean {
  return !canceled && schedule !== null && (schedule.at === null || schedule.at > now);
}

/** What a list tells of it. */
export function summaryOf(sent: Sent, message: SentMail, now: number): Readonly<Record<string, unknown>> {
  const { id, email, createdAt, schedule, canceled } = sent;
  const waits = isScheduled(sent, now) ? "scheduled" : "delivered";
  return {
    id,
    message_id: message.messageId,
    to: written(email.to),
    from: written([email.from])?.[0],
    created_at: new Date(createdAt).toISOString(),
    subject: message.subject,
    bcc: written(email.bcc),
    cc: written(email.cc),
    reply_to: written(email.replyTo),
    last_event: canceled ? "canceled" : waits,
    scheduled_at: schedule?.text ?? null,
    topic_id: email.topicId,
  };
}

/** All that is told of one. */
export function detailOf(sent: Sent, message: SentMail, now: number): Readonly<Record<string, unknown>> {
  const { text, html } = message;
  return { object: "email", ...summaryOf(sent, message, now), html, text, tags: sent.email.tags };
}

function written(mailboxes: Email["to"]): string[] | null {
  if (mailboxes.length === 0) return null;
  return mailboxes.map(({ name, address }) => (name === "" ? address : `${name} <${address}>`));
}
