/** The events of the stream have the form that the document gives them; each type is made to happen. */
import { expect, test } from "vitest";
import { json, type Room } from "../room.ts";
import { document } from "./described.ts";
import { openStockedRoom } from "./stocked-room.ts";
import { validatorOf } from "./validators.ts";

async function makeAllHappen(room: Room): Promise<void> {
  const { app, journal } = room;
  await app.request("/api/messages/m1", json("PATCH", { read: true, tags: ["a"] }));
  await app.request("/api/messages/m1", { method: "DELETE" });
  await app.request("/api/faults/reset", { method: "POST" });
  await app.request("/api/clock", json("POST", { advance: "5m", inbox: "sign-up-1" }));
  await app.request("/api/clock", json("POST", { advance: 1 }));
  await room.deliver();
  journal.append({ type: "session.closed", data: { id: "s1", closedBy: "client" } });
  journal.append({
    type: "fault.fired",
    data: { ruleId: "full", phase: "rcpt", sessionId: "s1", transactionId: null, explain: "said 452" },
  });
  await app.request("/api/reset", { method: "POST" });
}

test("every type of event", async () => {
  const room = await openStockedRoom();
  await makeAllHappen(room);
  const reply = await room.app.request("/api/events", { headers: { "last-event-id": "0" } });
  room.close();
  const blocks = (await reply.text()).split("\n\n");
  const events = blocks.flatMap((block) => {
    const [, id, type, data = ""] = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec(block) ?? [];
    return type === undefined ? [] : [{ id: Number(id), type, event: JSON.parse(data) }];
  });
  const validate = validatorOf({ $ref: "#/components/schemas/Event" });
  for (const { id, type, event } of events) {
    expect([event.n, event.type]).toEqual([id, type]);
    expect([event, validate(event)]).toEqual([event, true]);
  }
  const said = document.components.schemas.Event.anyOf.map(
    (form: { properties: { type: { const: string } } }) => form.properties.type.const,
  );
  expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...said].sort());
});
