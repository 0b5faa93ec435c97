/** The package on the other runtimes: installed by Bun, run by Deno from npm's folder, and by Deno from its sources. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programs } from "./programs.ts";
import { emptyProject, installedProject, manifest, type Project, pack, root } from "./project.ts";

const bin = (name: string): string => join(root, "node_modules/.bin", name);
const sent = { code: 0, out: '["481516","https://example.test/start"]\n200\n', err: "" };

describe("Bun", { timeout: 60_000 }, () => {
  let project: Project;
  beforeAll(async () => {
    project = emptyProject();
    const { tarball } = await pack(project.folder);
    const dependencies = { mailproof: `file:${tarball}`, nodemailer: "*" };
    project.write("package.json", JSON.stringify({ name: "project", private: true, dependencies }));
    expect(await project.run(bin("bun"), ["install"])).toMatchObject({ code: 0 });
    project.write("send.mjs", programs["send.mjs"]);
  }, 120_000);
  afterAll(() => project?.remove());

  test("bun install, and then a server, a mail over TLS, a wait, the page", async () => {
    expect(await project.run(bin("bun"), ["send.mjs"])).toEqual(sent);
  });

  test("bunx mailproof", async () => {
    const said = { code: 0, out: `mailproof ${manifest.version}\n` };
    expect(await project.run(bin("bun"), ["x", "--bun", "mailproof", "--version"])).toMatchObject(said);
  });
});

describe("Deno, with no permission but the network", { timeout: 60_000 }, () => {
  const send = `
    import { startMailproof } from "mailproof";
    import { matchers } from "mailproof/matchers";
    const mail = await startMailproof();
    const reply = await Deno.connect({ port: mail.smtp.port });
    const greeting = new Uint8Array(512);
    const length = await reply.read(greeting);
    console.log(new TextDecoder().decode(greeting.subarray(0, length ?? 0)).slice(0, 4), typeof matchers.toHaveReceived);
    reply.close();
    await mail.close();
  `;
  const said = { code: 0, out: "220  function\n", err: "" };
  const args = ["run", "--allow-net", "--no-prompt", "--quiet"];

  test("a project that npm has installed it in", async () => {
    const project = await installedProject();
    try {
      project.write("send.ts", send);
      expect(await project.run(bin("deno"), [...args, "send.ts"])).toEqual(said);
    } finally {
      project.remove();
    }
  });

  test("a project whose import map names the sources", async () => {
    const project = emptyProject();
    try {
      const imports = {
        mailproof: join(root, "mod.ts"),
        "mailproof/matchers": join(root, "src/sdk/matchers.ts"),
      };
      project.write("deno.json", JSON.stringify({ imports }));
      project.write("send.ts", send);
      expect(await project.run(bin("deno"), [...args, "--check", "send.ts"])).toEqual(said);
    } finally {
      project.remove();
    }
  });
});
