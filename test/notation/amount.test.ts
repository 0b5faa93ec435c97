import { expect, test } from "vitest";
import { formatDuration, parseDuration, parseSize } from "../../src/notation/mod.ts";

test.each([
  [0, 0],
  [250, 250],
  [1.5, 1.5],
  ["500", 500],
  ["250ms", 250],
  ["10s", 10_000],
  ["1.5s", 1_500],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["0s", 0],
  [" 10s ", 10_000],
])("duration: %j is %d ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "s", "5x", "-5s", "5 s", "1e3", ".5s", "5.", "10S", "1m30s", "Infinity"])(
  "duration: %j is a TypeError that says what to write",
  (text) => {
    expect(() => parseDuration(text)).toThrow(
      new TypeError(
        `Failed to parse the duration: ${JSON.stringify(text)}; use a number of milliseconds or 250ms, 10s, 5m, 2h`,
      ),
    );
  },
);

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("duration: the number %d is a RangeError", (number) => {
  expect(() => parseDuration(number)).toThrow(RangeError);
});

test.each([
  [0, "0ms"],
  [250, "250ms"],
  [1_000, "1s"],
  [0.5, "0.5ms"],
  [300_000, "5m"],
  [7_200_000, "2h"],
])("duration: %d ms is written %s and read back", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  [1_500, "1s 500ms"],
  [90_000, "1m 30s"],
  [3_600_001, "1h 1ms"],
  [7_261_010, "2h 1m 1s 10ms"],
  [360_000_000, "100h"],
])("duration: %d ms is written %s for a reader", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [0, 0],
  [1000, 1000],
  ["1000", 1000],
  ["10k", 10_240],
  ["10K", 10_240],
  ["50M", 52_428_800],
  ["50m", 52_428_800],
  ["1G", 1_073_741_824],
  ["1.5k", 1_536],
  ["0.3k", 307],
])("size: %j is %d octets", (text, octets) => {
  expect(parseSize(text)).toBe(octets);
});

test.each(["", "k", "10kb", "10 k", "-1k", "1T", "ten"])(
  "size: %j is a TypeError that says what to write",
  (text) => {
    expect(() => parseSize(text)).toThrow(
      new TypeError(
        `Failed to parse the size: ${JSON.stringify(text)}; use a number of octets or 10k, 50M, 1G`,
      ),
    );
  },
);

test.each([-1, 1.5, Number.NaN, 2 ** 60])("size: the number %d is a RangeError", (number) => {
  expect(() => parseSize(number)).toThrow(RangeError);
});
