/**
 * Resend (https://resend.com/docs/api-reference): sending, also many at a time, and what was sent. Checks as Resend
 * does, but knows no domains: any sender and any recipient will do.
 */
import type { ProviderEmulator } from "../provider.ts";
import { errorOf, errorReply, invalid, missing } from "./errors.ts";
import { readSchedule } from "./schedule.ts";
import { type Call, Sending } from "./sending.ts";
import { detailOf, isScheduled, type Sent, SentEmails, summaryOf } from "./sent.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const listed = { least: 1, usual: 20, most: 100 };

export function createResend(): ProviderEmulator {
  const emails = new SentEmails();
  const sending = new Sending(emails);

  const route = (call: Call): Promise<Response> | Response => {
    const { method } = call.request;
    const [collection, id, action, ...more] = call.url.pathname.split("/").slice(1);
    const only = (expected: string, answer: () => Promise<Response>): Promise<Response> | Response =>
      method === expected ? answer() : errorReply(errorOf("method_not_allowed"));
    if (collection !== "emails" || more.length > 0) return errorReply(errorOf("not_found"));
    if (id === undefined || id === "") {
      if (method === "GET") return list(call, emails);
      return only("POST", () => sending.send(call, false));
    }
    if (id === "batch" && action === undefined) return only("POST", () => sending.send(call, true));
    if (action !== undefined && action !== "cancel") return errorReply(errorOf("not_found"));
    const sent = find(id, call, emails);
    if (sent instanceof Response) return sent;
    if (action === "cancel") return only("POST", () => cancel(sent, call));
    if (method === "GET") return get(sent, call);
    return only("PATCH", () => reschedule(sent, call));
  };

  return {
    name: "resend",
    origins: ["https://api.resend.com"],
    handle: async (request, url, context) => {
      const key = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      const account = key === undefined ? null : context.account(key);
      if (account !== null) return await route({ request, url, context, account });
      return await sending.refuse(
        { request, url, context, account: { inbox: null } },
        errorOf(key === undefined ? "missing_api_key" : "invalid_api_key"),
      );
    },
    forget: () => {
      emails.forget();
      sending.forget();
    },
  };
}

function find(id: string, { account }: Call, emails: SentEmails): Sent | Response {
  if (!uuid.test(id)) return errorReply(errorOf("bad_id"));
  return emails.find(id, account.inbox) ?? errorReply(errorOf("no_email"));
}

async function get(sent: Sent, { context, account }: Call): Promise<Response> {
  const message = await context.message(sent.messageId);
  if (message === null) return errorReply(errorOf("no_email"));
  return Response.json(detailOf(sent, message, context.now(account)));
}

/** `limit`, and from where: `after` an id to older ones, `before` it to newer ones. */
async function list({ url, context, account }: Call, emails: SentEmails): Promise<Response> {
  const query = url.searchParams;
  const limit = Number(query.get("limit") ?? listed.usual);
  if (!Number.isInteger(limit) || limit < listed.least || limit > listed.most) {
    return errorReply(invalid(`The \`limit\` must be from ${listed.least} to ${listed.most}.`));
  }
  const all = emails.list(account.inbox);
  const placeOf = (name: string): number => all.findIndex(({ id }) => id === query.get(name));
  const after = placeOf("after");
  const before = placeOf("before");
  const from = before === -1 ? after + 1 : Math.max(0, before - limit);
  const page = all.slice(from, before === -1 ? from + limit : before);
  const data: unknown[] = [];
  for (const sent of page) {
    const message = await context.message(sent.messageId);
    if (message !== null) data.push(summaryOf(sent, message, context.now(account)));
  }
  const hasMore = before === -1 ? from + limit < all.length : from > 0;
  return Response.json({ object: "list", has_more: hasMore, data });
}

async function cancel(sent: Sent, { context, account }: Call): Promise<Response> {
  if (!isScheduled(sent, context.now(account))) {
    return errorReply(invalid("Email cannot be canceled because it is not scheduled."));
  }
  sent.canceled = true;
  await context.change(sent.messageId, { tags: ["canceled"] });
  return Response.json({ object: "email", id: sent.id });
}

async function reschedule(sent: Sent, { request, context, account }: Call): Promise<Response> {
  const octets = await context.read(request);
  if (octets === null) return errorReply(errorOf("too_large"));
  let body: { scheduled_at?: unknown } | null;
  try {
    body = JSON.parse(new TextDecoder().decode(octets));
  } catch {
    return errorReply(errorOf("bad_json"));
  }
  const wanted = body?.scheduled_at;
  if (typeof wanted !== "string") return errorReply(missing("`scheduled_at`"));
  const now = context.now(account);
  const schedule = readSchedule(wanted, now);
  if (schedule === null || schedule === "too-far")
    return errorReply(invalid("Invalid `scheduled_at` field."));
  if (!isScheduled(sent, now)) {
    return errorReply(invalid("Email cannot be updated because it is not scheduled."));
  }
  sent.schedule = schedule;
  if (schedule.at !== null) await context.change(sent.messageId, { heldUntil: schedule.text });
  return Response.json({ object: "email", id: sent.id });
}
