import { describe, expect, test } from "vitest";
import type {
  Session,
  SessionsPage,
  Transaction,
  TransactionsPage,
  TransactionWaitTimeoutProblem,
  Transcript,
} from "../../src/api/contract.ts";
import { settle } from "./manual-timers.ts";
import { ask, openRoom } from "./room.ts";

/** Every field that a wait can reply with. */
type Waited = TransactionWaitTimeoutProblem;

const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id);

describe("transactions: list and one", () => {
  test("refused and open ones too, newest first, narrowed by filter", async () => {
    const room = openRoom();
    await room.deliver();
    const refused = room.refuse({ to: ["bob@x.test"] });
    const open = room.open();
    const all = await ask<TransactionsPage>(room, "/api/transactions");
    expect(all.body.total).toBe(3);
    expect(ids(all.body.transactions).slice(0, 2)).toEqual([open.id, refused.id]);
    expect(
      ids((await ask<TransactionsPage>(room, "/api/transactions?outcome=rejected")).body.transactions),
    ).toEqual([refused.id]);
    expect((await ask<Transaction>(room, `/api/transactions/${refused.id}`)).body).toMatchObject({
      id: refused.id,
      outcome: "rejected",
    });
  });

  test("an unknown id: 404", async () => {
    expect((await ask(openRoom(), "/api/transactions/none")).status).toBe(404);
  });
});

describe("transactions/wait", () => {
  test("finished ones count, of before and meanwhile", async () => {
    const room = openRoom();
    const first = room.refuse();
    const open = room.open();
    const held = ask<Waited>(room, "/api/transactions/wait?count=3");
    await settle();
    const third = room.refuse();
    await settle();
    room.finish(open, "aborted");
    const { status, body } = await held;
    expect(status).toBe(200);
    expect(ids(body.transactions)).toEqual([first.id, open.id, third.id]);
  });

  test("exactly three refusals, then quiet: retried twice, then gave up", async () => {
    const room = openRoom();
    const held = ask<Waited>(room, "/api/transactions/wait?to=ada@*&outcome=rejected&exactly=3&quiet=500ms");
    for (let attempt = 0; attempt < 3; attempt++) {
      room.refuse();
      await room.timers.pass(100);
    }
    await room.timers.pass(500);
    expect((await held).body.transactions).toHaveLength(3);
  });

  test("since is a transaction's seq", async () => {
    const room = openRoom();
    room.refuse();
    const held = ask<Waited>(
      room,
      `/api/transactions/wait?since=${room.store.counts().transactionSeq}&timeout=1s`,
    );
    await room.timers.pass(999);
    const second = room.refuse();
    expect(ids((await held).body.transactions)).toEqual([second.id]);
  });

  test("no attempt at all: an open one counts only with open=true", async () => {
    const room = openRoom();
    room.open();
    const [finished, any] = [
      ask<Waited>(room, "/api/transactions/wait?count=0&timeout=1s"),
      ask<Waited>(room, "/api/transactions/wait?count=0&timeout=1s&open=true"),
    ];
    await room.timers.pass(1000);
    expect([(await finished).status, (await any).status]).toEqual([200, 409]);
  });

  test("open=true: a recipient that is named later is seen in the last look", async () => {
    const room = openRoom();
    const held = ask<Waited>(room, "/api/transactions/wait?count=0&timeout=1s&open=true&to=ada@*");
    await settle();
    const open = room.open({ to: [] });
    await room.timers.pass(500);
    open.recipients.push({
      path: { raw: "<ada@x.test>", address: "ada@x.test", route: [] },
      parameters: {},
      reply: null,
      accepted: true,
      finalReply: null,
    });
    room.store.putTransaction(open);
    await room.timers.pass(500);
    const { status, body } = await held;
    expect(status).toBe(409);
    expect(ids(body.transactions)).toEqual([open.id]);
  });

  test("outcome=open waits for one that begins", async () => {
    const room = openRoom();
    const held = ask<Waited>(room, "/api/transactions/wait?outcome=open");
    await settle();
    const open = room.open();
    expect(ids((await held).body.transactions)).toEqual([open.id]);
  });

  test("too few: 404 with the others and the sessions that never reached MAIL", async () => {
    const room = openRoom();
    const other = room.refuse({ to: ["bob@x.test"] });
    const silent = room.connect();
    const held = ask<Waited>(room, "/api/transactions/wait?to=ada@*&timeout=1s");
    await room.timers.pass(1000);
    const { status, body } = await held;
    expect(status).toBe(404);
    expect(body.type).toBe("urn:mailproof:problem:wait-timeout");
    expect(body.transactions).toEqual([]);
    expect(ids(body.others)).toEqual([other.id]);
    expect(ids(body.sessions)).toEqual([silent]);
  });
});

describe("sessions", () => {
  test("list, one, and the transcript as lines or as JSON", async () => {
    const room = openRoom();
    const id = room.connect();
    expect(ids((await ask<SessionsPage>(room, "/api/sessions?open=true")).body.sessions)).toEqual([id]);
    expect((await ask<Session>(room, `/api/sessions/${id}`)).body.listener).toBe("smtp");
    const text = await room.app.request(`/api/sessions/${id}/transcript`);
    expect(text.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await text.text()).toBe("     0 S: 220 mailproof.test ESMTP\n    12 C: EHLO client\n");
    const byQuery = await ask<Transcript>(room, `/api/sessions/${id}/transcript?format=json`);
    const byHeader = await room.app.request(`/api/sessions/${id}/transcript`, {
      headers: { accept: "application/json" },
    });
    expect(byQuery.body).toMatchObject({
      sessionId: id,
      omitted: 0,
      lines: [
        { at: 0, by: "S" },
        { at: 12, by: "C" },
      ],
    });
    expect(await byHeader.json()).toEqual(byQuery.body);
  });

  test.each(["/api/sessions/none", "/api/sessions/none/transcript"])("%s: 404", async (path) => {
    expect((await ask(openRoom(), path)).status).toBe(404);
  });
});
