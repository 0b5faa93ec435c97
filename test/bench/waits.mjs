/**
 * What a test waits for: from `sendMail()` of nodemailer, on a new connection, to the message in the test's hand;
 * a server started and stopped around one mail; the import. On Node, Mailproof beside what else is imported for
 * the purpose. All in one run, in alternating rounds; figures are medians, and only the ratios mean something on
 * another machine.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createTransport } from "nodemailer";

const folder = fileURLToPath(new URL("peers/", import.meta.url));
const mailproof = new URL("../../dist/mod.js", import.meta.url).href;
const mailsPerRound = 20;

const peers = [
  { name: "Mailproof", module: mailproof, start: startMailproof },
  { name: "MailDev, its event", module: peer("maildev/dist/index.js"), start: startMailDev },
  {
    name: "MailDev, asked every 50 ms",
    module: peer("maildev/dist/index.js"),
    start: () => startMailDev(askMailDev),
  },
  { name: "smtp-tester", module: peer("smtp-tester/lib/index.js"), start: startSmtpTester },
  { name: "smtp-server", module: peer("smtp-server/dist/esm/smtp-server.js"), start: startSmtpServer },
];

export async function benchWaits(rounds) {
  install();
  const times = new Map(peers.map(({ name }) => [name, { wait: [], whole: [], around: [], load: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, module, start } of peers) {
      const sent = await sendSome(start);
      const whole = await timeOf(async () => (await start()).stop());
      const around = await timeOf(async () => {
        const server = await start();
        await sendOne(server, "ada@x.test");
        await server.stop();
      });
      // The first round is for the compiler.
      if (round === 0) continue;
      const own = times.get(name);
      own.wait.push(...sent);
      own.whole.push(whole);
      own.around.push(around);
      own.load.push(importTime(module));
    }
    process.stderr.write(`waits: round ${round} of ${rounds}\n`);
  }
  const first = times.get("Mailproof");
  const row = ({ name }) => {
    const { wait, whole, around, load } = times.get(name);
    const figure = (list, ours) => `${median(list).toFixed(1)} (${(median(list) / median(ours)).toFixed(1)})`;
    return {
      server: name,
      "send to wait": figure(wait, first.wait),
      "p99 of it": quantile(wait, 0.99).toFixed(1),
      "start and stop": figure(whole, first.whole),
      "start, one mail, stop": figure(around, first.around),
      import: figure(load, first.load),
    };
  };
  console.log("Milliseconds; in brackets how often Mailproof's.");
  console.table(peers.map(row));
}

async function sendSome(start) {
  const server = await start();
  const times = [];
  for (let n = 0; n < mailsPerRound; n += 1) times.push(await timeOf(() => sendOne(server, `to${n}@x.test`)));
  await server.stop();
  return times;
}

async function sendOne({ port, wait }, to) {
  const came = wait(to);
  const transport = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
  await transport.sendMail({ from: "app@x.test", to, subject: "Welcome", text: "Your code is 481516." });
  await came;
}

async function startMailproof() {
  const { startMailproof } = await import(mailproof);
  const mail = await startMailproof();
  return { port: mail.smtp.port, wait: (to) => mail.waitFor({ to }), stop: () => mail.close() };
}

async function startMailDev(waitOf = hearMailDev) {
  const { MailDev } = await import(peer("maildev/dist/index.js"));
  const web = await freePort();
  const maildev = new MailDev({ smtp: await freePort(), web, ip: "127.0.0.1", silent: true });
  const { smtp } = await maildev.start();
  return { port: smtp.getPort(), wait: (to) => waitOf(smtp, web, to), stop: () => maildev.stop() };
}

function hearMailDev(smtp, _, to) {
  return new Promise((resolve) => {
    const hear = (message) => {
      if (!JSON.stringify(message.envelope).includes(to)) return;
      smtp.off("new", hear);
      resolve(message);
    };
    smtp.on("new", hear);
  });
}

async function askMailDev(_, web, to) {
  while (true) {
    const list = await (await fetch(`http://127.0.0.1:${web}/api/email`)).json();
    const found = list.find((message) => JSON.stringify(message.envelope).includes(to));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startSmtpTester() {
  const { default: tester } = await import(peer("smtp-tester/lib/index.js"));
  const port = await freePort();
  const server = tester.init(port);
  return {
    port,
    wait: (to) => server.captureOne(to, { wait: 5_000 }),
    stop: () => new Promise((resolve) => server.stop(resolve)),
  };
}

/** The least that a test can write by hand: it waits for octets, and nothing is parsed. */
async function startSmtpServer() {
  const { SMTPServer } = await import(peer("smtp-server/dist/esm/smtp-server.js"));
  const waits = new Map();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      // With its reply the envelope goes.
      const { rcptTo } = session.envelope;
      stream.on("end", () => {
        done();
        for (const { address } of rcptTo) waits.get(address)?.(Buffer.concat(chunks));
      });
    },
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    wait: (to) => new Promise((resolve) => waits.set(to, resolve)),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Milliseconds in a new process. */
function importTime(module) {
  const program = `const begun = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - begun); process.exit()`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  return Number(stdout);
}

function install() {
  if (existsSync(`${folder}node_modules/maildev`)) return;
  process.stderr.write("waits: installing what Mailproof is measured against\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`Failed to install ${folder}: npm ended with ${status}`);
}

function peer(file) {
  return pathToFileURL(`${folder}node_modules/${file}`).href;
}

async function timeOf(run) {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function median(list) {
  return quantile(list, 0.5);
}

function quantile(list, part) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
