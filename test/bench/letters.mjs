/**
 * Mails of about 2 KiB as programs send them, in equal shares of six kinds: plain text, HTML beside text in
 * quoted-printable, Cyrillic in base64, HTML alone, encoded words in the header, an attachment. Every run has
 * the same: chance is seeded.
 */
import MailComposer from "nodemailer/lib/mail-composer";

const words = (
  "account address answer before balance button change clean common company contact could country customer date " +
  "delivery detail device email every family first follow friend group happy holiday house hundred important " +
  "information interest keep language last letter little local manager market member minute money month morning " +
  "near number office often open order other package payment people period place plan please price product profile " +
  "project question reach read reason receive record report request right room sale school season second secure " +
  "send service should shop simple small soon special start station still store street subject support system " +
  "table team thank their there thing time today town travel under until update user value visit water week welcome " +
  "where which window without wonder work world would write year yesterday young your"
).split(" ");
const cyrillic =
  "ваш заказ готов спасибо что выбрали наш магазин доставка будет завтра утром с уважением".split(" ");
const logo = "https://static.shop.test/mail/logo-large.png?campaign=spring&user=184467&token=9f3a6c";

/** Every mail as octets; one in nineteen speaks of an invoice, and one in twenty-five is from Ada. */
export async function composeLetters(count) {
  const chance = chanceOf(1);
  const letters = [];
  for (let n = 0; n < count; n += 1) letters.push(await composeLetter(n, chance));
  return letters;
}

async function composeLetter(n, chance) {
  const from = n % 25 === 3 ? "ada@x.test" : `sender${n % 40}@shop${n % 7}.test`;
  const to = `user${n % 90}@example.test`;
  const text = (octets, from = words) =>
    prose(octets, from, chance) + (n % 19 === 7 ? "Please pay the\ninvoice today.\n" : "");
  const html = (octets) => pageOf(text(octets));
  const kinds = [
    () => ({ text: text(1_600) }),
    () => ({ text: text(500), html: html(350), textEncoding: "quoted-printable" }),
    () => ({ text: text(700, cyrillic), textEncoding: "base64", subject: "Ваш заказ готов к выдаче" }),
    () => ({ html: html(800) }),
    () => ({
      text: text(1_200),
      subject: `Grüße aus Köln, Bestellung ${n}`,
      cc: '"Zoë Müller" <zoe@x.test>',
    }),
    () => ({
      text: text(500),
      attachments: [{ filename: `report-${n}.pdf`, content: Buffer.from(prose(500, words, chance)) }],
    }),
  ];
  const raw = await new MailComposer({
    from: { name: n % 3 === 0 ? "Renée, the shop" : "The Shop", address: from },
    to: { name: "Somebody", address: to },
    replyTo: "help@shop.test",
    date: new Date(Date.UTC(2030, 0, 1 + (n % 28), n % 24)),
    subject: `Your ${prose(30, words, chance).trim()} ${n}`,
    headers: { "X-Mailer": "bench", "List-Unsubscribe": "<https://shop.test/unsubscribe?u=184467>" },
    ...kinds[n % kinds.length](),
  })
    .compile()
    .build();
  return { from, to, raw };
}

/** As newsletters have it: little text, much table. */
function pageOf(text) {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => `<tr><td style="padding:8px">${line} &amp;&nbsp;more</td></tr>`);
  return `<html><head><style>td{color:#333}</style></head><body><img src="${logo}"><table>${rows.join("\n")}</table><p><a href="https://shop.test/orders?from=mail">See your orders</a></p></body></html>`;
}

function prose(octets, from, chance) {
  let text = "";
  let line = "";
  while (text.length + line.length < octets) {
    line += line === "" ? from[chance(from.length)] : ` ${from[chance(from.length)]}`;
    if (line.length < 65) continue;
    text += `${line}.\n`;
    line = "";
  }
  return `${text}${line}\n`;
}

/** Numbers below a bound, the same at every run (mulberry32). */
function chanceOf(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
