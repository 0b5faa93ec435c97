/**
 * Messages per second with a burden and without: a server of each kind in each round, the one and then the other,
 * every second round the other way round. Each gets all three loads.
 */
import { listenToEvents, openIdle } from "./clients.mjs";
import { median, ratio } from "./figures.mjs";
import { idleRules } from "./idle-rules.mjs";
import { loads, send, warm } from "./loads.mjs";
import { mustHold, startMailproof } from "./servers.mjs";

/** Idle connections: each was greeted and said EHLO. */
export async function benchIdle(options) {
  const burden = ({ port }) => openIdle(port, options.scaled(1_000));
  return benchBurden("idle", options, ["--max-sessions", "2000"], burden);
}

/** Rules of which none matches, readers of the event stream, and a mailbox that is full. */
export async function benchFull(options) {
  const burden = async ({ port, url }) => {
    const messages = options.scaled(100_000);
    await send(loads[0], port, messages);
    await mustHold(url, messages);
    await addRules(url, idleRules(options.scaled(1_000)));
    const octets = await listenToEvents(url, 10);
    return () => {
      if (octets() === 0) throw new Error("Failed to listen to events: none came");
      process.stderr.write(`full: each listener read ${Math.round(octets() / 1e7)} MB\n`);
    };
  };
  return benchBurden("full", options, ["--max-bytes", "8G"], burden);
}

async function benchBurden(suite, { rounds, runtimes, scaled }, args, burden) {
  const without = runtimes.map(() => loads.map(() => []));
  const loaded = runtimes.map(() => loads.map(() => []));
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, runtime] of runtimes.entries()) {
      const plain = async () => add(without[place], await ratesOf(runtime, args, scaled));
      const burdened = async () => add(loaded[place], await ratesOf(runtime, args, scaled, burden));
      for (const run of round % 2 === 0 ? [plain, burdened] : [burdened, plain]) await run();
    }
    process.stderr.write(`${suite}: round ${round + 1} of ${rounds}\n`);
  }
  return loads.flatMap((load, n) =>
    runtimes.map(({ name }, place) => ({
      load: load.name,
      server: "Mailproof",
      runtime: name,
      "messages/s without": Math.round(median(without[place][n])),
      "messages/s with": Math.round(median(loaded[place][n])),
      "of without": ratio(loaded[place][n], without[place][n]),
    })),
  );
}

async function ratesOf(runtime, args, scaled, burden) {
  const server = await startMailproof(runtime, args);
  const check = await burden?.(server);
  const rates = [];
  for (const load of loads) {
    await warm(load, server.port, scaled(load.messages));
    rates.push(await send(load, server.port, scaled(load.messages)));
  }
  check?.();
  await server.stop();
  return rates;
}

function add(lists, rates) {
  for (const [n, rate] of rates.entries()) lists[n].push(rate);
}

async function addRules(url, rules) {
  const body = JSON.stringify({ rules });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/api/faults`, { method: "PUT", headers, body });
  if (!response.ok) throw new Error(`Failed to add the rules: ${await response.text()}`);
}
