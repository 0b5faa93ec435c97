import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useCell } from "../model/cell.ts";
import { info, overlay } from "../model/model.ts";
import { size } from "../text/size.ts";
import { CloseIcon } from "./icons.tsx";
import { keyHelp } from "./keys.ts";

/** The keys, and what is running. */
export function Help(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const running = useCell(info);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => overlay.set(null);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" data-testid="help" onClose={close}>
      <div class="help-sheet">
        <div class="help-head">
          <h2 id="help-title" tabIndex={-1} autofocus>
            Keys
          </h2>
          <button type="button" class="quiet" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </div>
        <div class="help-keys">
          {keyHelp.map(({ title, keys }) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map((key) => (
                  <div key={key.does}>
                    <dt>{key.keys.map((name) => (name === "…" ? "…" : <kbd key={name}>{name}</kbd>))}</dt>
                    <dd>{key.does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        {running !== null && (
          <footer class="help-foot">
            <span>
              Mailproof {running.version} on {running.runtime.name} {running.runtime.version}
            </span>
            {running.listeners.map((listener) => (
              <code key={listener.name}>{listener.url}</code>
            ))}
            <span>messages up to {size(running.limits.maxMessageSize)}</span>
            <span>
              seed <code>{running.seed}</code>
            </span>
          </footer>
        )}
      </div>
    </dialog>
  );
}
