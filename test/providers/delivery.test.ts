/** The same door for several: keys of inboxes, a full store, clients that leave, requests at the same time. */
import { setupServer } from "msw/node";
import { Resend } from "resend";
import { afterEach, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof, type MailproofOptions, startMailproof } from "../../mod.ts";
import { mailHandlers } from "../../src/sdk/msw.ts";

const plain = { from: "app@example.com", to: "ada@example.com", subject: "Hello", text: "Hi" };
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: MailproofOptions = {}): Promise<Mailproof> {
  const mail = await startMailproof(options);
  open.push(mail);
  return mail;
}

function clientOf({ providers }: Pick<Mailproof, "providers">): Resend {
  return new Resend(providers.resend.key, { baseUrl: providers.resend.url });
}

test("the key of an inbox is its password: its mail, its rules, its clock, its emails", async () => {
  const mail = await start();
  const [one, two] = [await mail.inbox({ name: "one" }), await mail.inbox({ name: "two" })];
  expect(one.env).toMatchObject({ RESEND_API_KEY: one.password, RESEND_BASE_URL: one.providers.resend.url });
  await two.faults.add({ on: "http", do: { http: { status: 500 } } });
  const { data } = await clientOf(one).emails.send(plain);
  expect((await clientOf(two).emails.send(plain)).error).toMatchObject({ statusCode: 500 });
  expect(await one.waitFor()).toMatchObject({ inboxes: [one.id], provider: "resend" });
  await two.expectNone({}, { attempts: false, within: 0 });
  expect(await two.transactions()).toMatchObject([{ outcome: "rejected", inboxes: [two.id] }]);
  expect((await clientOf(one).emails.get(data!.id)).error).toBe(null);
  expect((await clientOf(two).emails.get(data!.id)).error).toMatchObject({ statusCode: 404 });
  expect((await clientOf(mail).emails.list()).data?.data).toEqual([]);
});

test("an address at the domain of an inbox brings it there, whatever the key", async () => {
  const mail = await start();
  const inbox = await mail.inbox();
  await clientOf(mail).emails.send({ ...plain, bcc: inbox.address() });
  expect((await inbox.waitFor()).envelope.to).toEqual(["ada@example.com", inbox.address()]);
});

test("through MSW the handlers of an inbox give everything to it", async () => {
  const mail = await start();
  const inbox = await mail.inbox();
  const server = setupServer(...mailHandlers(inbox));
  server.listen({ onUnhandledRequest: "error" });
  open.push(server);
  await new Resend("re_of_the_application").emails.send(plain);
  expect((await inbox.waitFor()).inboxes).toEqual([inbox.id]);
});

test("with a token, only it and the keys of inboxes are valid", async () => {
  const mail = await start({ httpToken: "secret" });
  const inbox = await mail.inbox();
  const { url } = mail.providers.resend;
  const send = (key: string) => new Resend(key, { baseUrl: url }).emails.send(plain);
  expect((await send("re_other")).error).toMatchObject({ statusCode: 403, name: "invalid_api_key" });
  expect((await send("secret")).error).toBe(null);
  expect((await send(inbox.password)).error).toBe(null);
  expect(await mail.transactions()).toMatchObject([
    { outcome: "rejected", reply: { code: 403 } },
    { outcome: "accepted" },
    { outcome: "accepted" },
  ]);
});

test("a full store", async () => {
  const mail = await start({ maxMessages: 1, whenFull: "reject" });
  await clientOf(mail).emails.send(plain);
  expect((await clientOf(mail).emails.send(plain)).error).toMatchObject({
    statusCode: 500,
    name: "application_error",
  });
  expect(await mail.transactions()).toMatchObject([
    { outcome: "accepted" },
    { outcome: "rejected", reply: { code: 507 } },
  ]);
});

test("a full store, and a mail of the batch that is refused anyway", async () => {
  const mail = await start({ maxMessages: 1, whenFull: "reject" });
  await clientOf(mail).emails.send(plain);
  const mixed = [plain, { ...plain, to: "nobody" }];
  const { error } = await clientOf(mail).batch.send(mixed, { batchValidation: "permissive" });
  expect(error).toMatchObject({ statusCode: 500, name: "application_error" });
});

test("what is scheduled with the key of an inbox goes by its clock", async () => {
  const mail = await start();
  const [one, two] = [await mail.inbox(), await mail.inbox()];
  const ids = await Promise.all(
    [one, two].map(async (inbox) => {
      const { data } = await clientOf(inbox).emails.send({ ...plain, scheduledAt: "in 1 hour" });
      return data!.id;
    }),
  );
  await one.clock.advance("1h");
  expect((await clientOf(one).emails.get(ids[0]!)).data?.last_event).toBe("delivered");
  expect((await clientOf(two).emails.get(ids[1]!)).data?.last_event).toBe("scheduled");
});

test("a mail that is too large", async () => {
  const mail = await start({ maxMessageSize: "1k" });
  const { error } = await clientOf(mail).emails.send({ ...plain, text: "x".repeat(2_000_000) });
  expect(error).toMatchObject({ statusCode: 413 });
  const content = "x".repeat(2_000);
  expect((await clientOf(mail).emails.send({ ...plain, text: content })).error).toMatchObject({
    statusCode: 413,
  });
  expect(await mail.messages()).toEqual([]);
});

test("a client that does not wait for a late answer does not know that the message is kept", async () => {
  const mail = await start();
  const fault = await mail.faults.add({ on: "http", do: { delay: "1h" } });
  const leaving = new AbortController();
  const { url, key } = mail.providers.resend;
  const asked = fetch(`${url}/emails`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(plain),
    signal: leaving.signal,
  });
  await mail.waitFor({ to: "ada@example.com" });
  expect(await fault.fired()).toBe(1);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  const [transaction] = await mail.waitForTransactions({ outcome: "reply-lost" });
  expect(transaction).toMatchObject({ storedId: "m1", reply: { code: 200 } });
});

test("a server that closes holds nobody back", async () => {
  const mail = await startMailproof();
  const fault = await mail.faults.add({ on: "http", do: "stall" });
  const held = clientOf(mail).emails.send(plain);
  await expect.poll(() => fault.fired()).toBe(1);
  await mail.close();
  expect((await held).error).toMatchObject({ statusCode: null });
});

test("a reset lets go of what is held, and keeps nothing of it", async () => {
  const mail = await start();
  const fault = await mail.faults.add({ on: "http", do: { delay: "1h" } });
  const held = clientOf(mail).emails.send(plain);
  await expect.poll(() => fault.fired()).toBe(1);
  await mail.reset();
  expect((await held).error).toMatchObject({ statusCode: null });
  expect([await mail.messages(), await mail.transactions()]).toEqual([[], []]);
});

test("two requests under one key at the same time", async () => {
  const mail = await start();
  const fault = await mail.faults.add({ on: "http", when: { times: 1 }, do: { delay: "1h" } });
  const send = () => clientOf(mail).emails.send(plain, { idempotencyKey: "k" });
  const first = send();
  await expect.poll(() => fault.fired()).toBe(1);
  expect((await send()).error).toMatchObject({ statusCode: 409, name: "concurrent_idempotent_requests" });
  await mail.clock.advance("1h");
  expect((await first).error).toBe(null);
});

test("an idempotency key is forgotten after a day, and by a reset", async () => {
  const mail = await start();
  const send = async () => (await clientOf(mail).emails.send(plain, { idempotencyKey: "k" })).data?.id;
  const first = await send();
  await mail.clock.advance("24h");
  const second = await send();
  expect(second).not.toBe(first);
  expect(await send()).toBe(second);
  await mail.reset();
  expect(await send()).not.toBe(second);
  expect(await mail.messages()).toHaveLength(1);
});

test("an idempotency key is free again when its message was deleted", async () => {
  const mail = await start();
  const send = async (subject: string) =>
    (await clientOf(mail).emails.send({ ...plain, subject }, { idempotencyKey: "k" })).error?.name;
  expect(await send("one")).toBe(undefined);
  expect(await send("two")).toBe("invalid_idempotent_request");
  await mail.clear();
  expect(await send("two")).toBe(undefined);
  expect((await mail.waitFor()).subject).toBe("two");
});

describe("a failed wait for mail that is sent over HTTP", () => {
  const text = async (handle: Pick<Mailproof, "waitFor">) =>
    (await handle.waitFor({}, { timeout: 50 }).catch((error: Error) => error)) as Error;

  test("names the provider, its error and the rule", async () => {
    const mail = await start();
    await mail.faults.add({
      id: "lim",
      on: "http",
      do: { http: { status: 429, code: "rate_limit_exceeded" } },
    });
    await clientOf(mail).emails.send(plain);
    expect((await text(mail)).message).toBe(
      "no mail in 50 ms · refused: resend 429 rate_limit_exceeded, rule lim",
    );
  });

  test("tells of a repeated idempotency key", async () => {
    const mail = await start();
    await clientOf(mail).emails.send(plain, { idempotencyKey: "k" });
    await mail.mark();
    await clientOf(mail).emails.send(plain, { idempotencyKey: "k" });
    expect((await text(mail)).message).toBe(
      "no mail in 50 ms · over HTTP: resend, repeats the idempotency key of m1",
    );
  });

  test("tells of no repetition where the message of a first use has gone", async () => {
    const mail = await start();
    const other = await connectMailproof(mail.http.url);
    open.push(other);
    await clientOf(mail).emails.send(plain, { idempotencyKey: "k" });
    await other.clear();
    expect((await text(mail)).message).toBe("no mail in 50 ms · over HTTP: resend");
  });

  test("tells that it came, but not into this inbox", async () => {
    const mail = await start();
    const inbox = await mail.inbox();
    await clientOf(mail).emails.send(plain);
    expect((await text(inbox)).message).toBe("no mail in 50 ms · over HTTP: resend, not of this inbox");
  });
});

test("a batch stands and falls together where a rule acts on one of it", async () => {
  const mail = await start();
  await mail.faults.add({ on: "http", match: { to: "bob@*" }, do: { http: { status: 429 } } });
  const { error } = await clientOf(mail).batch.send([plain, { ...plain, to: "bob@example.com" }]);
  expect(error).toMatchObject({ statusCode: 429 });
  expect((await mail.transactions()).map(({ outcome, faults }) => [outcome, faults.length])).toEqual([
    ["rejected", 0],
    ["rejected", 1],
  ]);
});
