import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clientOctets, expected, parseDialogue, play, playPipelined } from "./dialogue.ts";

const folder = new URL("transcripts/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const dialogue = parseDialogue(readFileSync(new URL(file, folder), "utf8"));

  describe(`dialogue ${file.replace(".txt", "")}: ${dialogue.rows}`, () => {
    test("whole", () => {
      expect(play(dialogue, (octets) => [octets])).toEqual(expected(dialogue));
    });

    test("one octet at a time", () => {
      const seen = play(dialogue, (octets) => [...octets]);
      expect(withoutTiming(seen)).toEqual(withoutTiming(expected(dialogue)));
    });

    test("cut in two at every place", { timeout: 120_000 }, () => {
      const { length } = clientOctets(dialogue);
      for (let place = 1; place < length; place += 1) {
        let sent = 0;
        const seen = play(dialogue, (octets) => {
          const at = place - sent;
          sent += octets.length;
          return at > 0 && at < octets.length ? [octets.slice(0, at), octets.slice(at)] : [octets];
        });
        expect(withoutTiming(seen), `cut at octet ${place}`).toEqual(withoutTiming(expected(dialogue)));
      }
    });

    if (dialogue.canPipeline) {
      test("pipelined", () => {
        expect(withoutTiming(playPipelined(dialogue))).toEqual(withoutTiming(expected(dialogue)));
      });
    }
  });
}

/** Warnings that tell how the input was cut, and so differ between the ways of sending. */
function withoutTiming(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    if (!line.startsWith("W: ")) return [line];
    const names = line
      .slice(3)
      .split(" ")
      .filter((name) => !name.startsWith("pipelined-"));
    return names.length === 0 ? [] : [`W: ${names.join(" ")}`];
  });
}
