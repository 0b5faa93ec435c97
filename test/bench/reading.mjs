/**
 * Milliseconds over HTTP to list and to search a mailbox of 100,000 messages of about 2 KiB: the first time,
 * when nobody has read any of them, and after that. `list page` comes first and is answered without reading the rest;
 * the first search of a kind reads what that kind needs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { composeLetters } from "./letters.mjs";

const messages = 100_000;
const distinct = 600;

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

/** Rows `{ what, first, "ms median", "ms p95" }`, figures in milliseconds. */
export async function benchReading(rounds) {
  const server = await startMailproof();
  try {
    await fill(server.port);
    const rows = [];
    for (const { what, path, page = 1 } of questions) {
      const url = await urlOf(server.url, path, page);
      const first = await timeOf(url);
      const times = [];
      for (let left = rounds * 4; left > 0; left -= 1) times.push(await timeOf(url));
      rows.push({
        what,
        first: first.toFixed(1),
        "ms median": quantile(times, 0.5).toFixed(1),
        "ms p95": quantile(times, 0.95).toFixed(1),
      });
      process.stderr.write(`reading: ${what}\n`);
    }
    return rows;
  } finally {
    await server.stop();
  }
}

async function startMailproof() {
  const args = ["serve", "--smtp-port", "0", "--http-port", "0", "--json", "--quiet"];
  const child = spawn(process.execPath, ["dist/src/cli/main.js", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { smtp, http } = JSON.parse(line);
  const stop = async () => {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  };
  return { port: smtp.port, url: http.url, stop };
}

/** One connection, everything pipelined (RFC 2920) with the content in BDAT (RFC 3030). */
async function fill(port) {
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
  const perBatch = 100;
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

function quantile(list, part) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}
