/** Every preset, as clients see it that we did not write; against the started program. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof } from "../../mod.ts";
import { presetNames } from "../../src/faults/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import type { Delivery } from "./client.ts";
import { type Case, cases as plainCases } from "./preset-cases.ts";
import { available, type Program, startProgram } from "./program.ts";
import { providerCases } from "./provider-cases.ts";
import { type Sight, seenBy, type Witness, witnesses } from "./sight.ts";

const cases: Readonly<Record<string, Case>> = { ...plainCases, ...providerCases };

/** So long a client waits for the server. */
const timeout = 2_000;

interface Place {
  readonly program: Program;
  readonly mail: Mailproof;
  readonly ca: string | null;
}

/** Servers that a case has for itself, one after the other. */
class Places {
  readonly #all: Place[] = [];
  readonly #free: Place[] = [];
  readonly #waiting: ((place: Place) => void)[] = [];

  async open(count: number, flags: readonly string[]): Promise<void> {
    const opened = await Promise.all(Array.from({ length: count }, () => openPlace(flags)));
    this.#all.push(...opened);
    this.#free.push(...opened);
  }

  async use<Result>(act: (place: Place) => Promise<Result>): Promise<Result> {
    const place = this.#free.pop() ?? (await new Promise<Place>((resolve) => this.#waiting.push(resolve)));
    try {
      return await act(place);
    } finally {
      await place.mail.reset();
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(place);
      else next(place);
    }
  }

  async close(): Promise<void> {
    for (const { program, mail } of this.#all) {
      await mail.close();
      expect(await program.stop()).toBe(0);
    }
  }
}

async function openPlace(flags: readonly string[]): Promise<Place> {
  const program = await startProgram("node", ["--seed", "golden", "--idle-timeout", "4s", ...flags]);
  const mail = await connectMailproof(program.ready.http.url);
  return { program, mail, ca: mail.tls.ca };
}

const plain = new Places();
const secure = new Places();

beforeAll(async () => {
  await Promise.all([plain.open(4, []), secure.open(1, ["--starttls", "offer"])]);
}, 60_000);

afterAll(async () => {
  await plain.close();
  await secure.close();
});

test("every preset is seen by clients", () => {
  const used = Object.entries(cases).map(([name, { use }]) => use ?? name);
  expect(presetNames.filter((name) => !used.includes(name))).toEqual([]);
});

describe.skipIf(!["python3", "msmtp", "curl"].map(available).every(Boolean))("clients see", () => {
  test.concurrent.each(Object.entries(cases))("%s", { timeout: 60_000 }, async (name, one) => {
    const places = one.tls === true ? secure : plain;
    const seen = await places.use((place) => perform(name, one, place));
    expect(asWritten(seen, one.sees)).toEqual(one.sees);
  });
});

/** What each client tells of its tries, and how many copies of its message the server keeps. */
async function perform(name: string, one: Case, { program, mail, ca }: Place): Promise<string[]> {
  const { port } = program.ready.smtp;
  const crowd = await Promise.all(Array.from({ length: one.crowd ?? 0 }, () => RawClient.greeted(port)));
  if (one.rule === undefined) await mail.faults.use(one.use ?? name, one.but);
  else await mail.faults.add(one.rule);
  if (one.said !== undefined) await say(port, one.said);
  const over = new AbortController();
  const hurry = one.hurries === true ? hurryOn(mail, over.signal) : null;
  const order = (witness: Witness): Delivery => ({
    host: one.tls === true ? "localhost" : "127.0.0.1",
    port,
    tls: one.tls === true ? "starttls" : "none",
    ca: one.tls === true ? ca : null,
    auth: null,
    from: senderOf(witness),
    to: ["b@s.test"],
    subject: name,
    text: "Good morning.",
    attachment: null,
    dsn: false,
    timeout,
    toAll: true,
    ...one.sends,
  });
  const told = await Promise.all(
    witnesses.map(async (witness) => {
      const tries: string[] = [];
      for (let nth = 0; nth < (one.tries ?? 1); nth += 1) tries.push(await seenBy(witness, order(witness)));
      return tries.join(", ");
    }),
  );
  over.abort();
  await hurry;
  for (const client of crowd) client.close();
  await quiet(mail);
  const kept = await mail.messages();
  return witnesses.map((witness, index) => {
    const copies = kept.filter(({ envelope }) => envelope.from === senderOf(witness)).length;
    return copies === 0 ? `${told[index]}` : `${told[index]} +${copies}`;
  });
}

/** What was seen, in the words of the table where it is one of several that it allows. */
function asWritten(seen: readonly string[], sees: Sight): string[] {
  return seen.map((words, index) => {
    const written = sees[index] ?? "";
    return written.split(" or ").includes(words) ? written : words;
  });
}

function senderOf(witness: Witness): string {
  return `${witness.replace(/.* /, "")}@c.test`;
}

/** When all clients have come and waited in vain, an hour goes by again and again. */
async function hurryOn(mail: Mailproof, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const opened = (await mail.sessions()).map(({ openedAt }) => Date.parse(openedAt));
    const allCame = opened.length >= witnesses.length;
    if (allCame && Date.now() > Math.max(...opened) + 2 * timeout) await mail.clock.advance("1h");
  }
}

/** What clients sent before they left is read, unless the server has stalled. */
async function quiet(mail: Mailproof): Promise<void> {
  const end = Date.now() + 1_000;
  const isOpen = async (): Promise<boolean> =>
    (await mail.sessions()).some((session) => session.closedAt === null);
  while (Date.now() < end && (await isOpen())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Someone else was there before. */
async function say(port: number, lines: readonly string[]): Promise<void> {
  const client = await RawClient.greeted(port);
  for (const line of lines) await client.ask(line);
  client.close();
}
