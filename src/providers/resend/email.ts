/** One email of a request, read and checked as Resend does it. */
import type { Composition } from "../../server/mod.ts";
import { parseMailbox } from "../address.ts";
import { readAttachment } from "./attachment.ts";
import { invalid, missing, type ResendError } from "./errors.ts";
import { readSchedule, type Schedule } from "./schedule.ts";

type Mailbox = Composition["from"];
type Field = Composition["headers"][number];

/** What can be sent. */
export interface Email {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly Field[];
  readonly attachments: Composition["attachments"];
  readonly tags: readonly Field[];
  readonly schedule: Schedule | null;
  readonly topicId: string | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Thrown while an email is read; never leaves this file. */
class Refused extends Error {
  readonly error: ResendError;
  constructor(error: ResendError) {
    super(error.message);
    this.error = error;
  }
}

const mostRecipients = 50;
const tagForm = /^[A-Za-z0-9_-]{1,256}$/;
const headerName = /^[!-9;-~]+$/; // RFC 5322 §2.2

/** The email, or why it is refused. `batch`: as part of many, which can do less. */
export function readEmail(value: unknown, now: number, batch: boolean): Email | ResendError {
  try {
    return read(value, now, batch);
  } catch (error) {
    if (error instanceof Refused) return error.error;
    throw error;
  }
}

/** Who is meant, and what it is about, as far as that can be understood: for what is refused. */
export function outlineOf(value: unknown): {
  readonly from: string | null;
  readonly to: string[];
  readonly subject: string | null;
} {
  const { from, to, cc, bcc, subject } = isObject(value) ? value : {};
  const some = [to, cc, bcc].flatMap((field) => [field].flat().slice(0, mostRecipients));
  const addresses = some.flatMap((one) => addressOf(one) ?? []);
  return { from: addressOf(from), to: addresses, subject: typeof subject === "string" ? subject : null };
}

function addressOf(value: unknown): string | null {
  return typeof value === "string" ? (parseMailbox(value)?.address ?? null) : null;
}

function read(value: unknown, now: number, batch: boolean): Email {
  if (!isObject(value)) throw new Refused(invalid("The email must be an object."));
  const template = readTemplate(value.template);
  const email = {
    from: one(value, "from"),
    to: many(value, "to"),
    cc: many(value, "cc"),
    bcc: many(value, "bcc"),
    replyTo: many(value, "reply_to"),
    // A template brings its own.
    subject: text(value, "subject") ?? (template === null ? refuse(missing("`subject`")) : ""),
    text: text(value, "text"),
    html: text(value, "html"),
    headers: [...readHeaders(value.headers), ...(template?.headers ?? [])],
    attachments: list(value, "attachments").map(attachmentOf),
    tags: list(value, "tags").map(tagOf),
    schedule: scheduleOf(value.scheduled_at, now),
    topicId: text(value, "topic_id"),
  };
  if (email.to.length === 0) refuse(missing("`to`"));
  if (batch && email.attachments.length > 0) {
    refuse(invalid("The `attachments` field is not supported in batch emails."));
  }
  if (batch && email.schedule !== null) {
    refuse(invalid("The `scheduled_at` field is not supported in batch emails."));
  }
  if (template === null) {
    return email.text === null && email.html === null ? refuse(missing("`html` or `text`")) : email;
  }
  if (email.text !== null || email.html !== null) {
    refuse(invalid("The `template` field cannot be used together with `html` or `text`."));
  }
  return { ...email, text: template.text };
}

function refuse(error: ResendError): never {
  throw new Refused(error);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(email: JsonObject, field: string): string | null {
  const value = email[field];
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : refuse(invalid(`The \`${field}\` field must be a string.`));
}

function list(email: JsonObject, field: string): readonly unknown[] {
  const value = email[field];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : refuse(invalid(`The \`${field}\` field must be an array.`));
}

function one(email: JsonObject, field: string): Mailbox {
  return mailboxOf(text(email, field) ?? refuse(missing(`\`${field}\``)), field);
}

/** A string, or a list of them. */
function many(email: JsonObject, field: string): readonly Mailbox[] {
  const value = email[field];
  const all = typeof value === "string" ? [value] : list(email, field);
  if (all.length > mostRecipients) {
    refuse(invalid(`The \`${field}\` field can have at most ${mostRecipients} recipients.`));
  }
  return all.map((entry) => mailboxOf(entry, field));
}

function mailboxOf(value: unknown, field: string): Mailbox {
  const mailbox = typeof value === "string" ? parseMailbox(value) : null;
  if (mailbox !== null) return mailbox;
  return refuse(
    invalid(
      `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
    ),
  );
}

function readHeaders(value: unknown): readonly Field[] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) refuse(invalid("The `headers` field must be an object."));
  return Object.entries(value).map(([name, content]) => {
    if (!headerName.test(name) || typeof content !== "string" || /[\r\n\0]/.test(content)) {
      refuse(invalid(`The header ${JSON.stringify(name)} is not valid.`));
    }
    return { name, value: content };
  });
}

function tagOf(value: unknown): Field {
  const { name, value: content } = isObject(value) ? value : {};
  const isValid = [name, content].every((part) => typeof part === "string" && tagForm.test(part));
  if (isValid) return { name: String(name), value: String(content) };
  return refuse(
    invalid("Tags should only contain ASCII letters, numbers, underscores, or dashes, at most 256 of them."),
  );
}

function attachmentOf(value: unknown): Email["attachments"][number] {
  const attachment = readAttachment(value);
  return "status" in attachment ? refuse(attachment) : attachment;
}

function scheduleOf(value: unknown, now: number): Schedule | null {
  if (value === undefined || value === null) return null;
  const schedule = typeof value === "string" ? readSchedule(value, now) : null;
  if (schedule === null) return refuse(invalid("Invalid `scheduled_at` field: it is no date."));
  if (schedule === "too-far") {
    return refuse(invalid("Invalid `scheduled_at` field: it can be at most 30 days in the future."));
  }
  return schedule;
}

/** Nobody here knows what a template says: its variables are the text, so that codes and links can be read. */
function readTemplate(value: unknown): { readonly headers: readonly Field[]; readonly text: string } | null {
  if (value === undefined || value === null) return null;
  const { id, variables = {} } = isObject(value) ? value : {};
  if (typeof id !== "string" || id === "") return refuse(missing("`template.id`"));
  if (!isObject(variables)) return refuse(invalid("The `template.variables` field must be an object."));
  const lines = Object.entries(variables).map(([name, content]) => {
    if (typeof content === "string" || typeof content === "number") return `${name}: ${content}`;
    return refuse(invalid(`The template variable ${JSON.stringify(name)} must be a string or a number.`));
  });
  return {
    headers: [
      { name: "X-Resend-Template", value: id.replace(/[\r\n\0]/g, " ") },
      { name: "X-Resend-Template-Variables", value: JSON.stringify(variables) },
    ],
    text: lines.length === 0 ? "" : `${lines.join("\n")}\n`,
  };
}
