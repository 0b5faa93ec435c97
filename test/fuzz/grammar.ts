/**
 * Sessions as a grammar makes them: mostly right, so that they get deep into the protocol, with some of
 * everything that a client could also say. Octets are characters; an item is a line, a content or a chunk.
 */
import { hostName, parameters, path } from "./addresses.ts";
import type { Chance } from "./chance.ts";
import { chunked, content, stuffed } from "./contents.ts";
import { exchange } from "./exchanges.ts";

/** What the engine of today offers, found by asking it. */
export interface Offer {
  readonly isLmtp: boolean;
  /** Upper-case keywords of the EHLO list. */
  readonly keywords: ReadonlySet<string>;
  readonly mechanisms: readonly string[];
}

type Make = (chance: Chance, offer: Offer) => string[];

/** The items of one session. */
export function session(chance: Chance, offer: Offer): string[] {
  const items: string[] = [];
  if (!chance.oneIn(20)) items.push(...hello(chance, offer));
  for (let more = chance.between(1, 6); more > 0; more--)
    items.push(...chance.weighted(parts)(chance, offer));
  if (chance.oneIn(4)) items.push("QUIT\r\n");
  if (chance.oneIn(8)) items.push(...simple(chance));
  return items;
}

const parts: readonly (readonly [number, Make])[] = [
  [10, transaction],
  [4, simple],
  [2, authenticate],
  [2, hello],
  [1, () => ["STARTTLS\r\n"]],
  [1, proxied],
];

function hello(chance: Chance, { isLmtp }: Offer): string[] {
  const own = isLmtp ? "LHLO" : "EHLO";
  const verb = chance.weighted([
    [12, own],
    [2, "HELO"],
    [1, "EHLO"],
    [1, "LHLO"],
  ]);
  return [line(chance, verb, hostName(chance))];
}

function transaction(chance: Chance, offer: Offer): string[] {
  const verb = chance.weighted([
    [12, "MAIL"],
    [1, "SEND"],
    [1, "SOML"],
    [1, "SAML"],
  ]);
  const isUtf8 = chance.oneIn(6);
  const utf8Parameter = isUtf8 && !chance.oneIn(4) ? " SMTPUTF8" : "";
  const body = chance.oneIn(10) ? " BODY=BINARYMIME" : "";
  const items = [
    line(
      chance,
      verb,
      `${keyword(chance, "FROM")}${path(chance, isUtf8)}${parameters(chance, "MAIL", offer.keywords)}${utf8Parameter}${body}`,
    ),
  ];
  for (
    let more = chance.weighted([
      [1, 0],
      [10, 1],
      [5, 3],
      [1, 12],
    ]);
    more > 0;
    more--
  ) {
    items.push(
      line(
        chance,
        "RCPT",
        `${keyword(chance, "TO")}${path(chance, isUtf8)}${parameters(chance, "RCPT", offer.keywords)}`,
      ),
    );
    if (chance.oneIn(8)) items.push(...simple(chance));
  }
  // One that is sure to be accepted, so that most transactions get to the content.
  if (!chance.oneIn(4)) items.splice(1, 0, "RCPT TO:<b@s.test>\r\n");
  return [...items, ...ending(chance)];
}

function keyword(chance: Chance, word: string): string {
  return chance.weighted([
    [20, `${word}:`],
    [1, `${word}: `],
    [1, `${word} :`],
    [1, ` ${word}:`],
    [1, `${word.toLowerCase()}:`],
  ]);
}

function ending(chance: Chance): string[] {
  const text = content(chance);
  return chance.weighted<() => string[]>([
    [9, () => ["DATA\r\n", stuffed(text)]],
    [7, () => withOddities(chance, chunked(chance, text))],
    [1, () => ["DATA\r\n", text]],
    [1, () => ["RSET\r\n"]],
    [1, () => []],
    [1, () => ["DATA\r\n", ".\r\n"]],
    [1, () => [chance.pick(chunkLines), ...simple(chance)]],
  ])();
}

/** Few of them mean octets that follow. */
const chunkLines = [
  "BDAT\r\n",
  "BDAT x\r\n",
  "BDAT -1\r\n",
  "BDAT 5 FOO\r\n",
  "BDAT 0\r\n",
  "BDAT 0 LAST\r\n",
  "BDAT 6\r\n",
  "BDAT 00000000006 last \r\n",
  "BDAT 40000\r\n",
  "BDAT 99999999999999999999\r\n",
  "BDAT  6\r\n",
  "BDAT 6  LAST\r\n",
];

function withOddities(chance: Chance, chunks: string[]): string[] {
  if (chance.oneIn(8))
    chunks.splice(
      chance.below(chunks.length),
      0,
      chance.pick(["DATA\r\n", "RSET\r\n", "NOOP\r\n", "RCPT TO:<z@s.test>\r\n", "BDAT x\r\n"]),
    );
  return chunks;
}

function authenticate(chance: Chance, { mechanisms }: Offer): string[] {
  return exchange(chance, mechanisms);
}

function proxied(chance: Chance): string[] {
  const attributes = [
    "ADDR=192.0.2.1",
    "NAME=h.test",
    "ADDR=IPV6:2001:db8::1",
    "PORT=2525",
    "PROTO=ESMTP",
    "HELO=+41+42",
    "LOGIN=bob",
    "NAME=[UNAVAILABLE]",
    "DESTADDR=1.2.3.4",
    "DESTPORT=25",
    "FOO=1",
    "ADDR=x",
    "NAME",
    "NAME=a+0Ab",
  ];
  const count = chance.between(0, 3);
  const words = Array.from({ length: count }, () => chance.pick(attributes));
  return [line(chance, chance.pick(["XCLIENT", "XFORWARD"]), words.join(" "))];
}

const simpleLines = [
  "NOOP",
  "NOOP x y z",
  "RSET",
  "RSET x",
  "HELP",
  "HELP MAIL",
  "HELP nothing",
  "VRFY bob",
  "VRFY <b@s.test> SMTPUTF8",
  "VRFY",
  "EXPN list",
  "EXPN",
  "TURN",
  "ETRN x",
  "BURL imap://x",
  "FOO",
  "",
  " ",
  "DATA",
  "DATA x",
  "QUIT x",
  "STARTTLS x",
  "AUTH",
  "*",
  ".",
];

function simple(chance: Chance): string[] {
  if (chance.oneIn(60))
    return [
      chance.pick([
        "GET / HTTP/1.1\r\n",
        "POST /\r\n",
        "PRI * HTTP/2.0\r\n",
        "NOOP / HTTP/1.1\r\n",
        "EHLO / HTTP/1.1\r\n",
        "QUIT\r\n",
        "\x16\x03\x01\x02\0",
      ]),
    ];
  return [
    `${chance.oneIn(5) ? line(chance, chance.pick(simpleLines), "") : `${chance.pick(simpleLines)}\r\n`}`,
  ];
}

function line(chance: Chance, verb: string, argument: string): string {
  const cased = chance.weighted([
    [10, verb],
    [1, verb.toLowerCase()],
    [1, `${verb[0] ?? ""}${verb.slice(1).toLowerCase()}`],
  ]);
  const space =
    argument === ""
      ? ""
      : chance.weighted([
          [40, " "],
          [1, "  "],
          [1, "\t"],
          [1, ""],
        ]);
  return `${cased}${space}${argument}${chance.weighted([
    [30, ""],
    [1, " "],
    [1, "\t "],
  ])}\r\n`;
}
