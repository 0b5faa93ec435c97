/**
 * The message as its sender meant it, in a frame that can do nothing: its document comes with a CSP that
 * allows no script and no request but inline parts of this message, and the frame's sandbox says so again.
 * On demand it may load remote pictures and styles, too; that is forgotten when another message is opened.
 */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../../src/api/contract.ts";
import { address } from "../model/api.ts";
import { FullIcon, MoonIcon, OpenIcon, PhoneIcon, SunIcon, TabletIcon } from "../shell/icons.tsx";

type Width = "phone" | "tablet" | "full";

const widths: readonly { name: Width; title: string; icon: VNode }[] = [
  { name: "phone", title: "Phone, 375 pixels wide", icon: <PhoneIcon /> },
  { name: "tablet", title: "Tablet, 768 pixels wide", icon: <TabletIcon /> },
  { name: "full", title: "Full width", icon: <FullIcon /> },
];

/** Chosen for one message, kept for the next. */
let lastWidth: Width = "full";
let lastPaper: "light" | "dark" = "light";

interface Props {
  readonly message: Message;
  /** Whether remote content may load. */
  readonly remote: boolean;
  readonly onRemote: (remote: boolean) => void;
}

export function Html({ message, remote, onRemote }: Props): VNode {
  const [width, setWidth] = useState(lastWidth);
  const [paper, setPaper] = useState(lastPaper);
  lastWidth = width;
  lastPaper = paper;
  const frame = useRef<HTMLIFrameElement>(null);
  const [isInside, setInside] = useState(false);
  // What happens in the frame is its own; only that the page has lost the focus to it can be seen.
  useEffect(() => {
    const look = (): void => setInside(frame.current !== null && document.activeElement === frame.current);
    const events = ["blur", "focus", "focusin"] as const;
    for (const event of events) addEventListener(event, look);
    return () => {
      for (const event of events) removeEventListener(event, look);
    };
  }, []);
  if (message.html === null) return <p class="none">This message has no HTML.</p>;
  const source = address(`view/${encodeURIComponent(message.id)}/html`, remote ? { remote: 1 } : {});
  return (
    <div class="html">
      <div class="panel-bar html-bar">
        <fieldset class="segments" aria-label="Width">
          {widths.map(({ name, title, icon }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === width}
              title={title}
              aria-label={title}
              data-testid={`width-${name}`}
              onClick={() => setWidth(name)}
            >
              {icon}
            </button>
          ))}
        </fieldset>
        <fieldset class="segments" aria-label="Colour scheme that the message sees">
          {(["light", "dark"] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === paper}
              title={`Show it as a reader with a ${name} theme sees it`}
              aria-label={`${name} theme`}
              onClick={() => setPaper(name)}
            >
              {name === "light" ? <SunIcon /> : <MoonIcon />}
            </button>
          ))}
        </fieldset>
        <span class="remote">
          <span class="panel-note" title="Scripts never run, with remote content or without">
            Remote content is {remote ? "loaded" : "blocked"}
          </span>
          <button type="button" class="plain" data-testid="remote" onClick={() => onRemote(!remote)}>
            {remote ? "Block it again" : "Load for this message"}
          </button>
        </span>
        <a
          class="quiet"
          href={source}
          target="_blank"
          rel="noopener noreferrer"
          title="Open alone"
          aria-label="Open alone"
        >
          <OpenIcon />
        </a>
      </div>
      <div class={`stage is-${width}`}>
        <iframe
          // Another address in the same frame would be a step in the history.
          key={source}
          ref={frame}
          class={`sheet is-${paper}`}
          title={`HTML of the message ${message.subject}`}
          src={source}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
          data-testid="html-frame"
        />
        {isInside && (
          <p class="inside-note" role="status" data-testid="inside">
            Keys go to the mail. Click beside it to have them back.
          </p>
        )}
      </div>
    </div>
  );
}
