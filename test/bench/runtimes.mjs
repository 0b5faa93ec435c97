/** How each runtime runs the program, a file and nothing at all. */
export const runtimes = [
  {
    name: "node",
    command: process.execPath,
    run: (file) => [file],
    nothing: ["-e", "0"],
    program: "dist/src/cli/main.js",
    library: "dist/mod.js",
  },
  {
    name: "deno",
    command: "node_modules/.bin/deno",
    run: (file, permission = "--allow-net") => ["run", permission, file],
    nothing: ["eval", "0"],
    program: "src/cli/main.ts",
    library: "mod.ts",
  },
  {
    name: "bun",
    command: "node_modules/.bin/bun",
    run: (file) => [file],
    nothing: ["-e", "0"],
    program: "src/cli/main.ts",
    library: "mod.ts",
  },
];
