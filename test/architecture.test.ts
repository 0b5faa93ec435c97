/** The conventions of the house, checked: which room may import what, and how its files look. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { expect, test } from "vitest";

interface Room {
  /** Whose `mod.ts` it may use. */
  readonly rooms?: readonly string[];
  /** Whose `mod.ts` it may take types from. */
  readonly types?: readonly string[];
  /** npm packages. */
  readonly packages?: readonly string[];
  /** npm packages that only one of its files may import. */
  readonly packagesOf?: Readonly<Record<string, readonly string[]>>;
  /** The files that are used from outside. Default: `mod.ts`. */
  readonly faces?: readonly string[];
  /** Whether it may import `node:` modules. */
  readonly node?: true;
  /** Whether it may take types from `api/contract.ts`, which says what goes over HTTP. */
  readonly contract?: true;
  /** Whether it may start the whole: `mailproof.ts` and `options.ts`. */
  readonly composition?: true;
}

const everyRoom = ["notation", "smtp", "mail", "faults", "store", "server", "providers", "api", "sdk"];

/** Imports go down only. What a room does not have here, it may not import. */
const rooms: Readonly<Record<string, Room>> = {
  // 0: pure
  notation: { packages: ["re2js"] },
  smtp: {},
  mail: { packages: ["postal-mime", "htmlparser2", "linkify-it"] },
  // 1: memory, mischief
  faults: { rooms: ["notation"], types: ["smtp"] },
  store: { rooms: ["notation", "smtp", "mail"] },
  // 2: edges
  server: {
    rooms: ["smtp", "faults"],
    types: ["store"],
    packages: ["selfsigned", "@hono/node-server", "nodemailer"],
    node: true,
  },
  providers: { types: ["faults", "server"] },
  api: {
    rooms: ["notation", "store", "faults", "providers"],
    types: everyRoom,
    packages: ["hono", "valibot"],
  },
  sdk: { rooms: ["notation"], contract: true, packagesOf: { "msw.ts": ["msw"] } },
  // 4: faces
  cli: {
    rooms: ["notation", "faults", "sdk"],
    packages: ["nodemailer"],
    node: true,
    contract: true,
    composition: true,
    faces: ["main.ts"],
  },
  entries: {
    rooms: ["sdk"],
    packagesOf: { "vitest.ts": ["vitest"], "playwright.ts": ["@playwright/test"] },
    composition: true,
    faces: ["vitest.ts", "playwright.ts"],
  },
};

/** 3: the files between, which make every part once. */
const composition = ["mailproof", "listeners", "options", "option-checks"].map((name) => `src/${name}.ts`);

const root = join(import.meta.dirname, "..");
const sources = ["src", "web", "test"]
  .flatMap(filesIn)
  .filter((file) => /\.(ts|tsx|mjs|css|html)$/.test(file));
const own = sources.filter((file) => !file.endsWith(".gen.ts"));
const src = own.filter((file) => file.startsWith("src/"));

test("arrows: a room imports only what its row allows", () => {
  const wrong = [...src, ...own.filter((file) => file.startsWith("web/"))].flatMap((file) =>
    importsOf(file)
      .filter((one) => !isAllowed(file, one))
      .map(({ specifier, typeOnly }) => `${file}: ${typeOnly ? "type " : ""}${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test("arrows: the check itself refuses what is wrong", () => {
  const value = (specifier: string): Import => ({ specifier, typeOnly: false });
  const type = (specifier: string): Import => ({ specifier, typeOnly: true });
  expect(isAllowed("src/smtp/session.ts", value("node:net"))).toBe(false);
  expect(isAllowed("src/smtp/session.ts", value("hono"))).toBe(false);
  expect(isAllowed("src/faults/engine.ts", value("../smtp/mod.ts"))).toBe(false);
  expect(isAllowed("src/faults/engine.ts", type("../smtp/mod.ts"))).toBe(true);
  expect(isAllowed("src/faults/engine.ts", type("../smtp/reply.ts"))).toBe(false);
  expect(isAllowed("src/api/guard.ts", value("node:crypto"))).toBe(false);
  expect(isAllowed("src/sdk/client.ts", value("../api/contract.ts"))).toBe(false);
  expect(isAllowed("src/sdk/client.ts", type("../api/contract.ts"))).toBe(true);
  expect(isAllowed("src/server/wire.ts", value("../api/mod.ts"))).toBe(false);
  expect(isAllowed("src/cli/serve.ts", value("../store/mod.ts"))).toBe(false);
  expect(isAllowed("src/entries/vitest.ts", value("vitest"))).toBe(true);
  expect(isAllowed("src/entries/inbox.ts", value("vitest"))).toBe(false);
  expect(isAllowed("src/entries/playwright.ts", type("vitest"))).toBe(false);
  expect(isAllowed("src/sdk/msw.ts", value("msw"))).toBe(true);
  expect(isAllowed("src/sdk/client.ts", value("msw"))).toBe(false);
  expect(isAllowed("src/providers/resend/resend.ts", value("../../server/mod.ts"))).toBe(false);
  expect(isAllowed("web/src/app.tsx", value("../../src/sdk/mod.ts"))).toBe(false);
});

test("commands: none that asks a running server loads one", () => {
  const loaded = new Set(["src/cli/main.ts"]);
  for (const file of loaded) {
    for (const { specifier, typeOnly, lazy } of importsOf(file)) {
      if (!typeOnly && !lazy && specifier.startsWith("."))
        loaded.add(posix.join(posix.dirname(file), specifier));
    }
  }
  expect(loaded).toContain("src/cli/commands/list.ts");
  expect(
    [...loaded].filter((file) => /^src\/(mailproof\.ts|server\/|api\/|store\/|mail\/|smtp\/)/.test(file)),
  ).toEqual([]);
});

test("files: none is longer than 400 lines", () => {
  const long = [...own, "build.mjs"].filter((file) => read(file).split("\n").length > 401);
  expect(long).toEqual([]);
});

test("files: none is a drawer", () => {
  const drawer = /^(utils?|helpers?|common|types|misc|shared)$/;
  const drawers = own.filter((file) =>
    file.split("/").some((part) => drawer.test(part.replace(/\..*$/, ""))),
  );
  expect(drawers).toEqual([]);
});

test("rooms: each has a row, a face and a description", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(rooms).sort());
  const faces = Object.entries(rooms).flatMap(([room, { faces = ["mod.ts"] }]) =>
    faces.map((face) => `src/${room}/${face}`),
  );
  expect(faces.filter((face) => !/^(#!.*\n)?\/\*\*/.test(read(face)))).toEqual([]);
  expect(src.filter((file) => /^export \*/m.test(read(file)))).toEqual([]);
});

test("exports: each is imported somewhere", () => {
  const imported = new Set<string>();
  for (const file of ["mod.ts", ...own]) {
    for (const { specifier, names = null } of importsOf(file)) {
      const target = posix.join(posix.dirname(file), specifier);
      const all = src.includes(target) ? exportsOf(target) : [];
      for (const name of names ?? all) imported.add(`${target}: ${name}`);
    }
  }
  // Users import from these.
  const open = /^src\/(api\/contract\.ts$|sdk\/(matchers|msw)\.ts$|cli\/main\.ts$|entries\/)/;
  // Types that a file declares do not count: they say what its functions take and give.
  const checked = src.filter((file) => !open.test(file));
  const all = checked.flatMap((file) => exportsOf(file).map((name) => `${file}: ${name}`));
  expect(all.filter((one) => !imported.has(one))).toEqual([]);
});

test("language: only what type stripping can take, no any, no using", () => {
  // The compiler refuses enums, namespaces and parameter properties.
  expect(JSON.parse(read("tsconfig.json")).compilerOptions.erasableSyntaxOnly).toBe(true);
  const banned = /\busing\s+\w+\s*=|[:<|&,]\s*any\b(?!\s*[:(])|\bas any\b/;
  expect(src.filter((file) => banned.test(code(file)))).toEqual([]);
});

test("language: time and chance are inputs of the pure rooms", () => {
  const ambient =
    /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|crypto\.)/;
  const pure = src.filter((file) => /^src\/(notation|smtp|mail|faults)\//.test(file));
  expect(pure.filter((file) => ambient.test(code(file)))).toEqual([]);
});

test("language: signals are not joined by what a signal that lives long would remember", () => {
  expect(src.filter((file) => code(file).includes("AbortSignal.any"))).toEqual([]);
});

test("packages: deno.json and package.json agree", () => {
  const npm = JSON.parse(read("package.json"));
  const jsr = JSON.parse(read("deno.json"));
  expect(jsr.version).toBe(npm.version);
  expect(read("src/mailproof.ts")).toContain(`export const version = "${npm.version}";`);
  expect(jsr.license).toBe(npm.license);

  // Entries of test runners that come from npm; JSR would refuse the types that they add to a runner.
  const npmOnly = ["./vitest", "./playwright"];
  expect(Object.keys(npm.exports)).toEqual(expect.arrayContaining(npmOnly));
  const published = Object.entries(npm.exports as Record<string, string | { default: string }>)
    .filter(([name]) => name !== "./package.json" && !npmOnly.includes(name))
    .map(([name, target]) => [name, typeof target === "string" ? target : target.default]);
  const fromSource = Object.entries(jsr.exports as Record<string, string>).map(([name, file]) => [
    name,
    file.replace(/^\./, "./dist").replace(/\.ts$/, ".js"),
  ]);
  expect(Object.fromEntries(fromSource)).toEqual(Object.fromEntries(published));

  // The entry for MSW is on JSR, too.
  const dependencies = Object.entries({ ...npm.dependencies, msw: npm.devDependencies.msw });
  expect(jsr.imports).toEqual(
    Object.fromEntries(dependencies.map(([name, range]) => [name, `npm:${name}@${range}`])),
  );
});

test("packages: what an entry imports of a runner is an optional peer", () => {
  const { peerDependencies, peerDependenciesMeta, dependencies } = JSON.parse(read("package.json"));
  const peers = Object.values(rooms)
    .flatMap(({ packagesOf = {} }) => Object.values(packagesOf).flat())
    .sort();
  expect(Object.keys(peerDependencies).sort()).toEqual(peers);
  expect(peers.filter((name) => !peerDependenciesMeta[name]?.optional || name in dependencies)).toEqual([]);
});

test("packages: the lock files know every dependency", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const declared = Object.keys({ ...dependencies, ...devDependencies }).sort();
  const names = (specifiers: string[]) =>
    specifiers.map((text) => text.replace(/^npm:(.+)@.*$/, "$1")).sort();
  const { packageJson, dependencies: imports } = JSON.parse(read("deno.lock")).workspace;
  expect(names(packageJson.dependencies)).toEqual(declared);
  expect(names(imports)).toEqual([...Object.keys(dependencies), "msw"].sort());

  // Also the packages of other platforms, without which `npm ci` refuses the file.
  const { packages } = JSON.parse(read("package-lock.json"));
  const platforms = Object.values(packages as Record<string, { optionalDependencies?: object }>).flatMap(
    ({ optionalDependencies = {} }) => Object.keys(optionalDependencies),
  );
  expect(platforms.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});

test("texts: nothing tells of the place where it was written", () => {
  const traces = [["", "work", ""].join("/"), ["..", "shared"].join("/"), ["CONTRACT", "md"].join(".")];
  const texts = [
    ...sources,
    ...readdirSync(root).filter((name) => /\.(md|json|mjs|toml|yml)$|^Dockerfile$/.test(name)),
  ];
  expect(texts.filter((file) => traces.some((trace) => read(file).includes(trace)))).toEqual([]);
});

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Null: all that are there. */
  readonly names?: readonly string[] | null;
  /** Only when the line is reached. */
  readonly lazy?: true;
}

function isAllowed(file: string, { specifier, typeOnly }: Import): boolean {
  const inWeb = file.startsWith("web/");
  const room = rooms[file.split("/")[1] ?? ""] ?? {};
  if (!specifier.startsWith(".")) {
    // The page is built by Vite from its own packages; its build scripts run on Node.
    if (inWeb) return true;
    if (specifier.startsWith("node:")) return room.node === true;
    const packages = [...(room.packages ?? []), ...(room.packagesOf?.[posix.basename(file)] ?? [])];
    return packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  }
  const target = posix.join(posix.dirname(file), specifier);
  if (inWeb) return target.startsWith("web/") || (typeOnly && target === "src/api/contract.ts");
  if (posix.dirname(target) === "src")
    return composition.includes(target) && (composition.includes(file) || room.composition === true);
  const [, targetRoom = "", ...rest] = target.split("/");
  if (composition.includes(file)) return everyRoom.includes(targetRoom) && rest.join("/") === "mod.ts";
  if (target.startsWith(`src/${file.split("/")[1]}/`)) return true;
  if (target === "src/api/contract.ts") return typeOnly && room.contract === true;
  // It names the files that define what goes over HTTP, so that the page need not load whole rooms.
  if (file === "src/api/contract.ts") return typeOnly && ["faults", "store", "smtp"].includes(targetRoom);
  const isFace = rest.join("/") === "mod.ts";
  return (
    isFace &&
    (room.rooms?.includes(targetRoom) === true || (typeOnly && room.types?.includes(targetRoom) === true))
  );
}

/** Static and dynamic imports and re-exports; `typeOnly` if every name in it is a type. */
function importsOf(file: string): Import[] {
  const text = withoutComments(read(file));
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:([^"';]*?)\s+from\s+)?["']([^"']+)["']/gm,
  );
  const found = [...statements].map(([, type, names = "", specifier = ""]): Import => {
    const named = /\{([\s\S]*)\}/.exec(names)?.[1];
    const allTypes = named !== undefined && !/(?:^|,)\s*(?!type )\w/.test(named) && /^\s*\{/.test(names);
    return {
      specifier,
      typeOnly: type !== undefined || allTypes,
      names: named === undefined ? null : namesIn(named),
    };
  });
  const dynamic = [...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g)];
  return [
    ...found,
    ...dynamic.map(([, specifier = ""]) => ({ specifier, typeOnly: false, lazy: true as const })),
  ];
}

/** Values that a file declares for others, and all that a face passes on. */
function exportsOf(file: string): string[] {
  const text = withoutComments(read(file));
  const declared = text.matchAll(/^export (?:async )?(?:const|class|function\*?) (\w+)/gm);
  const passedOn = text.matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  return [
    ...[...declared].map(([, name = ""]) => name),
    ...[...passedOn].flatMap(([, list = ""]) => namesIn(list)),
  ];
}

/** `type A, b as c`: A and b. */
function namesIn(list: string): string[] {
  return [...list.matchAll(/(?:^|,)\s*(?:type )?(\w+)/g)].map(([, name = ""]) => name);
}

/** Without comments and what stands in quotes. */
function code(file: string): string {
  return withoutComments(read(file)).replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
    '""',
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[\s;{}(,])\/\/.*$/gm, "$1");
}

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join("/"),
    );
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
