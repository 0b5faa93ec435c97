/** What Mailproof is measured against that is installed on demand: `peers/package.json`. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = fileURLToPath(new URL("peers/", import.meta.url));

export function installPeers() {
  if (existsSync(`${folder}node_modules/maildev`)) return;
  process.stderr.write("peers: installing what Mailproof is measured against (npm ci)\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", 2, "inherit"],
  });
  if (status !== 0) throw new Error(`Failed to install ${folder}: npm ended with ${status}`);
}

/** The URL of a file in one of them. */
export function peer(file) {
  return pathToFileURL(`${folder}node_modules/${file}`).href;
}

/** "maildev 3.0.0, smtp-server …" */
export function peerVersions() {
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
}
