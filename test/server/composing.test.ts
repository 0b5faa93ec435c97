/** Composed messages: what goes in comes out of the reader again, octet for octet. */
import { describe, expect, test } from "vitest";
import { readLetter } from "../../src/mail/mod.ts";
import { type Composition, composeMessage } from "../../src/server/mod.ts";

const plain: Composition = {
  from: { name: "Ada", address: "ada@x.test" },
  to: [{ name: "", address: "bob@x.test" }],
  cc: [],
  replyTo: [],
  subject: "Hello",
  text: "Hi",
  html: null,
  headers: [],
  attachments: [],
  messageId: null,
  date: Date.UTC(2030, 0, 31),
};

async function compose(change: Partial<Composition>) {
  const raw = await composeMessage({ ...plain, ...change });
  return { raw: new TextDecoder().decode(raw), letter: await readLetter(raw) };
}

describe("attachments keep their octets", () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  test.each<[name: string, type: string | null, content: Uint8Array]>([
    ["all.bin", null, Uint8Array.from({ length: 256 }, (_, octet) => octet)],
    ["empty.txt", "text/plain", text("")],
    ["lf.txt", "text/plain", text("a\nb\n\n.\n")],
    ["crlf.csv", "text/csv", text("a,b\r\n1,2\r\n")],
    ["invite.ics", "text/calendar; method=REQUEST", text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")],
    ["mail.eml", "application/octet-stream", text("Subject: x\n\nHi\n")],
    ["Grüße.pdf", "application/pdf", text("%PDF")],
    ['q"uo;te.txt', "text/plain", text("x")],
  ])("%s %s", async (filename, contentType, content) => {
    const { letter } = await compose({ attachments: [{ filename, contentType, content, contentId: null }] });
    const [attachment] = letter.attachments;
    expect(attachment?.filename).toBe(filename);
    expect(attachment?.octets()).toEqual(content);
    expect(letter.text?.trimEnd()).toBe("Hi");
  });
});

test.each<[what: string, change: Partial<Composition>, expected: object]>([
  [
    "names and subject beyond ASCII",
    { subject: "Grüße ✓", from: { name: "Ädä, L.", address: "ada@x.test" } },
    { subject: "Grüße ✓", from: { name: "Ädä, L.", address: "ada@x.test" } },
  ],
  [
    "HTML alone",
    { text: null, html: "<p>Hi</p>" },
    { text: null, html: expect.stringContaining("<p>Hi</p>") },
  ],
  ["nothing at all", { text: "" }, { html: null, attachments: [] }],
  [
    "a date and an id",
    { messageId: "<1@x.test>" },
    { messageId: "<1@x.test>", date: "2030-01-31T00:00:00.000Z" },
  ],
  [
    "several of everything",
    {
      to: [1, 2].map((n) => ({ name: `N ${n}`, address: `n${n}@x.test` })),
      cc: [{ name: "", address: "c@x.test" }],
    },
    {
      to: [
        { name: "N 1", address: "n1@x.test" },
        { name: "N 2", address: "n2@x.test" },
      ],
      cc: [{ address: "c@x.test" }],
    },
  ],
])("%s", async (_, change, expected) => {
  expect((await compose(change)).letter).toMatchObject(expected);
});

test("lines end with CRLF, and no value begins a field of its own", async () => {
  const evil = "x\r\nBcc: eve@x.test\r\n\r\nboo";
  const { raw, letter } = await compose({
    subject: evil,
    from: { name: evil, address: "ada@x.test" },
    headers: [{ name: "X-Test", value: evil }],
    attachments: [{ filename: evil, contentType: null, contentId: null, content: new Uint8Array(1) }],
  });
  expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(letter.bcc).toEqual([]);
  expect(letter.headers.filter(({ name }) => name.toLowerCase() === "bcc")).toEqual([]);
});

test("a field that tells how the body is to be read is the composer's", async () => {
  const headers = ["Content-Type", "content-transfer-encoding", "MIME-Version", "Content-Disposition"];
  const { letter } = await compose({ headers: headers.map((name) => ({ name, value: "x" })) });
  const given = letter.headers.filter(({ name }) => /^(?:mime|content)-/i.test(name));
  expect(given.filter(({ value }) => value === "x")).toEqual([]);
  expect(letter.text?.trimEnd()).toBe("Hi");
});

test("neither files nor URLs are read", async () => {
  const { raw } = await compose({ html: '<img src="/etc/passwd"><img src="http://127.0.0.1:9/x.png">' });
  expect(raw).toContain("/etc/passwd");
  expect(raw).not.toContain("multipart/related");
});
