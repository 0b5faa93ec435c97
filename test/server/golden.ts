/**
 * What happens between a client and a server with a preset, octet for octet. A transcript is what both do,
 * line by line; the stage plays the client over a real socket and writes down what comes in the same notation,
 * so that the two can be compared as text.
 *
 *     # a remark; `# starttls: offer` also sets an option of the server
 *     F: greylisting              the preset is in force from now on
 *     O:                          the client opens a connection, and goes on with that one
 *     C: NOOP {x*505}\x00         a client's line, CRLF is added; {x*n} repeats
 *     C| raw\n                    octets as they stand, nothing is added
 *     H:                          the client says no more: it sends FIN
 *     T: 5m                       the clock of faults goes on; after a move of the client: once a rule has fired
 *     R: 100                      what follows, up to `R:`, a hundred times; {#} counts
 *     S: 250 2.0.0 Ok             the server's line
 *     S| 250 Ok\n                 octets of the server that are no plain line
 *     L: certificate expired      the client shakes hands; what it meets
 *     N:                          nothing comes, and the connection stays open
 *     X: fin                      how the server ends it: fin, reset; at once: refused
 *     M: m1 a@c.test > b@s.test accepted    one line for each message that is kept
 */

/** One line of a transcript, or several of the server's octets or of messages, which are seen together. */
export interface Step {
  readonly mark: string;
  /** Behind the mark; of octets, as characters. */
  readonly text: string;
  /** As they stand in the transcript. */
  readonly lines: readonly string[];
}

export interface Transcript {
  readonly options: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
}

/** Those that are one observation where they stand together. */
const gathered = new Set(["S", "M"]);

export function parseTranscript(text: string): Transcript {
  const options = new Map<string, string>();
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const [, key, value] = /^# ([a-z-]+): (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) options.set(key, value);
    else if (line !== "" && !line.startsWith("#")) lines.push(line);
  }
  const steps: Step[] = [];
  for (const line of repeated(lines)) {
    const [, mark, kind, rest] = /^([A-Z])([:|])(?: (.*))?$/.exec(line) ?? [];
    if (mark === undefined || !"FOCHTSLNXM".includes(mark)) {
      throw new Error(`Failed to read the transcript: "${line}"; begin it with a mark such as "C: "`);
    }
    const isOctets = mark === "C" || mark === "S";
    const text = isOctets ? `${octetsOf(rest ?? "")}${kind === ":" ? "\r\n" : ""}` : (rest ?? "");
    const last = steps.at(-1);
    if (gathered.has(mark) && last?.mark === mark) {
      steps.splice(-1, 1, { mark, text: last.text + text, lines: [...last.lines, line] });
    } else {
      steps.push({ mark, text, lines: [line] });
    }
  }
  return { options, steps };
}

function repeated(lines: readonly string[]): string[] {
  const begin = lines.findIndex((line) => line.startsWith("R: "));
  if (begin === -1) return [...lines];
  const end = lines.indexOf("R:", begin);
  const body = lines.slice(begin + 1, end);
  const rounds = Array.from({ length: Number(lines[begin]?.slice(3)) }, (_, round) =>
    body.map((line) => line.replaceAll("{#}", String(round + 1))),
  );
  return [...lines.slice(0, begin), ...rounds.flat(), ...repeated(lines.slice(end + 1))];
}

const escapes: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "\\": "\\" };

function octetsOf(text: string): string {
  return text
    .replace(/\{(.)\*(\d+)\}/g, (_, character: string, times: string) => character.repeat(Number(times)))
    .replace(/\\(?:x([0-9a-f]{2})|([rnt\\]))/g, (_, hex: string | undefined, letter: string) =>
      hex === undefined ? (escapes[letter] ?? "") : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** Octets of the server, as characters, in the notation. */
export function linesOf(octets: string): string[] {
  return (octets.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const plain = /^([\x20-\x7e]*)\r\n$/.exec(line)?.[1];
    return plain === undefined || plain.includes("\\") ? `S| ${shown(line)}` : `S: ${shown(plain)}`;
  });
}

function shown(octets: string): string {
  return octets
    .replace(/[\\\r\n\t]|[^\x20-\x7e]/g, (octet) => {
      const letter = Object.keys(escapes).find((name) => escapes[name] === octet);
      return `\\${letter ?? `x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`}`;
    })
    .replace(/([^\\])\1{99,}/g, (run, character: string) => `{${character}*${run.length}}`);
}
