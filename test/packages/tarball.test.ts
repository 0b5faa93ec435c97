/** What `npm pack` packs: all that is wanted and nothing else, and how the package describes it. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyProject, manifest, type Packed, type Project, pack, root } from "./project.ts";

let project: Project;
let packed: Packed;
beforeAll(async () => {
  project = emptyProject();
  packed = await pack(project.folder);
});
afterAll(() => project.remove());

const paths = (): string[] => packed.files.map(({ path }) => path).sort();
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => posix.join(file.parentPath.slice(root.length + 1), file.name));

test("files: the types of each source, the entries and what they share, the documents, and nothing else", () => {
  const types = ["mod.ts", ...filesIn("src")].map((file) => `dist/${file.replace(/\.ts$/, "")}.d.ts`);
  const entries = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [posix.normalize(entry.default)],
  );
  const shared = paths().filter((path) => /^dist\/src\/chunks\/[\w.]+\.js$/.test(path));
  const texts = ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "package.json"];
  expect(paths()).toEqual([...types, ...entries, ...shared, ...filesIn("docs"), ...texts].sort());
});

test("files: none names a source map, and the program can be executed", () => {
  const programs = packed.files.filter(({ path }) => path.endsWith(".js"));
  const mapped = programs.filter(({ path }) =>
    readFileSync(join(root, path), "utf8").includes("sourceMappingURL"),
  );
  expect(mapped).toEqual([]);
  const binaries = Object.values(manifest.bin).map((file) => posix.normalize(file));
  const executable = packed.files.filter(({ mode }) => (mode & 0o111) === 0o111).map(({ path }) => path);
  expect(executable).toEqual(binaries);
});

test("documents: what they link to is in the package", () => {
  const documents = paths().filter((path) => path.endsWith(".md"));
  const dead = documents.flatMap((document) => {
    const links = [...readFileSync(join(root, document), "utf8").matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)];
    return links
      .map(([, link = ""]) => posix.join(posix.dirname(document), link))
      .filter((path) => !paths().includes(path))
      .map((path) => `${document}: ${path}`);
  });
  expect(dead).toEqual([]);
});

test("documents: the README installs the tarball by the name that it has", () => {
  const named = readFileSync(join(root, "README.md"), "utf8").match(/mailproof-\d[\w.-]*\.tgz/g);
  expect([...new Set(named)]).toEqual([posix.basename(packed.tarball)]);
});

test("publint: nothing to complain of, not even a suggestion", async () => {
  const tarball = new Uint8Array(readFileSync(packed.tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("prepack: builds what is packed, and needs no git", { timeout: 120_000 }, async () => {
  const clone = emptyProject();
  try {
    for (const file of [
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "tsconfig.build.json",
      "build.mjs",
    ]) {
      cpSync(join(root, file), join(clone.folder, file));
    }
    for (const path of ["mod.ts", "src", "docs", "web", ...paths().filter((path) => !path.includes("/"))]) {
      cpSync(join(root, path), join(clone.folder, path), { recursive: true });
    }
    mkdirSync(join(clone.folder, "node_modules"));
    for (const name of readdirSync(join(root, "node_modules"))) {
      const isRecord = name === ".mailproof-build.json" || name === ".cache";
      if (!isRecord) symlinkSync(join(root, "node_modules", name), join(clone.folder, "node_modules", name));
    }
    expect(existsSync(join(clone.folder, ".git"))).toBe(false);
    const { files } = await pack(clone.folder, clone.folder, true);
    expect(files.map(({ path }) => path).sort()).toEqual(paths());
  } finally {
    clone.remove();
  }
});
