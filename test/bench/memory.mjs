/**
 * Memory of the whole process (RSS) that holds many messages of 2 KiB: before they came, after the last, and five
 * seconds later. What a message costs is the rise to that, in octets per octet of content.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./figures.mjs";
import { loads, send } from "./loads.mjs";
import { installPeers } from "./peers.mjs";
import { memoryOf } from "./processes.mjs";
import { findAiosmtpd, mustHold, startAiosmtpd, startBare, startMailproof, startPeer } from "./servers.mjs";

export async function benchMemory({ rounds, runtimes, scaled }) {
  installPeers();
  const servers = holders(runtimes);
  const runs = servers.map(() => []);
  // Every server gets the same messages: Mailproof says how large one is.
  let octetsOfOne = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const [n, { start, messages }] of servers.entries()) {
      const server = await start();
      await sleep(500);
      const before = memoryOf(server.pid);
      await send(loads[0], server.port, scaled(messages));
      const after = memoryOf(server.pid);
      await sleep(5_000);
      runs[n].push({ before, after, settled: memoryOf(server.pid) });
      if (server.url !== undefined) {
        const counts = await mustHold(server.url, scaled(messages));
        octetsOfOne = counts.octets / counts.messages;
      }
      await server.stop();
    }
    process.stderr.write(`memory: round ${round + 1} of ${rounds}\n`);
  }
  return servers.map(({ server, runtime, messages }, n) => {
    const held = (octetsOfOne * scaled(messages)) / 1e6;
    const of = (moment) => median(runs[n].map((run) => run[moment]));
    return {
      server,
      runtime,
      messages: scaled(messages),
      "MB of content": held,
      "MB before": of("before"),
      "MB after": of("after"),
      "MB settled": of("settled"),
      "limit, MB": server === "Mailproof" ? held * 1.5 + 80 : undefined,
      "per octet": median(runs[n].map(({ before, settled }) => (settled - before) / held)),
    };
  });
}

/** Those that are slow hold fewer; what one message costs them is the same. */
function holders(runtimes) {
  const aiosmtpd = findAiosmtpd();
  const many = { messages: 100_000 };
  const fewer = { messages: 10_000 };
  return [
    ...runtimes.flatMap((runtime) => [
      { ...many, server: "bare responder", runtime: runtime.name, start: () => startBare(runtime) },
      {
        ...many,
        server: "Mailproof",
        runtime: runtime.name,
        start: () => startMailproof(runtime, ["--max-bytes", "8G"]),
      },
    ]),
    ...["smtp-server", "MailDev", "smtp-tester"].map((server) => ({
      ...fewer,
      server,
      runtime: "node",
      start: () => startPeer(server.toLowerCase()),
    })),
    ...(aiosmtpd === null
      ? []
      : [{ ...fewer, server: "aiosmtpd", runtime: "python", start: () => startAiosmtpd(aiosmtpd.python) }]),
  ];
}
