/** The types of the installed package, as the compilers of its users resolve and check them. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetched } from "./fetched.ts";
import { entries, installedProject, own, type Project, peers, root } from "./project.ts";

const compilers = [
  { name: "TypeScript 7", folder: join(root, "node_modules/typescript") },
  { name: "TypeScript 5", folder: await fetched("typescript", "5") },
];

const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--types", "node"];
const consumers = [
  {
    name: "an ES module, nodenext, declarations checked too",
    file: "module.mts",
    flags: ["--module", "nodenext", "--skipLibCheck", "false"],
  },
  { name: "CommonJS, nodenext", file: "common.cts", flags: ["--module", "nodenext", "--skipLibCheck"] },
  {
    name: "an application that is bundled",
    file: "module.mts",
    flags: ["--module", "preserve", "--moduleResolution", "bundler", "--target", "es2022", "--skipLibCheck"],
  },
  {
    name: "an ES module of Node 16's rules, target es2022",
    file: "module.mts",
    flags: ["--module", "node16", "--target", "es2022", "--skipLibCheck"],
  },
];

const use = `
  const mail: Mailproof = await startMailproof({ starttls: "offer", faults: ["mailbox-full"] });
  const message: Message = await mail.waitFor({ subject: /welcome/i }, { timeout: "1s" });
  const code: string = message.code();
  // @ts-expect-error: a message has no such field
  message.body;
  // @ts-expect-error: nor has the filter
  await mail.waitFor({ recipient: "ada@example.test" });
  await mail[Symbol.asyncDispose]();
`;
const imports = `import { type Mailproof, type Message, startMailproof } from "mailproof";`;
/** Each entry is there, and is not any. */
const all = entries
  .map(
    (entry, index) => `
      import * as entry${index} from "${entry}";
      export const is${index}: 0 extends 1 & typeof entry${index} ? "any" : "typed" = "typed";
    `,
  )
  .join("");

let project: Project;
beforeAll(async () => {
  project = await installedProject([...peers.map(([name]) => own(name)), own("@types/node")]);
  project.write("module.mts", `${imports}${all}${use}`);
  project.write("common.cts", `${imports}${all}export const run = async (): Promise<void> => {${use}};`);
}, 120_000);
afterAll(() => project?.remove());

for (const { name, folder } of compilers) {
  describe.skipIf(folder === null)(name, { timeout: 60_000 }, () => {
    for (const { name, file, flags } of consumers) {
      test(name, async () => {
        const tsc = join(folder ?? "", "bin/tsc");
        const { out } = await project.run("node", [tsc, ...options, ...flags, file]);
        // The declarations of peers and dependencies are not ours to mend.
        const ours = out
          .split("\n")
          .filter((line) => /^(module|common|node_modules\/mailproof)\b/.test(line));
        expect(ours).toEqual([]);
      });
    }

    test("what is wrong is found", async () => {
      project.write("wrong.mts", `import { startServer } from "mailproof"; startServer();`);
      const { out } = await project.run("node", [
        join(folder ?? "", "bin/tsc"),
        ...options,
        "--module",
        "nodenext",
        "wrong.mts",
      ]);
      expect(out).toContain(`has no exported member 'startServer'`);
    });
  });
}
