import type { VNode } from "preact";
import type { TranscriptLine } from "../../../src/api/contract.ts";
import { Plain } from "../text/plain.tsx";
import { span } from "../text/time.ts";

/** A shorter pause is not worth a line, in milliseconds. */
const noticeable = 500;

interface Props {
  readonly line: TranscriptLine;
  /** Milliseconds since the line before. */
  readonly pause: number;
  /** Of the transaction that the reader came for. */
  readonly ours: boolean;
}

export function Line({ line: { at, by, text }, pause, ours }: Props): VNode {
  const kind = by === "C" ? "is-c" : by === "S" ? "is-s" : remarkKind(text);
  return (
    <>
      {pause >= noticeable && <li class="gap">{span(pause)}</li>}
      <li class={`line ${kind} ${ours ? "is-ours" : ""}`} data-by={by}>
        <span class="at" title={`${at} ms after the connection opened`}>
          {at}
        </span>
        <span class="who">{by === "*" ? "※" : by}</span>
        <span class="said">
          {by === "S" ? (
            <ReplyLine text={text} />
          ) : by === "C" ? (
            <CommandLine text={text} />
          ) : (
            <Plain text={text} />
          )}
        </span>
      </li>
    </>
  );
}

function ReplyLine({ text }: { text: string }): VNode {
  const [, code, rest = text] = /^([2-5]\d\d)(.*)$/s.exec(text) ?? [];
  return (
    <>
      {code !== undefined && <b class={`reply-code is-${code[0]}`}>{code}</b>}
      <Plain text={rest} />
    </>
  );
}

function CommandLine({ text }: { text: string }): VNode {
  const [, verb = "", rest = text] = /^([a-z]{4,8}(?: (?:from|to):)?)(.*)$/is.exec(text) ?? [];
  return (
    <>
      <b class="verb">{verb}</b>
      <Plain text={rest} />
    </>
  );
}

function remarkKind(text: string): string {
  return text.startsWith("rule ") ? "is-remark is-fault" : "is-remark";
}
