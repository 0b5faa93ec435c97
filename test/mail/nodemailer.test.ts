import MailComposer from "nodemailer/lib/mail-composer";
import { expect, test } from "vitest";
import { codesOf, htmlForView, linksOf, partsOf, readLetter } from "../../src/mail/mod.ts";

test("nodemailer: what was put in comes out", async () => {
  const picture = Uint8Array.of(0x89, 0x50, 0x00, 0xff, 0x0d, 0x0a);
  const text = `Grüße\n\nYour code: 482913\n${"long ".repeat(60)}\n. ..\nFrom me\n`;
  const html = '<p>Grüße <a href="https://x.test/?a=1&amp;b=ü">ja</a> <img src="cid:logo@x.test"></p>';
  const subject = "Grüße, 世界 😊 ".repeat(12).trim();
  const raw = await new MailComposer({
    from: '"Lovelace, Adà" <ada@x.test>',
    to: ["bob@x.test", "Jürgen Müller <j@x.test>"],
    cc: { name: "Team: all", address: "team@x.test" },
    replyTo: "reply@x.test",
    date: new Date("2024-01-15T10:30:00Z"),
    messageId: "<1@x.test>",
    headers: { "X-Tag": ["one", "two"] },
    subject,
    text,
    html,
    attachments: [
      { filename: "übung €, “neu”.bin", content: Buffer.from(picture) },
      { filename: "logo.png", content: Buffer.from(picture), cid: "logo@x.test" },
      { filename: "notes.txt", content: "one\r\ntwo\nthree", contentType: "text/plain; charset=utf-8" },
    ],
    icalEvent: { method: "REQUEST", content: "BEGIN:VCALENDAR" },
  })
    .compile()
    .build();

  const letter = await readLetter(raw);
  expect(letter.defects).toEqual([]);
  expect(letter).toMatchObject({
    from: { name: "Lovelace, Adà", address: "ada@x.test" },
    to: [
      { name: "", address: "bob@x.test" },
      { name: "Jürgen Müller", address: "j@x.test" },
    ],
    cc: [{ name: "Team: all", address: "team@x.test" }],
    replyTo: [{ name: "", address: "reply@x.test" }],
    date: "2024-01-15T10:30:00.000Z",
    messageId: "<1@x.test>",
    subject,
    text,
    html,
  });
  expect(letter.headers.filter(({ name }) => name === "X-Tag").map(({ value }) => value)).toEqual([
    "one",
    "two",
  ]);
  expect(letter.attachments.map(({ filename, size, disposition }) => [filename, size, disposition])).toEqual([
    ["logo.png", 6, "inline"],
    ["übung €, “neu”.bin", 6, "attachment"],
    ["notes.txt", 14, "attachment"],
    ["invite.ics", 15, "attachment"],
  ]);
  const logo = partsOf(letter.root).find(({ contentId }) => contentId === "logo@x.test");
  expect(logo!.octets()).toEqual(picture);
  expect(linksOf(letter)).toEqual([{ url: "https://x.test/?a=1&b=ü", text: "ja" }]);
  expect(codesOf(letter)).toEqual(["482913"]);
  expect(htmlForView(html, (contentId) => `/inline/${contentId}`)).toContain(
    '<img src="/inline/logo@x.test">',
  );
});

test.each(["quoted-printable", "base64"] as const)("nodemailer: HTML alone, %s", async (encoding) => {
  const html = `<p>${"Grüße=20 ".repeat(40)}</p>\n<p>\tend </p>`;
  const raw = await new MailComposer({ html, textEncoding: encoding }).compile().build();
  const letter = await readLetter(raw);
  expect([letter.text, letter.html?.trimEnd()]).toEqual([null, html]);
  expect(letter.attachments).toEqual([]);
});

test("nodemailer: a forwarded message stays whole", async () => {
  const inner = await new MailComposer({ subject: "inner", text: "hidden" }).compile().build();
  const raw = await new MailComposer({
    text: "see below",
    attachments: [{ filename: "inner.eml", content: inner, contentType: "message/rfc822" }],
  })
    .compile()
    .build();
  const letter = await readLetter(raw);
  expect(letter.text).toBe("see below");
  const [attachment] = letter.attachments;
  expect([attachment!.filename, attachment!.contentType]).toEqual(["inner.eml", "message/rfc822"]);
  expect((await readLetter(attachment!.octets())).subject).toBe("inner");
});
