import type { VNode } from "preact";
import { address, source } from "../model/api.ts";
import { Scroll } from "../shell/scroll.tsx";
import { Plain } from "../text/plain.tsx";
import { size } from "../text/size.ts";
import { useLoaded } from "./loaded.ts";

/** More than this a page does not scroll well; the rest is in the download. */
const most = 512 * 1024;

/** The message as it was sent, byte for byte; octets that are not UTF-8 appear as U+FFFD. */
export function Source({ id, octets }: { id: string; octets: number }): VNode {
  const { value, error } = useLoaded(id, (signal) => source(id, most, signal));
  if (error !== null && value === null) return <p class="none">{error.message}</p>;
  if (value === null) return <div class="source is-loading" aria-busy="true" />;
  const text = new TextDecoder().decode(value);
  const [, head = text, body = ""] = /^(.*?\r?\n)(\r?\n.*)$/s.exec(text) ?? [];
  return (
    <Scroll class="source" label="Source">
      {octets > most && (
        <p class="panel-bar">
          The first {size(most)} of {size(octets)}.{" "}
          <a href={address(`api/messages/${id}/raw`)}>Download all of it</a>
        </p>
      )}
      <pre data-testid="source">
        <span class="source-head">
          {head.split(/(?<=\n)/).map((line, index) => (
            <Field key={index} line={line} />
          ))}
        </span>
        <Plain text={body} />
      </pre>
    </Scroll>
  );
}

function Field({ line }: { line: string }): VNode {
  const [, name = "", value = line] = /^([!-9;-~]+:)(.*)$/s.exec(line) ?? [];
  return (
    <>
      <span class="field-name">{name}</span>
      <Plain text={value} />
    </>
  );
}
