/** The package as npm packs it, and an empty project that has installed it: what its users have. */
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export const root = join(import.meta.dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** The peers, which only some entries want, and the ranges that will do. */
export const peers = Object.entries(manifest.peerDependencies ?? {});

/** What a user can import, such as `mailproof/matchers`; the entry of the command line runs when it is imported. */
export const entries = Object.entries(manifest.exports)
  .filter(([place, target]) => place !== "./cli" && typeof target === "object")
  .map(([place]) => place.replace(/^\./, manifest.name));

/** The entry that only a run of Vitest can import. */
export const ofVitest = "mailproof/vitest";

/** The entries that any program can import. */
export const importable = entries.filter((entry) => entry !== ofVitest);

export type Linked = readonly [name: string, folder: string];

export interface Packed {
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** `npm pack` into this folder. What is packed is what the last build made. */
export async function pack(folder: string, from = root, scripts = false): Promise<Packed> {
  const args = ["pack", "--json", "--pack-destination", folder, ...(scripts ? [] : ["--ignore-scripts"])];
  const { code, out, err } = await run("npm", args, from);
  if (code !== 0) throw new Error(`npm pack ended with ${code}: ${err}`);
  // What the scripts say comes before the report.
  const [report] = JSON.parse(out.slice(out.indexOf("[\n"))) as [
    Omit<Packed, "tarball"> & { filename: string },
  ];
  return { tarball: join(folder, report.filename), files: report.files };
}

export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  /** A program in this folder, for which `node` is this Node. */
  run(command: string, args: readonly string[], node?: string): Promise<Ran>;
  remove(): void;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A project with the package and, beside it, these: name and folder. */
export async function installedProject(linked: readonly Linked[] = []): Promise<Project> {
  const project = emptyProject();
  const { folder } = project;
  project.write("package.json", JSON.stringify({ name: "project", private: true }));
  const { tarball } = await pack(folder);
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, err } = await run("npm", ["install", ...flags, tarball, "nodemailer"], folder);
  if (code !== 0) throw new Error(`npm install ended with ${code}: ${err}`);
  for (const [name, source] of linked) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(realpathSync(source), place);
  }
  return project;
}

/** What this repository has installed. */
export const own = (name: string): Linked => [name, join(root, "node_modules", name)];

export function emptyProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mailproof-project-")));
  const project: Project = {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    run: (command, args, node = process.execPath) => run(command, args, folder, node),
    remove: () => rmSync(folder, { recursive: true }),
  };
  return project;
}

export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  node = process.execPath,
): Promise<Ran> {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, out, err });
    });
  });
}
