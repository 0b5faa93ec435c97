import { describe, expect, test } from "vitest";
import type { Held } from "./contract.ts";
import "../../src/entries/vitest.ts";
import { send, sendRefused } from "./sender.ts";

const soon = { timeout: 100 };

export function matchersContract(held: Held): void {
  describe("toHaveReceived", () => {
    test("mail that is there, and mail that comes", async () => {
      await send(held());
      await expect(held()).toHaveReceived({ to: "ada@x.test", subject: /^welcome$/i });
      const coming = expect(held()).toHaveReceived({ to: "bob@x.test" });
      await send(held(), { to: "bob@x.test" });
      await coming;
      await expect(held()).not.toHaveReceived({ to: "eve@x.test" });
      await expect(held()).toHaveReceived({}, { times: 2, quiet: "50ms" });
      await expect(held()).not.toHaveReceived({}, { times: 3, ...soon });
    });

    test("its failure is that of the wait", async () => {
      await send(held());
      const filter = { to: "ada@*", subject: /reset/i };
      await expect(expect(held()).toHaveReceived(filter, soon)).rejects.toMatchObject({
        message: 'no mail to ada@* with subject /reset/i in 100 ms · closest: #1 "Welcome" (subject differs)',
        expected: filter,
        actual: { to: "ada@*", subject: "Welcome" },
      });
      await expect(expect(held()).not.toHaveReceived({ to: "ada@*" })).rejects.toThrow(
        'expected no mail to ada@*, but 1 came: #1 "Welcome"',
      );
      await expect(expect(held()).not.toHaveReceived({}, { times: 1, quiet: 50 })).rejects.toThrow(
        'expected not exactly 1 mail, but 1 came: #1 "Welcome"',
      );
      await send(held());
      await expect(expect(held()).toHaveReceived({}, { times: 1, quiet: 50 })).rejects.toThrow(
        /^expected exactly 1 mail in 3000 ms, but 2 came after \d+ ms: #1 "Welcome"; #2 "Welcome"$/,
      );
    });

    test("a mistake fails with and without not", async () => {
      const mistake = { subject: /(?=a)b/ };
      await expect(expect(held()).toHaveReceived(mistake)).rejects.toThrow("look-around");
      await expect(expect(held()).not.toHaveReceived(mistake)).rejects.toThrow("look-around");
      await expect(expect({}).not.toHaveReceived()).rejects.toThrow("give it a Mailproof handle");
    });
  });

  describe("toHaveRejected", () => {
    test("a refusal, by its code", async () => {
      const { faults } = held();
      await faults.add({ on: "rcpt", do: ["451 4.7.1 Later", "550 5.1.1 No such user"], then: "last" });
      await expect(held()).not.toHaveRejected();
      expect(await sendRefused(held())).toBe(451);
      await expect(held()).toHaveRejected({ to: "ada@x.test" });
      await expect(held()).not.toHaveRejected({ to: "ada@x.test" }, { code: 550 });
      const coming = expect(held()).toHaveRejected({ to: "ada@x.test" }, { code: 550 });
      expect(await sendRefused(held())).toBe(550);
      await coming;
      await expect(held()).toHaveRejected({ from: "app@*" }, { code: 451 });
    });

    test("of several recipients, the one that is asked for", async () => {
      await held().faults.add({ on: "rcpt", match: { to: "bob@*" }, do: "550 5.1.1 No such user" });
      await send(held(), { to: ["ada@x.test", "bob@x.test"] });
      await expect(held()).toHaveRejected({ to: "bob@x.test" }, { code: 550 });
      await expect(held()).not.toHaveRejected({ to: "ada@x.test" });
    });

    test("its failure tells what came instead", async () => {
      await held().faults.add({ id: "grey", on: "rcpt", do: "451 4.7.1 Later" });
      await expect(expect(held()).toHaveRejected({}, { code: 550, ...soon })).rejects.toThrow(
        `no transaction with outcome "rejected" in 100 ms · no client connected to ${held().smtp.url}`,
      );
      await sendRefused(held());
      const came = "rejected to ada@x.test (RCPT 451 4.7.1, rule grey)";
      await expect(expect(held()).toHaveRejected({}, { code: 550, ...soon })).rejects.toThrow(
        `no refusal with 550 in 100 ms · instead: ${came}`,
      );
      await expect(expect(held()).not.toHaveRejected({ to: "ada@*" }, { code: 451 })).rejects.toThrow(
        `expected no refusal with 451 to ada@*, but 1 came: ${came}`,
      );
    });
  });

  describe("toHaveRetried", () => {
    const quiet = "50ms";

    test("so many attempts of one mail, and then no more", async () => {
      await held().faults.add({ on: "rcpt", when: { times: 2 }, do: "451 4.7.1 Later" });
      for (let attempt = 0; attempt < 2; attempt++) await sendRefused(held());
      await send(held());
      await expect(held()).toHaveRetried({ to: "ada@x.test" }, { times: 2, quiet });
      await expect(held()).not.toHaveRetried({ to: "ada@x.test" }, { times: 1, quiet });
      await expect(held()).not.toHaveRetried({ to: "ada@x.test" }, { times: 3, quiet, ...soon });
    });

    test("its failure tells the attempts that came, with replies and rules", async () => {
      await held().faults.use("mailbox-full");
      await sendRefused(held());
      await expect(expect(held()).toHaveRetried({ to: "ada@*" }, { times: 2, ...soon })).rejects.toThrow(
        "1 of 3 transactions to ada@* in 100 ms · came: rejected to ada@x.test (RCPT 452 4.2.2, rule mailbox-full)",
      );
    });

    test("its failure tells equal attempts that are too many once", async () => {
      await held().faults.use("mailbox-full");
      for (let attempt = 0; attempt < 3; attempt++) await sendRefused(held());
      await expect(expect(held()).toHaveRetried({ to: "ada@*" }, { times: 0, quiet })).rejects.toThrow(
        /but \d came after \d+ ms: rejected to ada@x\.test \(RCPT 452 4\.2\.2, rule mailbox-full\), \d×$/,
      );
    });

    test("its failure counts attempts, and tells those of different mails", async () => {
      await send(held());
      await expect(expect(held()).toHaveRetried({ to: "*" }, { times: 1, ...soon })).rejects.toThrow(
        "1 of 2 transactions to * in 100 ms · came: accepted to ada@x.test",
      );
      await send(held(), { to: "bob@x.test" });
      await expect(expect(held()).toHaveRetried({ to: "*" }, { times: 1, quiet })).rejects.toThrow(
        "expected 2 attempts of one mail to *, but sender or recipients differ: accepted to ada@x.test; accepted to bob@x.test",
      );
      await expect(expect(held()).not.toHaveRetried({ to: "ada@*" }, { times: 0, quiet })).rejects.toThrow(
        "expected not 1 attempt to ada@*, but 1 came: accepted to ada@x.test",
      );
    });
  });

  test("toHaveFired", async () => {
    const fault = await held().faults.add({ id: "no", on: "rcpt", do: "550 5.1.1 No such user" });
    await expect(fault).toHaveFired(0);
    await expect(fault).not.toHaveFired();
    await sendRefused(held());
    await expect(fault).toHaveFired();
    await expect(fault).toHaveFired(1);
    await expect(expect(fault).toHaveFired(2)).rejects.toThrow(
      "expected fault no to have fired 2×; it fired 1×",
    );
    await expect(expect(fault).not.toHaveFired()).rejects.toThrow(
      "expected fault no not to have fired at least once; it fired 1×",
    );
  });

  test("a message: subject, link, code and attachment", async () => {
    await send(held(), {
      text: "Your code is 481516: https://x.test/confirm?t=7",
      attachments: [{ filename: "terms.pdf", content: "terms" }],
    });
    const message = await held().waitFor();
    expect(message).toHaveSubject("welc");
    expect(message).toHaveLink("*/confirm*");
    expect(message).toHaveCode("481516");
    expect(message).toHaveAttachment("*.pdf");
    expect(message).not.toHaveSubject("reset");
    await expect(held().waitFor()).resolves.toHaveCode(/^\d{6}$/);
  });
}
