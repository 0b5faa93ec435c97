import { describe, expect, test } from "vitest";
import type { Held } from "./contract.ts";
import { send, sendRefused } from "./sender.ts";

export function directoryContract(held: Held): void {
  describe("directory", () => {
    const users = [{ address: "ada@x.test", name: "Ada Lovelace" }];

    test("set replaces the whole, and get tells it", async () => {
      const { directory } = held();
      expect(await directory.get()).toEqual({ users: [], lists: [], strictUsers: false });
      const lists = [{ name: "staff", members: ["ada@x.test"] }];
      expect(await directory.set({ users, lists })).toEqual({ users, lists, strictUsers: false });
      await directory.set({ users, strictUsers: true });
      expect(await directory.get()).toEqual({ users, lists: [], strictUsers: true });
    });

    test("strictUsers refuses whoever is not there, until the reset", async () => {
      await held().directory.set({ users, strictUsers: true });
      await send(held(), { to: "Ada@x.test" });
      expect(await sendRefused(held(), { to: "bob@x.test" })).toBe(550);
      await held().reset();
      await send(held(), { to: "bob@x.test" });
    });

    test("what cannot be is refused with its path, and nothing changes", async () => {
      const { directory } = held();
      await directory.set({ users });
      await expect(directory.set({ users: [...users, { address: "bob" }] })).rejects.toMatchObject({
        name: "MailproofError",
        status: 422,
        path: "users[1].address",
        message: expect.stringMatching(/^Failed to set directory: users\[1\]\.address: "bob" /),
      });
      expect((await directory.get()).users).toEqual(users);
    });
  });
}
