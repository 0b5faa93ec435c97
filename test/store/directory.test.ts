/** Whom a text means, what a list leads to, and what no directory can be. */
import { describe, expect, test } from "vitest";
import { Directory, DirectoryError } from "../../src/store/mod.ts";

const users = [
  { address: "ada@a.test", name: "Ada Lovelace" },
  { address: "Bob@A.test", name: "Bob" },
  { address: "bob@b.test", name: "Robert Miller" },
  { address: "rm@b.test", name: "robert miller" },
  { address: '"eve adams"@b.test', name: "" },
];
const lists = [
  { name: "staff", members: ["ada@a.test", "friends", "Eve@elsewhere.test", "bob@b.test"] },
  { name: "friends", members: ["bob@b.test", "STAFF", "crew@b.test"] },
  { name: "crew@a.test", members: ["ada@a.test"] },
  { name: "crew@b.test", members: ['"rm"@B.TEST', "rm@b.test", "staff@any.test"] },
  { name: "nobody", members: [] },
];
const directory = new Directory({ users, lists });

describe("findUsers", () => {
  test.each([
    ["ada@a.test", ["ada@a.test"]],
    ["<ADA@A.TEST>", ["ada@a.test"]],
    ['"ada"@a.test', ["ada@a.test"]],
    ["ada", ["ada@a.test"]],
    ['"Ada"', ["ada@a.test"]],
    ["ada lovelace", ["ada@a.test"]],
    ['"Ada \\Lovelace"', ["ada@a.test"]],
    ["eve adams", ['"eve adams"@b.test']],
    ['"eve adams"@b.test', ['"eve adams"@b.test']],
    ["BOB@a.test", ["Bob@A.test"]],
    ["bob", ["Bob@A.test", "bob@b.test"]],
    ["Robert Miller", ["bob@b.test", "rm@b.test"]],
    ["ada@b.test", []],
    ["Lovelace", []],
    ["staff", []],
    ["", []],
    ["<>", []],
    ["__proto__", []],
  ])("%s", (text, addresses) => {
    expect(directory.findUsers(text).map(({ address }) => address)).toEqual(addresses);
  });
});

describe("findLists", () => {
  test.each([
    ["staff", ["staff"]],
    ["Staff@any.test", ["staff"]],
    ['<"staff"@a.test>', ["staff"]],
    ["crew@a.test", ["crew@a.test"]],
    ["crew", ["crew@a.test", "crew@b.test"]],
    ["crew@c.test", []],
    ["ada", []],
    ["", []],
  ])("%s", (text, names) => {
    expect(directory.findLists(text).map(({ name }) => name)).toEqual(names);
  });

  test("the whole name goes before the local part", () => {
    const both = new Directory({
      lists: [
        { name: "x@a.test", members: [] },
        { name: "x", members: [] },
      ],
    });
    expect(both.findLists("x").map(({ name }) => name)).toEqual(["x"]);
    expect(both.findLists("x@a.test").map(({ name }) => name)).toEqual(["x@a.test"]);
    expect(both.findLists("x@b.test").map(({ name }) => name)).toEqual(["x"]);
  });
});

describe("expand", () => {
  test.each([
    ["crew@a.test", ["Ada Lovelace <ada@a.test>"]],
    [
      "staff",
      [
        "Ada Lovelace <ada@a.test>",
        "Robert Miller <bob@b.test>",
        "robert miller <rm@b.test>",
        " <Eve@elsewhere.test>",
      ],
    ],
    ["nobody", []],
  ])("%s: each mailbox once, in order, whatever list it is in", (name, mailboxes) => {
    const [list] = directory.findLists(name);
    expect(directory.expand(list!).map((user) => `${user.name} <${user.address}>`)).toEqual(mailboxes);
  });

  test("a thousand lists, each in the next", () => {
    const chain = Array.from({ length: 1_000 }, (_, n) => ({
      name: `l${n}`,
      members: [n === 999 ? "end@a.test" : `l${n + 1}`],
    }));
    const deep = new Directory({ lists: chain });
    expect(deep.expand(deep.findLists("l0")[0]!)).toEqual([{ address: "end@a.test", name: "" }]);
  });
});

test.each([
  ["ada@a.test", true],
  ["ADA@A.Test", true],
  ['"ada"@a.test', true],
  ["ada@b.test", false],
  ["ada", true],
  ["lovelace@a.test", false],
  ["staff@any.test", true],
  ["crew@a.test", true],
  ["crew@c.test", false],
  ["Postmaster", true],
  ["POSTMASTER@anywhere.test", true],
  ['"postmaster"@a.test', true],
  ["postmaster.x@a.test", false],
])("knows %s: %s", (recipient, known) => {
  expect(directory.knows(recipient)).toBe(known);
});

describe("set", () => {
  test("puts the whole in the place of the whole, absent fields filled in", () => {
    const one = new Directory({ users, lists, strictUsers: true });
    expect(one.get()).toEqual({ users, lists, strictUsers: true });
    expect(one.set({ users: [{ address: "eve@a.test" }] })).toEqual({
      users: [{ address: "eve@a.test", name: "" }],
      lists: [],
      strictUsers: false,
    });
    expect([one.findUsers("ada"), one.findLists("staff"), one.hasLists, one.strictUsers]).toEqual([
      [],
      [],
      false,
      false,
    ]);
    expect(new Directory().get()).toEqual({ users: [], lists: [], strictUsers: false });
  });

  test("keeps what it was given, not the object", () => {
    const given = { users: [{ address: "eve@a.test", name: "Eve" }], lists: [{ name: "l", members: ["l"] }] };
    const one = new Directory(given);
    given.users[0]!.address = "x";
    given.lists[0]!.members.push("y");
    expect(one.get()).toMatchObject({ users: [{ address: "eve@a.test" }], lists: [{ members: ["l"] }] });
  });

  const user = { address: "eve@a.test" };
  const many = (length: number) => Array.from({ length }, (_, n) => `u${n}@a.test`);
  test.each<[value: unknown, path: string, text: string]>([
    [null, "", "null is not an object; use the fields users, lists, strictUsers"],
    [[], "", "[] is not an object"],
    [{ user: [] }, "user", 'unknown field; did you mean "users"?'],
    [{ strictUsers: "yes" }, "strictUsers", '"yes" is not a boolean; use true or false'],
    [{ users: {} }, "users", "{} is not a list; use one"],
    [{ users: ["eve@a.test"] }, "users[0]", '"eve@a.test" is not an object; use the fields address, name'],
    [{ users: [user, { name: "Bob" }] }, "users[1].address", "undefined is no address; use one such as"],
    [{ users: [{ address: "eve" }] }, "users[0].address", '"eve" is no address'],
    [{ users: [{ address: "eve@a.test>" }] }, "users[0].address", "is no address"],
    [{ users: [{ address: "eve@a.test " }] }, "users[0].address", "is no address"],
    [{ users: [{ address: "e\r\nve@a.test" }] }, "users[0].address", "is no address"],
    [{ users: [{ address: "@a.test" }] }, "users[0].address", "is no address"],
    [{ users: [{ address: "eve@" }] }, "users[0].address", "is no address"],
    [{ users: [{ address: `${"é".repeat(125)}@a.test` }] }, "users[0].address", "257 octets are too many"],
    [{ users: [user, { address: '"EVE"@A.test' }] }, "users[1].address", "is users[0].address too; name it"],
    [{ users: [{ ...user, name: 5 }] }, "users[0].name", "5 is no name; use a text without angle brackets"],
    [{ users: [{ ...user, name: "Eve\r\n250 x" }] }, "users[0].name", "is no name"],
    [{ users: [{ ...user, name: "Eve <x@y>" }] }, "users[0].name", "is no name"],
    [{ users: [{ ...user, name: "é".repeat(101) }] }, "users[0].name", "202 octets are too many; use at"],
    [{ users: [{ ...user, mail: "x" }] }, "users[0].mail", "unknown field"],
    // biome-ignore lint/suspicious/noSparseArray: JavaScript can send one
    [{ users: [, user] }, "users[0]", "undefined is not an object"],
    [{ users: many(10_001) }, "users", "10001 entries are too many; use at most 10000"],
    [{ lists: [{ name: "a b", members: [] }] }, "lists[0].name", '"a b" is no name of a list; use one such'],
    [{ lists: [{ name: "staff" }] }, "lists[0].members", "they are missing; use a list of addresses"],
    [{ lists: [{ name: "staff", members: "x@a.test" }] }, "lists[0].members", '"x@a.test" is not a list'],
    [{ lists: [{ name: "staff", members: [7] }] }, "lists[0].members[0]", "7 is not a text"],
    [{ lists: [{ name: "l", members: ["x@a.test", "eve"] }] }, "lists[0].members[1]", '"eve" is neither an'],
    [{ users: [user], lists: [{ name: "Eve@a.test", members: [] }] }, "lists[0].name", "is users[0].address"],
    [{ lists: [{ name: "l", members: many(10_001) }] }, "lists[0].members", "10001 entries are too many"],
    [
      { lists: ["a", "b"].map((name) => ({ name, members: many(6_000) })) },
      "lists",
      "more than 10000 members together; use fewer",
    ],
  ])("refuses %j", (value, path, text) => {
    const one = new Directory({ users });
    const before = one.get();
    let refusal: unknown;
    try {
      one.set(value);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(DirectoryError);
    const { path: place, message } = refusal as DirectoryError;
    expect(place).toBe(path);
    expect(message).toContain(`Failed to set directory: ${path === "" ? "" : `${path}: `}`);
    expect(message).toContain(text);
    expect(message.length).toBeLessThan(200);
    expect(one.get()).toBe(before);
    expect(one.findUsers("ada")).toHaveLength(1);
  });
});
