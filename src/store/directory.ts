/**
 * The programmable directory: the users and mailing lists that VRFY, EXPN and, where unknown recipients are
 * refused, RCPT are answered from. It decides nothing about mail that is accepted, which stays as it was sent.
 *
 * Case does not count, in local parts neither: RFC 5321 §2.4 lets the host of a mailbox decide that, and
 * hardly any host tells `Ada@` from `ada@`. Needless quotes do not count either: `"ada"@x.test` is
 * `ada@x.test`. Two spellings of one mailbox are one.
 */
import { isPostmaster, splitAddress } from "../smtp/mod.ts";
import {
  type DirectoryList,
  type DirectoryState,
  type DirectoryUser,
  readDirectory,
} from "./directory-reader.ts";
import { mailboxKey } from "./mailbox-key.ts";

/** Whoever and whatever is there; made anew with each change. */
interface Shelves {
  readonly state: DirectoryState;
  /** By {@link mailboxKey}. */
  readonly users: ReadonlyMap<string, DirectoryUser>;
  readonly lists: ReadonlyMap<string, DirectoryList>;
  readonly usersByLocalPart: ReadonlyMap<string, readonly DirectoryUser[]>;
  readonly listsByLocalPart: ReadonlyMap<string, readonly DirectoryList[]>;
  /** By {@link wordKey} of the full name. */
  readonly usersByName: ReadonlyMap<string, readonly DirectoryUser[]>;
}

export class Directory {
  #shelves: Shelves;

  /** @throws DirectoryError for a state that cannot be */
  constructor(state: unknown = {}) {
    this.#shelves = shelve(readDirectory(state));
  }

  /** Not to be changed. */
  get(): DirectoryState {
    return this.#shelves.state;
  }

  /**
   * Puts this in the place of all that was there.
   * @throws DirectoryError for what cannot be, which may be anything; then nothing changes
   */
  set(state: unknown): DirectoryState {
    this.#shelves = shelve(readDirectory(state));
    return this.#shelves.state;
  }

  /** Whoever is not here is refused. */
  get strictUsers(): boolean {
    return this.#shelves.state.strictUsers;
  }

  get hasLists(): boolean {
    return this.#shelves.lists.size > 0;
  }

  /** Whether mail to this recipient has somewhere to go: a user, a list, or postmaster (RFC 5321 §4.5.1). */
  knows(recipient: string): boolean {
    const { users, usersByLocalPart } = this.#shelves;
    const text = withoutBrackets(recipient);
    const { localPart, domain } = splitAddress(text);
    if (isPostmaster(mailboxKey(localPart)) || this.findLists(text).length > 0) return true;
    return domain === null ? usersByLocalPart.has(wordKey(text)) : users.has(mailboxKey(text));
  }

  /** Whom an address, a local part alone or a full name means; several where it is ambiguous. */
  findUsers(text: string): readonly DirectoryUser[] {
    const { users, usersByLocalPart, usersByName } = this.#shelves;
    const asked = withoutBrackets(text);
    const user = users.get(mailboxKey(asked));
    if (user !== undefined) return [user];
    const word = wordKey(asked);
    return [...new Set([...(usersByLocalPart.get(word) ?? []), ...(usersByName.get(word) ?? [])])];
  }

  /** Which lists a name or an address means; several where a local part alone is ambiguous. */
  findLists(text: string): readonly DirectoryList[] {
    const asked = withoutBrackets(text);
    const list = this.#listAt(asked);
    if (list !== undefined) return [list];
    return this.#shelves.listsByLocalPart.get(wordKey(asked)) ?? [];
  }

  /**
   * The mailboxes that a list leads to, each once, in order. A list in a list stands for its members, at any
   * depth; one that contains itself adds nothing.
   */
  expand(list: DirectoryList): readonly DirectoryUser[] {
    const { users } = this.#shelves;
    const mailboxes = new Map<string, DirectoryUser>();
    const opened = new Set([list]);
    const waiting = list.members.toReversed();
    for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
      const key = mailboxKey(member);
      const user = users.get(key);
      const inner = user === undefined ? this.#listAt(member) : undefined;
      if (inner === undefined) {
        if (!mailboxes.has(key)) mailboxes.set(key, user ?? { address: member, name: "" });
      } else if (!opened.has(inner)) {
        opened.add(inner);
        waiting.push(...inner.members.toReversed());
      }
    }
    return [...mailboxes.values()];
  }

  /** The list of exactly this name, or of this local part at every domain. */
  #listAt(text: string): DirectoryList | undefined {
    const { lists } = this.#shelves;
    return lists.get(mailboxKey(text)) ?? lists.get(mailboxKey(splitAddress(text).localPart));
  }
}

function shelve(state: DirectoryState): Shelves {
  const { users, lists } = state;
  return {
    state,
    users: new Map(users.map((user) => [mailboxKey(user.address), user])),
    lists: new Map(lists.map((list) => [mailboxKey(list.name), list])),
    usersByLocalPart: group(users, ({ address }) => splitAddress(address).localPart),
    listsByLocalPart: group(lists, ({ name }) => splitAddress(name).localPart),
    usersByName: group(
      users.filter(({ name }) => name !== ""),
      ({ name }) => name,
    ),
  };
}

function group<Item>(items: readonly Item[], wordOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = wordKey(wordOf(item));
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [item]);
    else others.push(item);
  }
  return groups;
}

/** A local part or a full name, quoted or not: `"Ada Lovelace"` is `Ada Lovelace` (RFC 5321 §4.1.1.6). */
function wordKey(text: string): string {
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  return (quoted === undefined ? text : quoted.replace(/\\(.)/gs, "$1")).toLowerCase();
}

/** Clients ask for `<ada@example.test>` too. */
function withoutBrackets(text: string): string {
  return text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1) : text;
}
