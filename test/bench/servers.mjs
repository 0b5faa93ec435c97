/** Every server of the benches, each on a free port: `{ port, url?, pid, stop() }`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { greeted } from "./clients.mjs";
import { freePort } from "./ports.mjs";
import { launch, launchServer, stop } from "./processes.mjs";

const serve = ["serve", "--smtp-port", "0", "--http-port", "0", "--json", "--quiet"];

export async function startMailproof({ command, run, program }, options = []) {
  const { child, ready } = await launchServer(command, [...run(program), ...serve, ...options]);
  return { port: ready.smtp.port, url: ready.http.url, pid: ready.pid, stop: () => stop(child) };
}

export async function startBare({ command, run }) {
  return local(await launchServer(command, run("test/bench/bare-responder.mjs")));
}

export async function startSink() {
  const port = await freePort();
  const args = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = launch("smtp-sink", [...args, `127.0.0.1:${port}`, "1000"]);
  await greeted(port);
  return { port, pid: child.pid, stop: () => stop(child) };
}

/** One of npm, on Node; what it writes to a temporary folder goes with it. */
export async function startPeer(name) {
  const folder = mkdtempSync(join(tmpdir(), "mailproof-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const server = local(
    await launchServer(process.execPath, ["test/bench/peer-server.mjs", name], { TMPDIR: folder }),
  );
  return {
    ...server,
    async stop() {
      await server.stop();
      remove();
      process.off("exit", remove);
    },
  };
}

export async function startAiosmtpd(python) {
  return local(await launchServer(python, ["test/bench/aiosmtpd-server.py"]));
}

/** The Python that has aiosmtpd, and its version; Debian's is not always the first on the path. Null: none. */
export function findAiosmtpd() {
  const program = "import aiosmtpd; print(aiosmtpd.__version__)";
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(python, ["-c", program], { encoding: "utf8" });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return null;
}

/** What Mailproof says of itself. */
export async function infoOf(url) {
  return (await fetch(`${url}/api/info`)).json();
}

/** Fails where a mailbox that should be full is not: figures would tell of another one. */
export async function mustHold(url, atLeast) {
  const { counts } = await infoOf(url);
  if (counts.messages >= atLeast) return counts;
  throw new Error(`Failed to fill the mailbox: ${counts.messages} of ${atLeast} messages are held`);
}

function local({ child, ready }) {
  return { port: ready.smtp.port, pid: child.pid, stop: () => stop(child) };
}
