/** What becomes of a reply on its way, and whether the client gets a whole positive one. */
import { expect, test } from "vitest";
import { plainVerdict, type WireForm } from "../../src/faults/mod.ts";
import { speechOf } from "../../src/server/speech.ts";
import { reply } from "../../src/smtp/mod.ts";

const asRendered: WireForm = { raw: null, eol: "\r\n", padTo: 0, garble: [], truncate: null };
const ok = reply(250, "2.0.0", "Ok");
const list = reply(250, null, "a", "b");

const octets = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

test.each<[string, Partial<WireForm>, string, boolean]>([
  ["as rendered", {}, "250 2.0.0 Ok\r\n", true],
  ["raw, two lines", { raw: octets("250-ok\r\n550 no\r\n") }, "250-ok\r\n550 no\r\n", false],
  ["raw, a code alone", { raw: octets("250\r\n") }, "250\r\n", true],
  ["raw, beyond ASCII", { raw: octets("\xe9\xff") }, "\xe9\xff", false],
  ["raw keeps its line ends", { raw: octets("250 a\r\n"), eol: "\n" }, "250 a\r\n", true],
  ["lf", { eol: "\n" }, "250 2.0.0 Ok\n", true],
  ["cr", { eol: "\r" }, "250 2.0.0 Ok\r", true],
  ["padded", { padTo: 20 }, "250 2.0.0 Okxxxxxx\r\n", true],
  ["padded before a bare LF", { eol: "\n", padTo: 16 }, "250 2.0.0 Okxxx\n", true],
  ["longer than it should be padded to", { padTo: 3 }, "250 2.0.0 Ok\r\n", true],
  ["raw without a line end, padded", { raw: octets("250"), padTo: 5 }, "250xx", false],
  ["garbled in its text", { garble: [{ at: 0.75, change: 1 }] }, "250 2.0.0 Pk\r\n", true],
  ["garbled in its code", { garble: [{ at: 0, change: 3 }] }, "550 2.0.0 Ok\r\n", false],
  ["garbled beyond 255", { garble: [{ at: 0, change: 255 }] }, "150 2.0.0 Ok\r\n", false],
  [
    "garbled twice in one place",
    {
      garble: [
        { at: 0.75, change: 1 },
        { at: 0.76, change: 1 },
      ],
    },
    "250 2.0.0 Pl\r\n",
    true,
  ],
  [
    "garbled at its very end: the first octet is next",
    {
      garble: [
        { at: 0.99, change: 1 },
        { at: 0.99, change: 3 },
      ],
    },
    "550 2.0.0 Ok\r\v",
    false,
  ],
  ["cut", { truncate: 6 }, "250 2.", false],
  ["cut behind its end", { truncate: 100 }, "250 2.0.0 Ok\r\n", true],
  ["lost", { truncate: 0 }, "", false],
  ["padded, then cut", { padTo: 20, truncate: 13 }, "250 2.0.0 Okx", false],
])("%s", (_, form, sent, positive) => {
  const verdict = { ...plainVerdict(ok), wire: { ...asRendered, ...form } };
  expect(speechOf(verdict)).toEqual({ octets: sent, positive });
});

test("a list with bare line feeds, its last line padded", () => {
  const verdict = { ...plainVerdict(list), wire: { ...asRendered, eol: "\n" as const, padTo: 14 } };
  expect(speechOf(verdict).octets).toBe("250-a\n250 bxx\n");
});

test("as many octets are garbled as there are", () => {
  const garble = Array.from({ length: 100 }, () => ({ at: 0.5, change: 1 }));
  const verdict = { ...plainVerdict(null), wire: { ...asRendered, raw: octets("abc"), garble } };
  expect(speechOf(verdict).octets).toBe("bcd");
});

test("nothing is said", () => {
  expect(speechOf({ ...plainVerdict(null), wire: { ...asRendered, padTo: 10 } }).octets).toBe("");
});
