/** What a directory is, and the reader of what a user says it should be: all of it is right, or none is taken. */
import { Reader, show } from "../notation/mod.ts";
import { isLocalPart, isMailbox } from "../smtp/mod.ts";
import { mailboxKey } from "./mailbox-key.ts";

/** A mailbox that is there. */
export interface DirectoryUser {
  /** With its domain. */
  readonly address: string;
  /** The full name; `""` where there is none. */
  readonly name: string;
}

/** A mailing list. */
export interface DirectoryList {
  /** An address, or a local part alone: then the list is there at every domain. */
  readonly name: string;
  /** Addresses, known or not, and names of other lists. */
  readonly members: readonly string[];
}

/** Who and what is there. */
export interface DirectoryState {
  readonly users: readonly DirectoryUser[];
  readonly lists: readonly DirectoryList[];
  /** Whoever is not in the directory is refused: RCPT and VRFY answer 550 5.1.1. */
  readonly strictUsers: boolean;
}

/** The same as it may be said; what is left out is empty, or false. */
export interface DirectoryInput {
  readonly users?: readonly { readonly address: string; readonly name?: string }[];
  readonly lists?: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly strictUsers?: boolean;
}

/** Users, lists, and the members of all lists together. */
const mostUsers = 10_000;
const mostLists = 1_000;
const mostMembers = 10_000;
/** Octets. RFC 5321 §4.5.3.1.3: a path with its brackets has 256; both fit into one line of a reply. */
const longestAddress = 254;
const longestName = 200;

/** What is wrong with a directory, and where: `path` is `users[0].address`, or `""` for the whole. */
export class DirectoryError extends TypeError {
  override readonly name = "DirectoryError";
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`Failed to set directory: ${path === "" ? "" : `${path}: `}${reason}`);
    this.path = path;
  }
}

function refuse(path: string, reason: string): never {
  throw new DirectoryError(path, reason);
}

const read: Reader = new Reader(refuse);

/** @throws DirectoryError for what cannot be, which may be anything */
export function readDirectory(value: unknown): DirectoryState {
  const fields = read.object(value, "", ["users", "lists", "strictUsers"]);
  const { strictUsers = false } = fields;
  const taken = new Map<string, string>();
  const users = readList(fields.users, "users", mostUsers, (user, path) => readUser(user, path, taken));
  const lists = readList(fields.lists, "lists", mostLists, (list, path) =>
    readMailingList(list, path, taken),
  );
  checkMembers(lists);
  return { users, lists, strictUsers: read.boolean(strictUsers, "strictUsers") };
}

function readUser(value: unknown, path: string, taken: Map<string, string>): DirectoryUser {
  const { address, name = "" } = read.object(value, path, ["address", "name"]);
  const place = `${path}.address`;
  if (typeof address !== "string" || !isMailbox(address)) {
    refuse(place, `${show(address)} is no address; use one such as ada@example.test`);
  }
  checkLength(address, place, longestAddress);
  take(address, place, taken);
  return { address, name: readFullName(name, `${path}.name`) };
}

function readFullName(value: unknown, path: string): string {
  // What stands in brackets is the mailbox, and a control character could begin another line.
  if (typeof value !== "string" || !/^[^<>\p{Cc}]*$/u.test(value)) {
    refuse(path, `${show(value)} is no name; use a text without angle brackets and control characters`);
  }
  checkLength(value, path, longestName);
  return value.trim();
}

function readMailingList(value: unknown, path: string, taken: Map<string, string>): DirectoryList {
  const { name, members } = read.object(value, path, ["name", "members"]);
  const place = `${path}.name`;
  if (typeof name !== "string" || !(isLocalPart(name) || isMailbox(name))) {
    refuse(place, `${show(name)} is no name of a list; use one such as staff or staff@example.test`);
  }
  checkLength(name, place, longestAddress);
  take(name, place, taken);
  if (members === undefined) refuse(`${path}.members`, "they are missing; use a list of addresses");
  const texts = readList(members, `${path}.members`, mostMembers, (member, place) => {
    if (typeof member === "string") return member;
    return refuse(place, `${show(member)} is not a text; use an address or a list`);
  });
  return { name, members: texts };
}

function checkMembers(lists: readonly DirectoryList[]): void {
  const names = new Set(lists.map(({ name }) => mailboxKey(name)));
  let count = 0;
  for (const [at, { members }] of lists.entries()) {
    count += members.length;
    if (count > mostMembers) refuse("lists", `more than ${mostMembers} members together; use fewer`);
    for (const [index, member] of members.entries()) {
      const path = `lists[${at}].members[${index}]`;
      if (!isMailbox(member) && !names.has(mailboxKey(member))) {
        refuse(path, `${show(member)} is neither an address nor a list; use one such as ada@example.test`);
      }
      checkLength(member, path, longestAddress);
    }
  }
}

/** One mailbox is one user or one list. */
function take(text: string, path: string, taken: Map<string, string>): void {
  const key = mailboxKey(text);
  const other = taken.get(key);
  if (other !== undefined) refuse(path, `${show(text)} is ${other} too; name it once`);
  taken.set(key, path);
}

const encoder = new TextEncoder();

function checkLength(text: string, path: string, longest: number): void {
  const { length } = encoder.encode(text);
  if (length > longest) refuse(path, `${length} octets are too many; use at most ${longest}`);
}

function readList<Item>(
  value: unknown,
  path: string,
  most: number,
  readItem: (value: unknown, path: string) => Item,
): readonly Item[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) refuse(path, `${show(value)} is not a list; use one`);
  if (value.length > most) refuse(path, `${value.length} entries are too many; use at most ${most}`);
  return Array.from(value, (item: unknown, index) => readItem(item, `${path}[${index}]`));
}
