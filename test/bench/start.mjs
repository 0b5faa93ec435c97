/**
 * Milliseconds until a server is there: `startMailproof()` the first time in a process that imported it, and later
 * in the same process; the command until somebody who connects is greeted, beside a program that does nothing.
 */
import { once } from "node:events";
import { greeted } from "./clients.mjs";
import { median } from "./figures.mjs";
import { freePort } from "./ports.mjs";
import { launch, launchServer, stop } from "./processes.mjs";

export async function benchStart({ rounds, runtimes, scaled }) {
  const repeats = Math.max(scaled(11), rounds);
  const times = runtimes.map(() => ({ first: [], later: [], command: [], nothing: [] }));
  // The first round is for the caches of the disk and of the compilers.
  for (let round = 0; round <= repeats; round += 1) {
    for (const [place, runtime] of runtimes.entries()) {
      const inProcess = await timesInProcess(runtime);
      const nothing = await timeOfNothing(runtime);
      const command = await timeOfCommand(runtime);
      if (round === 0) continue;
      const own = times[place];
      own.first.push(inProcess.first);
      own.later.push(median(inProcess.later));
      own.nothing.push(nothing);
      own.command.push(command);
    }
    process.stderr.write(`start: round ${round} of ${repeats}\n`);
  }
  return runtimes.map(({ name }, place) => {
    const { first, later, command, nothing } = times[place];
    return {
      server: "Mailproof",
      runtime: name,
      "startMailproof(), first": median(first),
      "startMailproof(), later": median(later),
      "command to greeting": median(command),
      "a program that does nothing": median(nothing),
      "limit for the command": median(nothing) * 1.5 + 150,
    };
  });
}

async function timesInProcess({ command, run, library }) {
  const args = [...run("test/bench/start-in-process.mjs", "--allow-all"), library];
  const { child, ready } = await launchServer(command, args);
  await stop(child);
  return ready;
}

async function timeOfNothing({ command, nothing }) {
  const begun = performance.now();
  await once(launch(command, nothing), "exit");
  return performance.now() - begun;
}

async function timeOfCommand({ command, run, program }) {
  const port = await freePort();
  const args = ["serve", "--smtp-port", String(port), "--http-port", "0", "--quiet"];
  const begun = performance.now();
  const child = launch(command, [...run(program), ...args]);
  await greeted(port);
  const time = performance.now() - begun;
  await stop(child);
  return time;
}
