/** `mailproof serve`: starts the server, says where it is and what happens, and ends it on a signal. */
import process from "node:process";
import type { OwnServer } from "../mailproof.ts";
import { banner, readyLine, warningsOf } from "./banner.ts";
import { checkCaFile, writeCa } from "./ca-file.ts";
import { asTold, readJournal } from "./journal.ts";
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

  const own = await start(settings);
  const { mail } = own;
  const stopped = untilSignal();
  if (caFile !== null) await writeCa(mail, caFile);
  const info = await mail.info();
  const faults = (await mail.faults.list()).map(({ id }) => id);
  terminal.out(
    json
      ? readyLine(mail, info, process.pid)
      : banner(mail, { info, faults, config, caFile, verbose }, terminal),
  );
  for (const warning of warningsOf(server)) terminal.err(terminal.paint("yellow", warning));

  const log = json ? null : new Log(own.store, terminal, verbose);
  const closed = new AbortController();
  const telling = isOn(program, "quiet") ? Promise.resolve() : tell(own, terminal, log, closed.signal);
  const told = telling.catch((error: Error) => terminal.err(`mailproof: ${error.message}`));
  await stopped;
  // All ends then, whatever is still open or was not read.
  setTimeout(() => process.exit(0), closingTime).unref();
  await mail.close();
  // The events of the closing are told, too.
  closed.abort();
  await told;
  return 0;
}

/** Events as lines for a reader, or as JSON where there is no log; no faster than they are read. */
async function tell(
  { journal, store }: OwnServer,
  terminal: Terminal,
  log: Log | null,
  ended: AbortSignal,
): Promise<void> {
  for await (const event of readJournal(journal, ended)) {
    if (log === null) terminal.out(printableJson(await asTold(event, store)));
    else await log.write(event);
    await terminal.relieved();
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
