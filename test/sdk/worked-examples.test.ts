/** Two workers that send mail, and what a test of theirs asks the server: did it give up, did it send once? */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Mailproof, startMailproof } from "../../mod.ts";
import "../../src/entries/vitest.ts";
import { type Letter, send } from "./sender.ts";

let mail: Mailproof;
beforeEach(async () => {
  mail = await startMailproof({ seed: "worker" });
});
afterEach(async () => {
  await mail.close();
});

/** Tries three times; true if the server has taken it. `compose` makes the letter anew for each try. */
async function deliver(compose: () => Letter): Promise<boolean> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      await send(mail, compose());
      return true;
    } catch {
      // The next attempt, if there is one.
    }
  }
  return false;
}

describe("a worker that retries twice and gives up", () => {
  const invoice = { to: "ada@x.test", subject: "Invoice 7" };

  test("makes three attempts, and no fourth", async () => {
    const full = await mail.faults.use("mailbox-full", { match: { to: "ada@*" } });
    expect(await deliver(() => invoice)).toBe(false);
    const attempts = await mail.waitForTransactions(
      { to: "ada@x.test", outcome: "rejected" },
      { exactly: 3, quiet: "200ms" },
    );
    expect(attempts.map(({ recipients }) => recipients[0]?.reply?.code)).toEqual([452, 452, 452]);
    expect(await full.fired()).toBe(3);
    expect(await mail.messages()).toEqual([]);
  });

  test("has no reason to give up when the third attempt is taken", async () => {
    await mail.faults.use("fail-twice-then-ok");
    expect(await deliver(() => invoice)).toBe(true);
    await expect(mail).toHaveRetried({ to: "ada@x.test" }, { times: 2, quiet: "200ms" });
    expect((await mail.transactions()).map(({ outcome }) => outcome)).toEqual([
      "rejected",
      "rejected",
      "accepted",
    ]);
    await expect(mail).toHaveReceived({ subject: "Invoice 7" }, { times: 1, quiet: "200ms" });
  });
});

describe("a reply that is lost makes two copies", () => {
  /** What a mailbox that knows each Message-ID once shows. */
  const shown = async (): Promise<number> =>
    new Set((await mail.messages({ to: "ada@x.test" })).map(({ messageId }) => messageId)).size;

  beforeEach(async () => {
    await mail.faults.use("reply-lost-once");
  });

  test("a worker that keeps its Message-ID has sent once all the same", async () => {
    const messageId = "<order-4711@app.test>";
    const letter = { to: "ada@x.test", subject: "Order 4711", headers: { "Message-ID": messageId } };
    expect(await deliver(() => letter)).toBe(true);
    await expect(mail).toHaveRetried({ to: "ada@x.test" }, { times: 1, quiet: "200ms" });
    expect((await mail.transactions()).map(({ outcome }) => outcome)).toEqual(["reply-lost", "accepted"]);
    await expect(mail).toHaveReceived({ messageId }, { times: 2, quiet: "200ms" });
    expect(await shown()).toBe(1);
  });

  test("a worker that composes anew has sent twice", async () => {
    let nth = 0;
    const compose = (): Letter => {
      nth += 1;
      return { to: "ada@x.test", subject: "Order 4711", headers: { "Message-ID": `<${nth}@app.test>` } };
    };
    expect(await deliver(compose)).toBe(true);
    await expect(mail).toHaveRetried({ to: "ada@x.test" }, { times: 1, quiet: "200ms" });
    expect(await shown()).toBe(2);
  });
});
