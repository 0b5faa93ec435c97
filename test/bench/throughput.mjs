/** Messages per second under three loads: Mailproof, what keeps nothing or parses nothing, and other packages. */
import { median, ratio } from "./figures.mjs";
import { loads, send, warm } from "./loads.mjs";
import { installPeers } from "./peers.mjs";
import { findAiosmtpd, startAiosmtpd, startBare, startMailproof, startPeer, startSink } from "./servers.mjs";

export async function benchThroughput({ rounds, runtimes, scaled }) {
  installPeers();
  const servers = contenders(runtimes);
  const rows = [];
  for (const load of loads) {
    const rates = new Map(servers.map((server) => [server, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers) {
        const messages = scaled(server.isSlow ? load.fewer : load.messages);
        const running = await server.start();
        await warm(load, running.port, messages);
        rates.get(server).push(await send(load, running.port, messages));
        await running.stop();
      }
      process.stderr.write(`throughput, ${load.name}: round ${round + 1} of ${rounds}\n`);
    }
    const ratesOf = (server, runtime) =>
      rates.get(servers.find((one) => one.server === server && one.runtime === runtime));
    for (const [{ server, runtime }, own] of rates) {
      const bare = ratesOf("bare responder", runtime);
      rows.push({
        load: load.name,
        server,
        runtime,
        "messages/s": Math.round(median(own)),
        "of bare": bare && ratio(own, bare),
        "of smtp-sink": ratio(own, ratesOf("smtp-sink", "C")),
        "× MailDev": ratio(own, ratesOf("MailDev", "node")),
      });
    }
  }
  return rows;
}

function contenders(runtimes) {
  const aiosmtpd = findAiosmtpd();
  return [
    { server: "smtp-sink", runtime: "C", start: startSink },
    ...runtimes.flatMap((runtime) => [
      { server: "bare responder", runtime: runtime.name, start: () => startBare(runtime) },
      { server: "Mailproof", runtime: runtime.name, start: () => startMailproof(runtime) },
    ]),
    ...["smtp-server", "MailDev", "smtp-tester"].map((server) => ({
      server,
      runtime: "node",
      isSlow: true,
      start: () => startPeer(server.toLowerCase()),
    })),
    ...(aiosmtpd === null
      ? []
      : [
          {
            server: "aiosmtpd",
            runtime: "python",
            start: () => startAiosmtpd(aiosmtpd.python),
          },
        ]),
  ];
}
