/**
 * What Mailproof should reach, and what it did: each target is a column of the rows of a suite, and a bound, which
 * may be a column too. On more than one runtime, each is compared.
 */
import { cell } from "./figures.mjs";
import { loads } from "./loads.mjs";

const [open, single, large] = loads.map(({ name }) => name);

const targets = [
  ...ofThroughput(open, { "of bare": 0.8, "of smtp-sink": 0.7, "× MailDev": 8 }),
  ...ofThroughput(single, { "of bare": 0.8, "of smtp-sink": 0.55, "× MailDev": 50 }),
  ...ofThroughput(large, { "of bare": 0.9, "of smtp-sink": 1, "× MailDev": 8 }),
  ...[open, single, large].flatMap((load) => [
    {
      suite: "idle",
      what: `${load}: with 1,000 idle connections`,
      of: { load },
      column: "of without",
      atLeast: 0.9,
    },
    {
      suite: "full",
      what: `${load}: with 1,000 rules, 10 listeners, 100,000 messages`,
      of: { load },
      column: "of without",
      atLeast: 0.85,
    },
  ]),
  ...[open, single].map((load) => ({
    suite: "growth",
    what: `${load}: with 100,000 held, of that with 1,000`,
    of: { load },
    column: "last of first",
    atLeast: 0.9,
  })),
  {
    suite: "memory",
    what: "100,000 messages of 2 KiB, MB",
    column: "MB settled",
    atMost: "limit, MB",
  },
  { suite: "reading", what: "list page, ms", of: { what: /^list/ }, column: "ms median", atMost: 5 },
  {
    suite: "reading",
    what: "search by sender, ms",
    of: { what: /^sender/ },
    column: "ms median",
    atMost: 20,
  },
  { suite: "reading", what: "search for a word, ms", of: { what: /word/ }, column: "ms median", atMost: 150 },
  { suite: "waits", what: "send to resolved wait, ms", column: "send to wait", atMost: 3 },
  { suite: "waits", what: "send to resolved wait, p99, ms", column: "p99 of it", atMost: 8 },
  {
    suite: "start",
    what: "startMailproof() in a warm process, ms",
    column: "startMailproof(), later",
    atMost: 10,
  },
  {
    suite: "start",
    what: "command to greeting, ms",
    column: "command to greeting",
    atMost: "limit for the command",
  },
  { suite: "soak", what: "rise of memory after the first tenth", column: "rise of it", atMost: 0.05 },
];

function ofThroughput(load, bounds) {
  return Object.entries(bounds).map(([column, atLeast]) => ({
    suite: "throughput",
    what: `${load}: ${column}`,
    of: { load },
    column,
    atLeast,
  }));
}

/** One row for each target of the suites that ran; `results` is rows by suite. */
export function summarize(results) {
  return targets.flatMap((target) => {
    const rows = results.get(target.suite)?.filter((row) => isOf(target, row)) ?? [];
    return rows.length === 0 ? [] : [compare(target, rows)];
  });
}

function isOf({ of = {} }, row) {
  if (row.server !== undefined && row.server !== "Mailproof") return false;
  return Object.entries(of).every(([name, wanted]) =>
    wanted instanceof RegExp ? wanted.test(row[name]) : row[name] === wanted,
  );
}

function compare({ what, column, atLeast, atMost }, rows) {
  const boundOf = (row) => (typeof atMost === "string" ? row[atMost] : (atMost ?? atLeast));
  const missed = rows.filter((row) =>
    atLeast === undefined ? row[column] > boundOf(row) : row[column] < boundOf(row),
  );
  const sign = atLeast === undefined ? "≤" : "≥";
  const label = ({ what, runtime }) => [what, runtime].filter(Boolean).join(" on ");
  const each = (of) =>
    rows.length === 1 ? cell(of(rows[0])) : rows.map((row) => `${label(row)} ${cell(of(row))}`).join("; ");
  return {
    what,
    measured: each((row) => row[column]),
    target: `${sign} ${typeof atMost === "string" ? each(boundOf) : cell(boundOf(rows[0]))}`,
    met: missed.length === 0 ? "yes" : rows.length === 1 ? "no" : `no: ${missed.map(label).join("; ")}`,
  };
}
