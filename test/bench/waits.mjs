/**
 * Milliseconds that a test waits for: from `sendMail()` of nodemailer, on a new connection, to the message in the test's hand;
 * a server started and stopped around one mail; the import. On Node, Mailproof beside what else is imported for
 * the purpose.
 */
import { spawnSync } from "node:child_process";
import { createTransport } from "nodemailer";
import { median, quantile, ratio } from "./figures.mjs";
import { installPeers, peer } from "./peers.mjs";
import { freePort } from "./ports.mjs";

const mailproof = new URL("../../dist/mod.js", import.meta.url).href;
const mailsPerRound = 50;

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

export async function benchWaits({ rounds }) {
  installPeers();
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
  const ours = times.get("Mailproof");
  return peers.map(({ name }) => {
    const { wait, whole, around, load } = times.get(name);
    return {
      server: name,
      "send to wait": median(wait),
      "p99 of it": quantile(wait, 0.99),
      "wait × ours": ratio(wait, ours.wait),
      "start and stop": median(whole),
      "start, one mail, stop": median(around),
      "one mail × ours": ratio(around, ours.around),
      import: median(load),
      "import × ours": ratio(load, ours.load),
    };
  });
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

async function timeOf(run) {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}
