/**
 * Messages per second with a burden and without: a server of each kind in each round, the one and then the other,
 * every second round the other way round. Each gets all three loads.
 */
import { median, ratio } from "./figures.mjs";
import { loads, send, warm } from "./loads.mjs";
import { startMailproof } from "./servers.mjs";

/**
 * `burden` is put on a server that started with `args`; what it returns, if anything, is called at the end.
 */
export async function benchBurden(suite, { rounds, runtimes, scaled }, args, burden) {
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
