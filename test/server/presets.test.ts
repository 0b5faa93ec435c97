/** Every preset, octet for octet, as one client sees it; the same on every runtime. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { presetNames } from "../../src/faults/mod.ts";
import { parseTranscript } from "./golden.ts";
import { play } from "./stage.ts";

const folder = new URL("presets/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.txt$/, ""));

test("every preset has its transcript", () => {
  expect(names.toSorted()).toEqual(presetNames.toSorted());
});

test.concurrent.each(names)("%s", async (name) => {
  const transcript = parseTranscript(readFileSync(new URL(`${name}.txt`, folder), "utf8"));
  const written = transcript.steps.flatMap(({ lines }) => lines);
  expect(written).toContain(`F: ${name}`);
  expect(await play(transcript)).toEqual(written);
});
