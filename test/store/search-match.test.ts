import { beforeAll, describe, expect, test } from "vitest";
import { MemoryStore } from "../../src/store/mod.ts";
import { add, noLimits, sessionOf, startTime } from "./sample.ts";

const DAY = 86_400_000;
const store = new MemoryStore(noLimits);

/** m1 to m5. */
beforeAll(async () => {
  sessionOf(store);
  await add(store, {
    from: "bounce@shop.test",
    to: ["ada@x.test", "secret@x.test"],
    header: [
      "From: The Shop <news@shop.test>",
      "To: Ada Lovelace <ada@x.test>",
      "Cc: Copy <copy@x.test>",
      "Reply-To: help@shop.test",
      "Subject: Welcome to the shop",
      "Message-ID: <one@shop.test>",
      "X-Campaign: spring sale",
    ].join("\n"),
    body: "Your one-time code is 482913.\nThank\nyou for joining.",
    sessionId: "s1",
  });
  await add(store, {
    from: "bob@y.test",
    to: ["carol@y.test"],
    header: "From: bob@y.test\nTo: carol@y.test\nSubject: Invoice 2030",
    body: "Please pay. 100* better, /usr/bin, *bold*, what?",
    inboxes: ["sign-up-1"],
    warnings: ["bare-lf", "long-line"],
    receivedAt: startTime + DAY,
  });
  await add(store, {
    from: "",
    to: ["carol@y.test"],
    header: [
      "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="b"',
    ].join("\n"),
    body: [
      "--b\nContent-Type: text/html\n\n<p>Hello <b>dear</b> friend</p>",
      '--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="report.pdf"\n\nx',
      "--b--",
    ].join("\n"),
    receivedAt: startTime + 2 * DAY,
  });
  await add(store, {
    header: ["Subject: Picture", "MIME-Version: 1.0", 'Content-Type: multipart/related; boundary="b"'].join(
      "\n",
    ),
    body: [
      '--b\nContent-Type: text/html\n\n<img src="cid:i">',
      "--b\nContent-Type: image/png\nContent-ID: <i>\nContent-Disposition: inline\n\nx",
      "--b--",
    ].join("\n"),
    receivedAt: startTime + 3 * DAY,
  });
  await add(store, {
    header: "Subject: Long",
    body: "z".repeat(20_000),
    receivedAt: startTime + 4 * DAY,
    provider: "resend",
  });
  await store.patch({ ids: ["m2"] }, { read: true });
  await store.patch({ ids: ["m5"] }, { tags: ["Slow", "big one"] });
});

async function search(q: string): Promise<string> {
  const { messages } = await store.messages({ q }, { limit: 50 });
  return messages.map(({ id }) => id).join(" ");
}

describe("search: finds, newest first", () => {
  test.each([
    ["", "m5 m4 m3 m2 m1"],
    ["welcome", "m1"],
    ["WELCOME", "m1"],
    ["grüße", "m3"],
    ["lovelace", "m1"],
    ["news@shop", "m1"],
    ["secret@x", "m1"],
    ["482913", "m1"],
    ["report.pdf", "m3"],
    ["wel*shop", "m1"],
    ["in?oice", "m2"],
    ['"thank you for"', "m1"],
    ["thank you for", "m1"],
    ['"hello dear friend"', "m3"],
    ['"100*"', "m2"],
    ["/usr/bin", "m2"],
    ["/invoice \\d{4}/i", "m2"],
    ["nothing-like-it", ""],
    ["-welcome", "m5 m4 m3 m2"],
    ["welcome OR invoice", "m2 m1"],
    ["welcome invoice", ""],
    ["from:bob OR from:shop welcome", "m2 m1"],
    ["(from:bob OR from:shop) welcome", "m1"],
    ["from:shop", "m1"],
    ["from:bounce@shop.test", "m1"],
    ['from:"the shop"', "m1"],
    ["from:*@y.test", "m2"],
    ["to:ada", "m5 m4 m1"],
    ["to:lovelace", "m1"],
    ["to:secret", "m1"],
    ["cc:copy", "m1"],
    ["cc:ada", ""],
    ["bcc:secret", "m1"],
    ["bcc:carol", "m3"],
    ["reply-to:help", "m1"],
    ["addressed:help", "m1"],
    ["addressed:copy", "m1"],
    ["addressed:carol", "m3 m2"],
    ["subject:welcome", "m1"],
    ["subject:shop*", ""],
    ["subject:*shop", "m1"],
    ['subject:"to the"', "m1"],
    ["subject:/^(welcome|invoice)/i", "m2 m1"],
    ["message-id:one@shop", "m1"],
    ["message-id:one@*.test", "m1"],
    ["header:x-campaign", "m1"],
    ["header:X-Campaign=spring", "m1"],
    ['header:x-campaign="spring sale"', "m1"],
    ["header:x-campaign=autumn", ""],
    ["tag:slow", "m5"],
    ['tag:"big one"', "m5"],
    ["tag:slo", ""],
    ["inbox:sign-up-1", "m2"],
    ["inbox:sign-*", "m2"],
    ["inbox:sign", ""],
    ["-inbox:*", "m5 m4 m3 m1"],
    ["provider:resend", "m5"],
    ["provider:*", "m5"],
    ["provider:/^re/", "m5"],
    ["warning:bare-lf", "m2"],
    ["warning:LONG-*", "m2"],
    ["warning:bare", ""],
    ["warning:*", "m2"],
    ["\\*bold\\*", "m2"],
    ["\\*bold", "m2"],
    ["what\\?", "m2"],
    ["bold\\?", ""],
    ["\\*b?ld", "m2"],
    ["session:s1", "m1"],
    ["session:s", ""],
    ["is:read", "m2"],
    ["is:unread", "m5 m4 m3 m1"],
    ["is:tagged", "m5"],
    ["has:attachment -has:inline", "m3"],
    ["has:inline", "m4"],
    ["before:2030-01-02", "m1"],
    ["after:2030-01-05", "m5"],
    ["after:2030-01-02 before:2030-01-04", "m3 m2"],
    ["after:2030-01-04T00:00:00.000Z", "m5 m4"],
    ["larger:10k", "m5"],
    ["smaller:10k -larger:120", "m2"],
    ["code:482913", "m1"],
    ["code:48291", ""],
  ])("%s", async (line, ids) => {
    expect(await search(line)).toBe(ids);
  });
});
