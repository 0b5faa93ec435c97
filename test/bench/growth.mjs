/**
 * Messages per second as one mailbox grows. Each figure is of few messages, so that the mailbox is about as large
 * at their end as it is called.
 */
import { median, ratio } from "./figures.mjs";
import { loads, send, warm } from "./loads.mjs";
import { infoOf, mustHold, startMailproof } from "./servers.mjs";

const sizes = [1_000, 10_000, 100_000];
const few = [
  { load: loads[0], messages: 5_000 },
  { load: loads[1], messages: 1_500 },
];

export async function benchGrowth({ rounds, runtimes, scaled }) {
  const rates = runtimes.map(() => few.map(() => sizes.map(() => [])));
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, runtime] of runtimes.entries()) {
      const server = await startMailproof(runtime, ["--max-bytes", "8G"]);
      for (const { load } of few) await warm(load, server.port, scaled(load.messages));
      await fetch(`${server.url}/api/reset`, { method: "POST" });
      for (const [n, size] of sizes.entries()) {
        await fill(server, scaled(size));
        for (const [kind, { load, messages }] of few.entries()) {
          rates[place][kind][n].push(await send(load, server.port, scaled(messages)));
        }
      }
      await server.stop();
    }
    process.stderr.write(`growth: round ${round + 1} of ${rounds}\n`);
  }
  return few.flatMap(({ load }, kind) =>
    runtimes.map(({ name }, place) => ({
      load: load.name,
      server: "Mailproof",
      runtime: name,
      ...Object.fromEntries(
        sizes.map((size, n) => [`${size.toLocaleString("en-US")} held`, median(rates[place][kind][n])]),
      ),
      "last of first": ratio(rates[place][kind].at(-1), rates[place][kind][0]),
    })),
  );
}

async function fill({ port, url }, size) {
  const { counts } = await infoOf(url);
  if (counts.messages < size) await send(loads[0], port, size - counts.messages);
  await mustHold(url, size);
}
