/**
 * What was said on a connection, as it was said: client, server, and our remarks. The lines of the transaction
 * that the reader came for stand out, long runs of other transactions are folded, and a pause of half a second
 * or more is written between the lines.
 */
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Session, Transcript, TranscriptLine } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { pulses } from "../model/model.ts";
import { useLoaded } from "../reader/loaded.ts";
import { Copy } from "../text/copy.tsx";
import { count } from "../text/size.ts";
import { span } from "../text/time.ts";
import { Line } from "./line.tsx";

/** While a session is open its lines come without an event; so often we look. */
const beat = 1_500;
/** A shorter run of other transactions is shown as it is. */
const foldable = 7;

export interface SessionView {
  readonly session: Session | null;
  readonly transcript: Transcript | null;
  readonly error: Error | null;
}

/** A session with its transcript, read again when something happens on it. */
export function useSession(id: string): SessionView {
  const pulse = useCell(pulses).get(id) ?? 0;
  const [beats, setBeats] = useState(0);
  const { value, error } = useLoaded(
    id,
    async (signal) => {
      const [session, transcript] = await Promise.all([api.session(id, signal), api.transcript(id, signal)]);
      return { session, transcript };
    },
    pulse + beats,
    true,
  );
  const isOpen = value !== null && value.session.closedAt === null;
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => setBeats((count) => count + 1), beat);
    return () => clearInterval(timer);
  }, [isOpen]);
  return { session: value?.session ?? null, transcript: value?.transcript ?? null, error };
}

interface Props {
  readonly session: Session;
  readonly transcript: Transcript;
  /** Whose lines stand out; null: all are alike. */
  readonly transactionId: string | null;
}

/** Lines that stand together: shown, or folded away. */
interface Run {
  readonly start: number;
  readonly lines: readonly TranscriptLine[];
  readonly folded: boolean;
}

export function Conversation({ session, transcript, transactionId }: Props): VNode {
  const { lines, omitted } = transcript;
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => setUnfolded(new Set()), [session.id, transactionId]);
  const mixed = transactionId !== null && lines.some((line) => line.transactionId !== transactionId);
  return (
    <section class="conversation" aria-label="Conversation">
      <div class="conversation-head">
        <h2>Conversation</h2>
        <span class="dim">
          {count(lines.length + omitted, "line")} · {span(lines.at(-1)?.at ?? 0)}
        </span>
        <span class="legend" aria-hidden="true">
          <span class="who is-c">C</span> client <span class="who is-s">S</span> server
        </span>
        <Copy text={asText(lines)} label="Copy the conversation" />
      </div>
      <ol class={mixed ? "is-mixed" : ""} data-testid="conversation">
        {omitted > 0 && <li class="gap">{omitted} older lines were let go</li>}
        {runsOf(lines, transactionId).map((run) =>
          run.folded && !unfolded.has(run.start) ? (
            <li key={`fold-${run.start}`} class="fold">
              <button type="button" onClick={() => setUnfolded(new Set([...unfolded, run.start]))}>
                {count(run.lines.length, "line")} of other transactions
              </button>
            </li>
          ) : (
            run.lines.map((line, offset) => {
              const index = run.start + offset;
              const ours = mixed && line.transactionId === transactionId;
              return (
                <Line
                  key={index}
                  line={line}
                  pause={line.at - (lines[index - 1]?.at ?? line.at)}
                  ours={ours}
                />
              );
            })
          ),
        )}
        <li class="ending">{endingOf(session)}</li>
      </ol>
    </section>
  );
}

function runsOf(lines: readonly TranscriptLine[], transactionId: string | null): readonly Run[] {
  const isOther = (line: TranscriptLine | undefined): boolean =>
    transactionId !== null && (line?.transactionId ?? transactionId) !== transactionId;
  const starts = lines.flatMap((line, index) =>
    index === 0 || isOther(line) !== isOther(lines[index - 1]) ? [index] : [],
  );
  return starts.map((start, index) => {
    const run = lines.slice(start, starts[index + 1]);
    return { start, lines: run, folded: isOther(run[0]) && run.length >= foldable };
  });
}

function endingOf({ closedAt, closedBy }: Session): string {
  if (closedAt === null) return "still open";
  const by = { client: "the client", server: "the server", fault: "a fault", timeout: "a timeout" };
  return closedBy === null ? "closed" : `closed by ${by[closedBy]}`;
}

function asText(lines: readonly TranscriptLine[]): string {
  return lines.map(({ at, by, text }) => `${String(at).padStart(6)} ${by}: ${text}`).join("\n");
}
