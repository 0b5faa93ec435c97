import { expect, test, vi } from "vitest";
import { type Content, ContentShelf, lengthOf, readContent } from "../../src/store/content-shelf.ts";
import { MemoryStore } from "../../src/store/mod.ts";
import { add, noLimits } from "./sample.ts";

/** Octets that tell one content from another. */
function octetsOf(length: number, seed: number): Uint8Array {
  const octets = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) octets[at] = at * 7 + (at >> 8) + seed;
  return octets;
}

test("every content comes back octet for octet, whatever comes and goes around it", () => {
  const shelf = new ContentShelf();
  const sizes = [0, 1, 5, 2048, 16_384, 65_535, 65_536, 65_537, 300_000];
  const stored: { octets: Uint8Array; content: Content }[] = [];
  for (let n = 0; n < 300; n += 1) {
    const octets = octetsOf(sizes[(n * 5) % sizes.length]!, n);
    const cut = Math.floor(octets.length / ((n % 3) + 1));
    stored.push({ octets, content: shelf.put([octets.subarray(0, cut), octets.subarray(cut)]) });
    // Mostly the oldest goes, sometimes one in the middle.
    if (stored.length > 12) shelf.free(stored.splice(n % 4 === 0 ? 5 : 0, 1)[0]!.content);
    for (const one of stored) {
      expect(one.content.length).toBe(one.octets.length);
      expect(Buffer.compare(readContent(one.content), one.octets)).toBe(0);
    }
  }
});

test("blocks are used again when nothing in them is stored any more", () => {
  const shelf = new ContentShelf();
  const blocks = new Set<object>();
  const held: Content[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const content = shelf.put([octetsOf(10_000, n)]);
    held.push(content);
    blocks.add(content.block);
    if (held.length > 50) shelf.free(held.shift()!);
  }
  // 50 contents of 10,000 octets lie in eight blocks of 64 KiB.
  expect(blocks.size).toBeGreaterThan(7);
  expect(blocks.size).toBeLessThan(20);
});

test("the beginning of a content", () => {
  const content = new ContentShelf().put([octetsOf(200_000, 3)]);
  for (const most of [0, 10, 65_536, 100_000, 200_000, 300_000]) {
    expect(Buffer.compare(readContent(content, most), octetsOf(200_000, 3).subarray(0, most))).toBe(0);
  }
});

test("what was read stays what it was when its place is used again", () => {
  const shelf = new ContentShelf();
  const first = shelf.put([octetsOf(10_000, 1)]);
  const octets = readContent(first);
  shelf.free(first);
  for (let n = 0; n < 100; n += 1) shelf.free(shelf.put([octetsOf(10_000, n)]));
  expect(octets).toStrictEqual(octetsOf(10_000, 1));
});

test("after clear the memory is used again, whoever frees what was there before", () => {
  const shelf = new ContentShelf();
  const fill = (seed: number): Content[] =>
    Array.from({ length: 300 }, (_, n) => shelf.put([octetsOf(10_000, n + seed)]));
  const memory = (contents: Content[]) => new Set(contents.map(({ block }) => block.octets.buffer));
  const before = fill(0);
  shelf.clear();
  const after = fill(1);
  for (const content of before) shelf.free(content);
  const later = fill(2);
  expect(memory(before).size).toBeGreaterThan(2);
  expect([...memory(after)].filter((buffer) => !memory(before).has(buffer))).toEqual([]);
  for (const [seed, contents] of [after, later].entries()) {
    for (const [n, content] of contents.entries()) {
      expect(Buffer.compare(readContent(content), octetsOf(10_000, n + seed + 1))).toBe(0);
    }
  }
});

test("few that stay among many that go do not keep a block each, and stay what they are", () => {
  const shelf = new ContentShelf();
  const stay: { octets: Uint8Array; content: Content }[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    // One in 64 stays: of 64 KiB, 1,000 octets. Some of those that stay are larger than a block.
    const octets = octetsOf(n % 100 === 0 ? 70_000 : 1_000, n);
    stay.push({ octets, content: shelf.put([octets]) });
    for (const gone of Array.from({ length: 63 }, () => shelf.put([octetsOf(1_000, n)]))) shelf.free(gone);
    if (shelf.isSparse) for (const one of stay) one.content = shelf.moved(one.content);
  }
  const stored = lengthOf(stay.map(({ octets }) => octets));
  expect(shelf.held).toBeLessThan(4 * stored + 5 * 1024 * 1024);
  for (const { octets, content } of stay) {
    expect(Buffer.compare(readContent(content), octets)).toBe(0);
  }
  for (const { content } of stay) shelf.free(content);
  expect(shelf.isSparse).toBe(false);
});

test("a store has them moved, and each message is what it was", async () => {
  const store = new MemoryStore(noLimits);
  const moved = vi.spyOn(ContentShelf.prototype, "moved");
  const bodies = new Map<string, string>();
  for (let n = 0; n < 4_000; n += 1) {
    const stays = n % 40 === 0;
    const body = `${n} `.repeat(400);
    const { id } = await add(store, { to: [stays ? "stay@x.test" : "gone@x.test"], body });
    if (stays) bodies.set(id, body.trim());
  }
  await store.remove({ filter: { to: "gone@x.test" } });
  expect(moved.mock.calls.some(([content], n) => moved.mock.results[n]?.value !== content)).toBe(true);
  moved.mockRestore();
  for (const [id, body] of bodies) {
    expect(Buffer.from((await store.raw(id)) ?? []).toString()).toContain(body);
  }
});
