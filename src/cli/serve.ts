/** `mailproof serve`: starts the server, says where it is and what happens, and ends it on a signal. */
import process from "node:process";
import type { Mailproof, Mark } from "../sdk/mod.ts";
import { banner, exposureWarning, readyLine } from "./banner.ts";
import { checkCaFile, writeCa } from "./ca-file.ts";
import { Log } from "./log.ts";
import { isOn, type Values } from "./option.ts";
import { readSettings } from "./settings.ts";
import { start } from "./start.ts";
import { printableJson, type Terminal } from "./terminal.ts";

/** All is to be over 2 s after the signal. */
const closingTime = 1_800;

/** Resolves to the exit code when the server has ended. */
export async function serve(flags: Values, terminal: Terminal): Promise<number> {
  const settings = await readSettings(flags);
  const { server, program, config } = settings;
  const caFile = checkCaFile(program);
  const json = isOn(program, "json");
  const verbose = isOn(program, "verbose");

  const mail = await start(settings);
  const stopped = untilSignal();
  if (caFile !== null) await writeCa(mail, caFile);
  // Before anything is said, so that nothing after it is missed.
  const since = await mail.mark();
  const info = await mail.info();
  const faults = (await mail.faults.list()).map(({ id }) => id);
  terminal.out(
    json
      ? readyLine(mail, info, process.pid)
      : banner(mail, { info, faults, config, caFile, verbose }, terminal),
  );
  const warning = exposureWarning(server.host, server.httpToken !== undefined);
  if (warning !== null) terminal.err(terminal.paint("yellow", warning));

  const log = json ? null : new Log(mail, terminal, verbose);
  const following = isOn(program, "quiet") ? Promise.resolve() : follow(mail, since, terminal, log);
  const told = following.catch((error: Error) => terminal.err(`mailproof: ${error.message}`));
  await stopped;
  // The events of the closing are told, too.
  await Promise.race([
    Promise.all([mail.close(), told]),
    new Promise((resolve) => setTimeout(resolve, closingTime).unref()),
  ]);
  return 0;
}

/** Events as lines for a reader, or as JSON where there is no log. */
async function follow(mail: Mailproof, since: Mark, terminal: Terminal, log: Log | null): Promise<void> {
  for await (const event of mail.events({ since })) {
    if (log === null) terminal.out(printableJson(event));
    else await log.write(event);
    await terminal.drained();
  }
}

/** A second signal ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
}
