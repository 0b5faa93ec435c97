import { describe, expect, test } from "vitest";
import { liveMessage } from "../../src/sdk/message.ts";
import { Transport } from "../../src/sdk/transport.ts";
import { messageRecord } from "./records.ts";

const paths: string[] = [];
const transport = new Transport({
  fetch: (request) => {
    paths.push(new URL(request.url).pathname);
    return new Response(Uint8Array.of(0, 255));
  },
  baseUrl: "http://127.0.0.1:8025",
  closing: new AbortController().signal,
});

const attachment = { contentType: "text/csv", size: 2, contentId: null, disposition: null, sha256: "" };
const record = messageRecord({
  headers: [
    { name: "Received", value: "one" },
    { name: "received", value: "two" },
  ],
  attachments: [
    { ...attachment, index: 0, filename: "a.csv" },
    { ...attachment, index: 1, filename: null },
    { ...attachment, index: 2, filename: null, contentId: "logo@x 1" },
  ],
  links: [
    { url: "https://x.test/confirm?t=1", text: "Confirm" },
    { url: "https://x.test/unsubscribe", text: "" },
    { url: "https://x.test/confirm?t=1", text: "again" },
  ],
  codes: ["123456", "2026"],
});
const message = liveMessage(record, transport);
const bare = liveMessage(messageRecord(), transport);

describe("a message", () => {
  test("shows its fields and hides its methods", () => {
    expect(message).toEqual(record);
    expect(JSON.parse(JSON.stringify(message))).toEqual(record);
    expect(Object.keys(message)).toEqual(Object.keys(record));
  });

  test("header: the first of that name, in any case", () => {
    expect(message.header("RECEIVED")).toBe("one");
    expect(message.header("Subject")).toBe(null);
  });

  test("link: by part, by glob, by RegExp", () => {
    expect(message.link("unsub")).toBe("https://x.test/unsubscribe");
    expect(message.link("*/confirm*")).toBe("https://x.test/confirm?t=1");
    expect(message.link("confirm?t=")).toBe("https://x.test/confirm?t=1");
    expect(message.link("*/confirm\\?t=*")).toBe("https://x.test/confirm?t=1");
    expect(message.link("/confirm.?t/")).toBe("https://x.test/confirm?t=1");
    expect(() => message.link("c?nfirm")).toThrow("c?nfirm in #12");
    expect(message.link(/(?<=t=)\d/g)).toBe("https://x.test/confirm?t=1");
  });

  test("link: without a pattern there must be exactly one", () => {
    const links = [{ url: "https://x.test/", text: "" }];
    expect(liveMessage({ ...record, links }, transport).link()).toBe("https://x.test/");
    expect(() => message.link()).toThrow(
      'Failed to find the link: one in #12 "Welcome"; it has https://x.test/confirm?t=1, https://x.test/unsubscribe',
    );
    expect(() => message.link("reset")).toThrow("reset in #12");
    expect(() => bare.link()).toThrow("it has none");
  });

  test("code: the likeliest", () => {
    expect(message.code()).toBe("123456");
    expect(() => bare.code()).toThrow('Failed to find the code: one in #12 "Welcome"; it has none');
  });

  test("raw and attachments are octets", async () => {
    paths.length = 0;
    expect(await message.raw()).toEqual(Uint8Array.of(0, 255));
    await message.attachment("a.csv");
    await message.attachment(1);
    for (const id of ["cid:logo@x%201", "CID:logo@x 1", "<logo@x 1>"]) await message.attachment(id);
    expect(paths).toEqual(
      ["raw", ...[0, 1, 2, 2, 2].map((index) => `attachments/${index}`)].map(
        (end) => `/api/messages/m1/${end}`,
      ),
    );
  });

  test("attachment: an unknown one is told from those there are", async () => {
    await expect(message.attachment("b.csv")).rejects.toThrow(
      '"b.csv" in #12 "Welcome"; it has 0 "a.csv", 1 "", 2 "cid:logo@x 1"',
    );
    await expect(message.attachment("cid:photo")).rejects.toThrow('"cid:photo" in #12');
    await expect(bare.attachment(0)).rejects.toThrow("it has none");
  });

  test("an id that would leave its place in the path is refused", () => {
    for (const id of ["", ".", ".."])
      expect(() => liveMessage({ ...record, id }, transport)).toThrow(TypeError);
  });

  test("an id with slashes stays one segment", async () => {
    paths.length = 0;
    await liveMessage({ ...record, id: "../../x" }, transport).raw();
    expect(paths).toEqual(["/api/messages/..%2F..%2Fx/raw"]);
  });
});
