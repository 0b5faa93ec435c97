import { describe, expect, test } from "vitest";
import { readEventStream } from "../../src/sdk/event-stream.ts";

const signal = new AbortController().signal;

async function read(...chunks: Uint8Array[]): Promise<string[]> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const { id, data } of readEventStream(body, signal)) events.push(`${id} ${data}`);
  return events;
}

const octets = (text: string) => new TextEncoder().encode(text);

describe("an event stream", () => {
  const rows: [string, string, string[]][] = [
    ["one event", "id: 1\ndata: a\n\n", ["1 a"]],
    ["several lines of data", "data: a\ndata: b\n\n", [" a\nb"]],
    ["the id stays", "id: 1\ndata: a\n\ndata: b\n\n", ["1 a", "1 b"]],
    ["an id alone", "id: 7\n\n", ["7 null"]],
    ["comments and unknown fields", ": hello\nretry: 5\nevent: x\nid: 1\ndata: a\n\n", ["1 a"]],
    ["no space after the colon", "data:a\n\n", [" a"]],
    ["only one space goes", "data:  a\n\n", ["  a"]],
    ["a field without a colon", "data\n\n", [" "]],
    ["CRLF", "id: 1\r\ndata: a\r\n\r\n", ["1 a"]],
    ["CR", "id: 1\rdata: a\r\rdata: b\r\r:", ["1 a", "1 b"]],
    ["an id with NUL is ignored", "id: 1\0\ndata: a\n\n", [" a"]],
    ["what the end cuts off is dropped", "id: 1\ndata: a\n\nid: 2\ndata: b\n", ["1 a"]],
    ["a byte order mark", "\ufeffdata: a\n\n", [" a"]],
    ["characters beyond ASCII", "data: ä😀\n\n", [" ä😀"]],
  ];

  test.each(rows)("%s", async (_, text, events) => {
    expect(await read(octets(text))).toEqual(events);
  });

  test.each(rows)("%s, an octet at a time", async (_, text, events) => {
    expect(await read(...Array.from(octets(text), (octet) => Uint8Array.of(octet)))).toEqual(events);
  });

  test("an abort ends it and cancels the body", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled = true;
      },
    });
    const controller = new AbortController();
    const next = readEventStream(body, controller.signal).next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    expect(cancelled).toBe(true);
  });
});
