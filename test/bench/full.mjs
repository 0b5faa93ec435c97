/** With rules of which none matches, readers of the event stream and a mailbox that is full, and without. */
import { benchBurden } from "./burden.mjs";
import { listenToEvents } from "./clients.mjs";
import { idleRules } from "./idle-rules.mjs";
import { loads, send } from "./loads.mjs";
import { mustHold } from "./servers.mjs";

const listeners = 10;

export async function benchFull(options) {
  const burden = async ({ port, url }) => {
    const messages = options.scaled(100_000);
    await send(loads[0], port, messages);
    await mustHold(url, messages);
    await addRules(url, idleRules(options.scaled(1_000)));
    const octets = await listenToEvents(url, listeners);
    // Those that cannot follow are cut short: a ratio is worth what they got.
    return () => {
      process.stderr.write(`full: each listener read ${Math.round(octets() / listeners / 1e6)} MB\n`);
    };
  };
  return benchBurden("full", options, ["--max-bytes", "8G"], burden);
}

async function addRules(url, rules) {
  const body = JSON.stringify({ rules });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/api/faults`, { method: "PUT", headers, body });
  if (!response.ok) throw new Error(`Failed to add the rules: ${await response.text()}`);
}
