import { expect, test } from "vitest";
import { codesOf, readLetter } from "../../src/mail/mod.ts";
import { type CodeMail, codeMails } from "./code-mails.ts";
import { codelessMails } from "./codeless-mails.ts";

async function codesIn({ subject, body, isHtml }: CodeMail): Promise<string[]> {
  const type = isHtml ? "text/html" : "text/plain";
  const raw = `Subject: ${subject}\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}`;
  return codesOf(await readLetter(new TextEncoder().encode(raw)));
}

test.each(codeMails)("codes: $name", async (mail) => {
  expect(await codesIn(mail)).toEqual(mail.codes);
});

test.each(codelessMails)("codes: none in $name", async (mail) => {
  expect(await codesIn(mail)).toEqual([]);
});
