import { expect, test } from "vitest";
import { ContentShelf } from "../../src/store/content-shelf.ts";

test("every content comes back octet for octet, whatever its size and its pieces", () => {
  const shelf = new ContentShelf();
  const sizes = [0, 1, 5, 2048, 16_384, 16_385, 65_536, 300_000];
  const stored = Array.from({ length: 200 }, (_, at) => {
    const octets = Uint8Array.from(
      { length: sizes[at % sizes.length]! },
      (_, index) => (index * 7 + at) % 256,
    );
    const cut = Math.floor(octets.length / ((at % 3) + 1));
    return { octets, content: shelf.put([octets.subarray(0, cut), octets.subarray(cut)]) };
  });
  for (const { octets, content } of stored) {
    expect(content.length).toBe(octets.length);
    expect(Buffer.compare(content.octets(), octets)).toBe(0);
    expect(Buffer.compare(content.octets(), octets), "once more").toBe(0);
  }
});

test("small contents share a buffer, each in a place of its own", () => {
  const shelf = new ContentShelf();
  const [first, second] = ["ab", "cde"].map((text) => shelf.put([new TextEncoder().encode(text)]).octets());
  expect(second!.buffer).toBe(first!.buffer);
  expect(second!.byteOffset).toBe(first!.byteOffset + 2);
});

test.each([
  { name: "pieces that fill their buffers are kept as they are", spare: 0, isKept: true },
  { name: "a piece that would keep a larger buffer alive is copied", spare: 100_000, isKept: false },
])("$name", ({ spare, isKept }) => {
  const buffer = new Uint8Array(50_000 + spare);
  const octets = new ContentShelf().put([buffer.subarray(0, 50_000)]).octets();
  expect(octets).toHaveLength(50_000);
  expect(octets.buffer === buffer.buffer).toBe(isKept);
});
