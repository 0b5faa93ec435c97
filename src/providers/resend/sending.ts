/** `POST /emails` and `POST /emails/batch`: from a request to messages, and back to an answer. */
import type { Submission } from "../../server/mod.ts";
import { type Claim, IdempotencyKeys } from "../idempotency.ts";
import type { Account, ProviderContext } from "../provider.ts";
import { type Email, outlineOf, readEmail } from "./email.ts";
import { errorOf, errorReply, faultReply, invalid, missing, type ResendError, refusalOf } from "./errors.ts";
import type { SentEmails } from "./sent.ts";

/** A request, whose it is, and what there is to answer it with. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly context: ProviderContext;
  readonly account: Account;
}

/** One email of a request: what came, what it means, and what Resend will call it. */
interface Item {
  readonly id: string;
  readonly value: unknown;
  readonly email: Email | ResendError;
}

const keyLifetime = 24 * 3_600_000;
const longestKey = 256;
const largestBatch = 100;

export class Sending {
  readonly #emails: SentEmails;
  readonly #keys = new IdempotencyKeys(keyLifetime);

  constructor(emails: SentEmails) {
    this.#emails = emails;
  }

  forget(): void {
    this.#keys.forget();
  }

  /** Answers a request that is refused as a whole. If it was to send something, that is written down. */
  async refuse(call: Call, error: ResendError, values: readonly unknown[] = [{}]): Promise<Response> {
    if (call.request.method !== "POST" || !/^\/emails(?:\/batch)?\/?$/.test(call.url.pathname)) {
      return errorReply(error);
    }
    const refusal = refusalOf(error);
    const { kind } = await call.context.submit(
      values.map((value) => ({ ...this.#factsOf(value, call), raw: null, refusal })),
    );
    return kind === "cut" ? Response.error() : errorReply(error);
  }

  async send(call: Call, isBatch: boolean): Promise<Response> {
    const { request, context, account } = call;
    const octets = await context.read(request);
    if (octets === null) return await this.refuse(call, errorOf("too_large"));
    let body: unknown;
    try {
      body = JSON.parse(new TextDecoder().decode(octets));
    } catch {
      return await this.refuse(call, errorOf("bad_json"));
    }
    const values = isBatch ? body : [body];
    if (!Array.isArray(values))
      return await this.refuse(call, invalid("The batch must be an array of emails."));
    if (values.length === 0) return await this.refuse(call, missing("`emails`"));
    if (values.length > largestBatch) {
      return await this.refuse(call, invalid(`The batch can have at most ${largestBatch} emails.`));
    }
    const now = context.now(account);
    const items = values.map(
      (value): Item => ({ id: context.newId(), value, email: readEmail(value, now, isBatch) }),
    );
    const bad = items.flatMap(({ email }) => ("status" in email ? [email] : []));
    if (bad[0] !== undefined && !(isBatch && isPermissive(call)))
      return await this.refuse(call, bad[0], values);
    return await this.#once(call, octets, items, isBatch);
  }

  /** Under an idempotency key at most once. */
  async #once(call: Call, octets: Uint8Array, items: readonly Item[], isBatch: boolean): Promise<Response> {
    const { request, account, context, url } = call;
    const given = request.headers.get("idempotency-key");
    const values = items.map(({ value }) => value);
    if (given === null) return await this.#deliver(call, items, isBatch, null);
    if (given.length < 1 || given.length > longestKey) {
      return await this.refuse(call, errorOf("invalid_idempotency_key"), values);
    }
    const key = `${account.inbox ?? ""} ${given}`;
    const earlier = this.#keys.idsOf(key);
    // Whoever has deleted the mail starts over.
    if (earlier !== null && !(await this.#areKept(earlier, call))) this.#keys.drop(key, earlier);
    const claim = this.#keys.claim(key, `${url.pathname} ${await digest(octets)}`, context.now(account));
    if (claim.kind === "different") {
      return await this.refuse(call, errorOf("invalid_idempotent_request"), values);
    }
    if (claim.kind === "under-way") {
      return await this.refuse(call, errorOf("concurrent_idempotent_requests"), values);
    }
    try {
      return await this.#deliver(call, items, isBatch, { key, claim });
    } finally {
      this.#keys.release(key);
    }
  }

  async #deliver(
    call: Call,
    items: readonly Item[],
    isBatch: boolean,
    idempotency: { readonly key: string; readonly claim: Claim } | null,
  ): Promise<Response> {
    const { context } = call;
    const earlier = idempotency?.claim.kind === "repeated" ? idempotency.claim.ids : null;
    const named = items.map((item, at) => ({ ...item, id: earlier?.[at] ?? item.id }));
    const mails = await Promise.all(named.map((item) => this.#submissionOf(item, call, earlier !== null)));
    if (mails.some(({ raw }) => raw !== null && raw.length > context.maxMessageSize)) {
      return await this.refuse(
        call,
        errorOf("too_large"),
        named.map(({ value }) => value),
      );
    }
    const { kind, ids, fault } = await context.submit(mails);
    if (earlier === null) this.#remember(call, named, ids);
    const isKept = ids.some((id) => id !== null);
    if (idempotency !== null && earlier === null && isKept) {
      this.#keys.settle(
        idempotency.key,
        named.map(({ id }) => id),
      );
    }
    if (kind === "cut") return Response.error();
    if (fault !== null) return faultReply(fault);
    if (kind === "full" || kind === "broken") return errorReply(errorOf("application_error"));
    if (!isBatch) return Response.json({ id: named[0]!.id });
    const errors = named.flatMap(({ email }, index) =>
      "status" in email ? [{ index, message: email.message }] : [],
    );
    const data = named.flatMap(({ id, email }) => ("status" in email ? [] : [{ id }]));
    return Response.json(isPermissive(call) ? { data, errors } : { data });
  }

  /** Whether any of these emails is still there as a message. */
  async #areKept(ids: readonly string[], { account, context }: Call): Promise<boolean> {
    for (const id of ids) {
      const sent = this.#emails.find(id, account.inbox);
      if (sent !== null && (await context.message(sent.messageId)) !== null) return true;
    }
    return false;
  }

  async #submissionOf(item: Item, call: Call, isRepeated: boolean): Promise<Submission> {
    const { id, value, email } = item;
    const facts = this.#factsOf(value, call);
    if ("status" in email) return { ...facts, raw: null, refusal: refusalOf(email) };
    const { from, to, cc, bcc, tags, schedule } = email;
    const raw = await call.context.compose({
      ...email,
      date: call.context.now(call.account),
      messageId: `<${id}@${from.address.slice(from.address.lastIndexOf("@") + 1)}>`,
    });
    const earlier = isRepeated ? this.#emails.find(id, call.account.inbox) : null;
    return {
      ...facts,
      from: from.address,
      to: [...to, ...cc, ...bcc].map(({ address }) => address),
      mailParameters: schedule === null || schedule.at === null ? {} : { HOLDUNTIL: schedule.text },
      tags: tags.map((tag) => `${tag.name}:${tag.value}`),
      raw,
      refusal: null,
      repeats: earlier?.messageId ?? null,
    };
  }

  #factsOf(value: unknown, { request, account }: Call): Omit<Submission, "raw" | "refusal"> {
    return {
      channel: "http",
      provider: "resend",
      ...outlineOf(value),
      idempotencyKey: request.headers.get("idempotency-key"),
      inbox: account.inbox,
    };
  }

  #remember({ account, context }: Call, items: readonly Item[], ids: readonly (string | null)[]): void {
    items.forEach(({ id, email }, at) => {
      const messageId = ids[at];
      if ("status" in email || messageId === undefined || messageId === null) return;
      const { from, to, cc, bcc, replyTo, tags, topicId, schedule } = email;
      this.#emails.add({
        id,
        messageId,
        inbox: account.inbox,
        createdAt: context.now(account),
        email: { from, to, cc, bcc, replyTo, tags, topicId },
        schedule,
        canceled: false,
      });
    });
  }
}

/** Of a batch the good emails are sent, whatever the others are. */
function isPermissive({ request }: Call): boolean {
  return request.headers.get("x-batch-validation") === "permissive";
}

async function digest(octets: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", octets as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(hash), (octet) => octet.toString(16).padStart(2, "0")).join("");
}
