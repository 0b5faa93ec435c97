/** `node peer-server.mjs maildev|smtp-server|smtp-tester`: as its users start it, and it keeps what comes. */
import { peer } from "./peers.mjs";
import { freePort } from "./ports.mjs";

const starts = {
  maildev: async (port) => {
    const { MailDev } = await import(peer("maildev/dist/index.js"));
    await new MailDev({ smtp: port, web: await freePort(), ip: "127.0.0.1", silent: true }).start();
  },
  "smtp-server": async (port) => {
    const { SMTPServer } = await import(peer("smtp-server/dist/esm/smtp-server.js"));
    const kept = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, _, done) {
        const chunks = [];
        stream.on("data", (chunk) => chunks.push(chunk));
        stream.on("end", () => {
          kept.push(Buffer.concat(chunks));
          done();
        });
      },
    });
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  },
  "smtp-tester": async (port) => {
    const { default: tester } = await import(peer("smtp-tester/lib/index.js"));
    await new Promise((resolve) => tester.init(port).smtpServer.server.once("listening", resolve));
  },
};

const port = await freePort();
await starts[process.argv[2]](port);
console.log(JSON.stringify({ smtp: { port } }));
process.on("SIGTERM", () => process.exit());
