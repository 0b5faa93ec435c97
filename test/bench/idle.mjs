/** With idle connections open, and without: each was greeted and said EHLO. */
import { benchBurden } from "./burden.mjs";
import { openIdle } from "./clients.mjs";

export async function benchIdle(options) {
  const burden = ({ port }) => openIdle(port, options.scaled(1_000));
  return benchBurden("idle", options, ["--max-sessions", "2000"], burden);
}
