/** What Postfix's smtp-source sends. */
import { timeToEnd } from "./processes.mjs";

/**
 * `messages` to a server that is fast; `fewer` to one that is not, where a round shall take seconds, not minutes.
 * smtp-server greets after 100 ms, so those built on it get the fewest where each message has its connection.
 */
export const loads = [
  {
    name: "10 open connections, 2 KiB",
    args: ["-d", "-s", "10", "-l", "2048"],
    messages: 30_000,
    fewer: 10_000,
  },
  { name: "a connection per message, 2 KiB", args: ["-s", "10", "-l", "2048"], messages: 10_000, fewer: 300 },
  { name: "4 connections, 1 MiB", args: ["-d", "-s", "4", "-l", "1048576"], messages: 400, fewer: 100 },
];

/** Messages per second. */
export async function send(load, port, messages) {
  return (
    messages / (await timeToEnd("smtp-source", [...load.args, "-m", String(messages), `127.0.0.1:${port}`]))
  );
}

/** What is measured is a server that runs: first the runtime compiles what it finds to be hot. */
export async function warm(load, port, messages) {
  await send(load, port, Math.ceil(messages / 4));
}
