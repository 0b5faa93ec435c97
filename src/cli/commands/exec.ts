/** `mailproof exec -- CMD…`: a server for as long as a program runs, which is told where it is. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { checkCaFile, writeCa } from "../ca-file.ts";
import type { Command } from "../command.ts";
import { readFlags } from "../flags.ts";
import { keyOf, type Values } from "../option.ts";
import { helpOption, programOptions, serverOptions } from "../options.ts";
import { isGranted } from "../permission.ts";
import { readSettings, type ServeSettings } from "../settings.ts";
import { start } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const options = [
  // Ports have a default of their own here.
  ...serverOptions.map((option) =>
    option.fallback === undefined ? option : { ...option, help: "(any free port)" },
  ),
  ...programOptions.filter(({ flag }) => flag === "config" || flag === "tls-ca-out"),
];

export const exec: Command = {
  name: "exec",
  operands: "-- CMD…",
  summary: "Run CMD beside a server of its own, and end with its exit code",
  options,
  alone: true,
  notes: [
    "The server has free ports and ends with CMD. It is told to CMD in MAILPROOF_URL, SMTP_HOST, SMTP_PORT, SMTP_URL",
    "and the base URLs of the providers. Its options stand before the two dashes: of what variables and the config file",
    "say, the numbers of ports and the file for the CA are those of a server that may be running, and do not count.",
    "Exit code: that of CMD; 128 and the number of the signal that ended it; 127 not found, 126 not to be run.",
    "",
    "  mailproof exec -- npm test",
    "  mailproof exec --fault greylisting -- php artisan queue:work --stop-when-empty",
    "",
  ],
  read(args) {
    // Of the two dashes those count that stand before CMD; CMD may have its own.
    const end = args.indexOf("--");
    const own = end === -1 ? args : args.slice(0, end);
    const { values, positionals } = readFlags(own, [...options, helpOption]);
    const command = end === -1 ? [] : args.slice(end + 1);
    if (values.has("help")) return { values, positionals: command };
    if (positionals.length > 0 || command.length === 0) {
      const given = positionals.length > 0 ? positionals.join(" ") : "no command";
      throw new UsageError(
        `Failed to read the arguments of exec: ${given}; write mailproof exec [options] -- CMD…`,
      );
    }
    return { values, positionals: command };
  },
  async run({ values, positionals }, terminal) {
    const [command = "", ...args] = positionals;
    if (!isGranted({ name: "run", command }) || !isGranted({ name: "env" })) {
      throw new UsageError(
        `Failed to run ${command}: no permission; run with --allow-run=${command} --allow-env`,
      );
    }
    const settings = withFreePorts(await readSettings(values), values);
    const caFile = checkCaFile(values);
    const { mail } = await start(settings);
    if (caFile !== null) await writeCa(mail, caFile);
    const { httpToken } = settings.server;
    const token = httpToken === undefined ? {} : { MAILPROOF_HTTP_TOKEN: httpToken };
    try {
      return await runChild(command, args, { ...process.env, ...token, ...mail.env }, terminal);
    } finally {
      await mail.close();
    }
  },
};

/** Also where a variable or the config file says others: those are of a server that may be running. */
function withFreePorts(settings: ServeSettings, flags: Values): ServeSettings {
  const ports = serverOptions.filter(({ flag, kind }) => kind === "port" && !flags.has(flag)).map(keyOf);
  const free = ports.filter((key) => key in settings.server).map((key) => [key, 0]);
  return { ...settings, server: { ...settings.server, ...Object.fromEntries(free) } };
}

/** Resolves to the exit code that a shell would tell. */
async function runChild(
  command: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
  terminal: Terminal,
): Promise<number> {
  let child: ChildProcess | null = null;
  // Listens first: a program that has only just begun is not to be left behind.
  const release = passSignals(() => child?.pid);
  try {
    return await new Promise<number>((resolve, reject) => {
      child = spawn(command, args, { stdio: "inherit", env });
      child.on("error", reject);
      child.on("exit", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT";
    const reason = missing ? "it is not found; check the name and PATH" : `${message}; check its permissions`;
    terminal.err(`mailproof: Failed to run ${command}: ${reason}`);
    return missing ? 127 : 126;
  } finally {
    release();
  }
}

/** A terminal sends SIGINT to the command itself; a second one would make many programs give up at once. */
function passSignals(pidOf: () => number | undefined): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    const pid = pidOf();
    if (pid === undefined || (signal === "SIGINT" && process.stdin.isTTY)) return;
    // Not child.kill: Deno then reports a child that ended well as killed.
    process.kill(pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
