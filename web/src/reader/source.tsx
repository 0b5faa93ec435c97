import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Message } from "../../../src/api/contract.ts";
import { address, octets } from "../model/api.ts";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";
import { Plain } from "../text/plain.tsx";
import { size } from "../text/size.ts";
import { useLoaded } from "./loaded.ts";
import { MimeParts } from "./mime-parts.tsx";

/** More than this a page does not scroll well; the rest is in the download. */
const most = 512 * 1024;

type Look = "sent" | "html" | "parts";

const looks: readonly { name: Look; title: string; does: string }[] = [
  { name: "sent", title: "As sent", does: "The message byte for byte" },
  { name: "html", title: "HTML", does: "The source of the HTML, decoded" },
  { name: "parts", title: "Parts", does: "Every MIME part, decoded" },
];

/** Chosen for one message, kept for the next. */
let lastLook: Look = "sent";

export function Source({ message }: { message: Message }): VNode {
  const [chosen, setChosen] = useState(lastLook);
  lastLook = chosen;
  const { html } = message;
  const look = chosen === "html" && html === null ? "sent" : chosen;
  return (
    <div class="sources">
      <div class="panel-bar">
        <fieldset class="segments" aria-label="What of the source">
          {looks.map(({ name, title, does }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === look}
              disabled={name === "html" && html === null}
              title={does}
              data-testid={`source-${name}`}
              onClick={() => setChosen(name)}
            >
              {title}
            </button>
          ))}
        </fieldset>
        {look === "html" && html !== null && <Copy text={html} label="Copy the HTML" />}
      </div>
      {look === "sent" && <AsSent id={message.id} length={message.size} />}
      {look === "html" && html !== null && <HtmlSource id={message.id} html={html} />}
      {look === "parts" && <MimeParts message={message} />}
    </div>
  );
}

/** Octets that are not UTF-8 appear as U+FFFD. */
function AsSent({ id, length }: { id: string; length: number }): VNode {
  const path = `api/messages/${encodeURIComponent(id)}/raw`;
  const { value, error } = useLoaded(path, (signal) => octets(path, most, signal));
  if (error !== null && value === null) return <p class="none">{error.message}</p>;
  if (value === null) return <div class="source is-loading" aria-busy="true" />;
  const text = new TextDecoder().decode(value);
  const [, head = text, body = ""] = /^(.*?\r?\n)(\r?\n.*)$/s.exec(text) ?? [];
  return (
    <Scroll class="source" label="Source">
      {length > most && (
        <p class="panel-bar">
          The first {size(most)} of {size(length)}. <a href={address(path)}>Download all of it</a>
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

function HtmlSource({ id, html }: { id: string; html: string }): VNode {
  return (
    <Scroll class="source" label="Source of the HTML">
      {html.length > most && (
        <p class="panel-bar">
          The first {most.toLocaleString("en")} characters.{" "}
          <a href={address(`api/messages/${encodeURIComponent(id)}/html`)} download={`${id}.html`}>
            Download all of it
          </a>
        </p>
      )}
      <pre data-testid="html-source">
        <Plain text={html.slice(0, most)} />
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
