/**
 * A day in minutes: two million messages through a mailbox of ten thousand, and the memory of the process (RSS)
 * every second. What it rises after the first tenth is the line of least squares through what was seen from there on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loads, send } from "./loads.mjs";
import { memoryOf } from "./processes.mjs";
import { infoOf, startMailproof } from "./servers.mjs";

export async function benchSoak({ runtimes, scaled, messages }) {
  const rows = [];
  const total = messages ?? scaled(2_000_000);
  for (const runtime of runtimes) {
    const server = await startMailproof(runtime, ["--max-messages", "10000"]);
    const sending = send(loads[0], server.port, total);
    const samples = await watch(server, sending);
    const rate = await sending;
    await server.stop();
    const steady = samples.filter(({ sent }) => sent >= total / 10);
    const line = lineThrough(steady);
    const rise = line(total) - line(total / 10);
    rows.push({
      server: "Mailproof",
      runtime: runtime.name,
      messages: total,
      "messages/s": Math.round(rate),
      "MB at 10 %": nearest(samples, total * 0.1),
      "MB at 50 %": nearest(samples, total * 0.5),
      "MB at 100 %": nearest(samples, total),
      "MB per million after": (rise / (total * 0.9)) * 1e6,
      "rise of it": rise / line(total / 10),
    });
    process.stderr.write(`soak: ${runtime.name} done\n`);
  }
  return rows;
}

/** Until all is sent: how many messages came, and the memory at that time. */
async function watch({ url, pid }, sending) {
  const samples = [];
  let isSending = true;
  const end = () => {
    isSending = false;
  };
  sending.then(end, end);
  do {
    await Promise.race([sending, sleep(1_000)]);
    samples.push({ sent: (await infoOf(url)).seq, memory: memoryOf(pid) });
  } while (isSending);
  return samples;
}

function nearest(samples, sent) {
  const distance = (sample) => Math.abs(sample.sent - sent);
  return samples.reduce((best, sample) => (distance(sample) < distance(best) ? sample : best)).memory;
}

/** Memory by messages sent. */
function lineThrough(samples) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const sent = mean((sample) => sample.sent);
  const memory = mean((sample) => sample.memory);
  const spread = mean((sample) => (sample.sent - sent) ** 2);
  const slope = spread === 0 ? 0 : mean((sample) => (sample.sent - sent) * (sample.memory - memory)) / spread;
  return (at) => memory + slope * (at - sent);
}
