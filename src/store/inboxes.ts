/**
 * Inboxes: parts of the mail on one server that are kept apart, each for one test or one user.
 *
 * What belongs to an inbox is told by where it came in (a listener of its own), who sent it (its SMTP user, or
 * for HTTP its password as key), whom it is for (any address at its domain), or what it was told to match.
 */
import { type BarePattern, formatPlace } from "../notation/mod.ts";
import { canonicalAddress } from "../smtp/mod.ts";
import { patternTest, type Test } from "./condition.ts";
import { FilterError, type Patterns } from "./filter.ts";
import { InboxError, type InboxMatch, type InboxPlan } from "./inbox-reader.ts";

export interface Inbox {
  /** Lower case, fit for a domain; never given twice. */
  readonly id: string;
  readonly name: string;
  /** Any address at it is the inbox's: `ID.inbox.test`. */
  readonly domain: string;
  /** For AUTH. */
  readonly user: string;
  readonly match: InboxMatch | null;
  /** Name of its own listener, or null. */
  readonly listener: string | null;
  /** Where its mail is to be sent. */
  readonly smtp: { readonly host: string; readonly port: number; readonly url: string };
  /** ISO 8601. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** As it is told once, to whoever made it. */
export interface NewInbox extends Inbox {
  /** Of the SMTP user; for HTTP mail providers it is the key. */
  readonly password: string;
}

/** What is known of a session, and where there is one of its transaction. */
export interface Belongings {
  readonly listener: string | null;
  readonly user: string | null;
  readonly helo: string | null;
  readonly remoteAddress: string | null;
  /** Null: no transaction. */
  readonly from: string | null;
  readonly recipients: readonly string[];
  /** Null: no content yet. */
  readonly header: (() => readonly { readonly name: string; readonly value: string }[]) | null;
}

interface Kept {
  readonly inbox: Inbox;
  readonly password: string;
}

const none: readonly string[] = [];
const domainForm = /@([a-z0-9-]+)\.inbox\.test$/i;
const most = 10_000;

export class Inboxes {
  readonly #byId = new Map<string, Kept>();
  readonly #byPassword = new Map<string, string>();
  /** Those that have to be asked one by one. */
  readonly #matching = new Map<string, (of: Belongings) => boolean>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** An id for a new inbox: the name as a domain can have it, and a number. */
  nextId(name: string): string {
    if (this.#byId.size >= most) throw new InboxError("", `there are ${most}; delete some`);
    this.#count += 1;
    const slug = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40)
      .replace(/-+$/, "");
    return `${slug === "" ? "inbox" : slug}-${this.#count}`;
  }

  /** @throws InboxError for a pattern that cannot be understood */
  add(
    plan: InboxPlan,
    given: Pick<NewInbox, "id" | "listener" | "password" | "createdAt" | "expiresAt"> & {
      readonly smtp: { readonly host: string; readonly port: number };
    },
  ): NewInbox {
    const { id, password, listener, createdAt, expiresAt } = given;
    const { host, port } = given.smtp;
    const at = formatPlace(host, port);
    const inbox: Inbox = {
      id,
      name: plan.name,
      domain: `${id}.inbox.test`,
      user: id,
      match: plan.match,
      listener,
      smtp: { host, port, url: `smtp://${at}` },
      createdAt,
      expiresAt,
    };
    // First, so that a pattern that cannot be understood leaves nothing behind.
    if (plan.match !== null) this.#matching.set(id, compileMatch(plan.match));
    this.#byId.set(id, { inbox, password });
    this.#byPassword.set(password, id);
    // On a listener of its own nobody has to say who he is.
    const url = listener === null ? `smtp://${id}:${password}@${at}` : inbox.smtp.url;
    return { ...inbox, smtp: { host, port, url }, password };
  }

  get(id: string): Inbox | null {
    return this.#byId.get(id.toLowerCase())?.inbox ?? null;
  }

  /** Newest first. */
  list(): readonly Inbox[] {
    return [...this.#byId.values()].map(({ inbox }) => inbox).reverse();
  }

  /** False: there is none. */
  remove(id: string): boolean {
    const kept = this.#byId.get(id);
    if (kept === undefined) return false;
    this.#byId.delete(id);
    this.#byPassword.delete(kept.password);
    this.#matching.delete(id);
    return true;
  }

  /** Of the SMTP user of an inbox. */
  passwordOf(user: string): string | undefined {
    return this.#byId.get(user)?.password;
  }

  /** The inbox whose password this is; null: none. */
  ofKey(key: string): string | null {
    return this.#byPassword.get(key) ?? null;
  }

  /** Ids of the inboxes that this belongs to, each once. */
  of(what: Belongings): readonly string[] {
    if (this.isEmpty) return none;
    const ids = new Set<string>();
    const { listener, user, recipients } = what;
    if (listener !== null && this.#byId.get(listener)?.inbox.listener === listener) ids.add(listener);
    if (user !== null && this.#byId.has(user)) ids.add(user);
    for (const recipient of recipients) {
      const id = domainForm.exec(recipient)?.[1]?.toLowerCase();
      if (id !== undefined && this.#byId.has(id)) ids.add(id);
    }
    for (const [id, matches] of this.#matching) if (matches(what)) ids.add(id);
    return ids.size === 0 ? none : [...ids];
  }

  /** Names of the listeners that inboxes have for themselves. */
  listeners(): readonly string[] {
    return this.list().flatMap(({ listener }) => listener ?? []);
  }

  /** What first tells its connections from others; null: there is no such inbox. */
  placeOf(id: string): "connect" | "helo" | "auth" | null {
    const inbox = this.get(id);
    if (inbox === null) return null;
    if (inbox.listener !== null || inbox.match?.remoteAddress !== undefined) return "connect";
    return inbox.match?.helo !== undefined ? "helo" : "auth";
  }
}

function compileMatch(match: InboxMatch): (of: Belongings) => boolean {
  const tests: ((of: Belongings) => boolean)[] = [];
  for (const field of ["user", "helo", "remoteAddress"] as const) {
    if (match[field] === undefined) continue;
    const test = compile(match[field], field);
    tests.push((of) => of[field] !== null && test(of[field]));
  }
  if (match.from !== undefined) {
    const test = compile(match.from, "from", "address");
    tests.push(({ from }) => from !== null && test(canonicalAddress(from)));
  }
  if (match.to !== undefined) {
    const test = compile(match.to, "to", "address");
    tests.push(({ recipients }) => recipients.some((recipient) => test(canonicalAddress(recipient))));
  }
  for (const [name, patterns] of Object.entries(match.header ?? {})) {
    if (patterns === undefined) continue;
    const test = compile(patterns, `header.${name}`);
    const wanted = name.toLowerCase();
    tests.push(
      ({ header }) =>
        header?.().some((field) => field.name.toLowerCase() === wanted && test(field.value.trim())) === true,
    );
  }
  return (of) => tests.every((test) => test(of));
}

function compile(patterns: Patterns, field: string, bare?: BarePattern): Test {
  try {
    return patternTest(`match.${field}`, patterns, bare);
  } catch (error) {
    if (error instanceof FilterError) throw new InboxError(error.field, error.message);
    throw error;
  }
}
