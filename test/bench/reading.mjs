/**
 * Milliseconds over HTTP to list and to search a mailbox of 100,000 messages of about 2 KiB: the first time,
 * when nobody has read any of them, and after that. `list page` comes first and is answered without reading the rest;
 * the first search of a kind reads what that kind needs.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { median, quantile } from "./figures.mjs";
import { composeLetters } from "./letters.mjs";
import { mustHold, startMailproof } from "./servers.mjs";

const messages = 100_000;
const distinct = 600;
const perBatch = 100;

const questions = [
  { what: "list page", path: "/api/messages?limit=50" },
  { what: "list page, cursor", path: "/api/messages?limit=50", page: 2 },
  { what: "transactions", path: "/api/transactions?limit=50" },
  { what: "transactions, cursor", path: "/api/transactions?limit=50", page: 2 },
  { what: "sender, from=", path: "/api/messages?limit=50&from=ada@x.test" },
  { what: "sender, q=from:", path: "/api/messages?limit=50&q=from:ada@x.test" },
  { what: "sender, cursor", path: "/api/messages?limit=50&from=ada@x.test", page: 2 },
  { what: "subject, q=subject:", path: "/api/messages?limit=50&q=subject:order" },
  { what: "word, q=invoice", path: "/api/messages?limit=50&q=invoice" },
  { what: "word, cursor", path: "/api/messages?limit=50&q=invoice", page: 2 },
  { what: "word in no message", path: "/api/messages?limit=50&q=zeppelin" },
  { what: "Cyrillic word", path: `/api/messages?limit=50&q=${encodeURIComponent("доставка")}` },
  { what: "phrase", path: `/api/messages?limit=50&q=${encodeURIComponent('"pay the invoice"')}` },
  { what: "unread", path: "/api/messages?limit=50&read=false" },
  { what: "transactions of a sender", path: "/api/transactions?limit=50&from=ada@x.test" },
];

export async function benchReading({ rounds, runtimes, scaled }) {
  const rows = [];
  for (const runtime of runtimes) {
    const server = await startMailproof(runtime, ["--max-bytes", "8G"]);
    await fill(server.port, scaled(messages));
    await mustHold(server.url, scaled(messages));
    for (const { what, path, page = 1 } of questions) {
      const url = await urlOf(server.url, path, page);
      const first = await timeOf(url);
      const times = [];
      for (let left = rounds * 4; left > 0; left -= 1) times.push(await timeOf(url));
      const figures = { first, "ms median": median(times), "ms p95": quantile(times, 0.95) };
      rows.push({ what, server: "Mailproof", runtime: runtime.name, ...figures });
      process.stderr.write(`reading, ${runtime.name}: ${what}\n`);
    }
    await server.stop();
  }
  return rows;
}

/** One connection, everything pipelined (RFC 2920) with the content in BDAT (RFC 3030). */
async function fill(port, messages) {
  const letters = await composeLetters(distinct);
  const socket = connect(port, "127.0.0.1");
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const expect = async (code) => {
    for (;;) {
      const { value: line, done } = await replies.next();
      if (done || !line.startsWith(code)) throw new Error(`Failed to fill the mailbox: ${line ?? "closed"}`);
      if (line[3] === " ") return;
    }
  };
  await expect("220");
  socket.write("EHLO bench.test\r\n");
  await expect("250");
  for (let sent = 0; sent < messages; sent += perBatch) {
    const batch = Array.from({ length: perBatch }, (_, n) => letters[(sent + n) % distinct]);
    socket.write(Buffer.concat(batch.flatMap(transactionOf)));
    // MAIL, RCPT and BDAT of each.
    for (let left = 3 * perBatch; left > 0; left -= 1) await expect("250");
    if ((sent + perBatch) % 20_000 === 0) process.stderr.write(`reading: ${sent + perBatch} messages sent\n`);
  }
  socket.end("QUIT\r\n");
  await expect("221");
}

function transactionOf({ from, to, raw }) {
  const commands = `MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nBDAT ${raw.length} LAST\r\n`;
  return [Buffer.from(commands), raw];
}

async function urlOf(base, path, page) {
  if (page === 1) return base + path;
  const { nextCursor } = await (await fetch(base + path)).json();
  return `${base}${path}&cursor=${nextCursor}`;
}

async function timeOf(url) {
  const begun = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`Failed to read ${url}: ${response.status}`);
  return performance.now() - begun;
}
