import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly src: string;
  readonly name: string;
  readonly onError: () => void;
}

/**
 * A thumbnail that opens large, above the page: in a tab of its own the picture would be a document of the
 * server, and is a download therefore.
 */
export function Picture({ src, name, onError }: Props): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isLarge, setLarge] = useState(false);
  useEffect(() => {
    if (isLarge) dialog.current?.showModal();
  }, [isLarge]);
  return (
    <>
      <button
        type="button"
        class="picture"
        title="Show it large"
        aria-label={`Show ${name} large`}
        onClick={() => setLarge(true)}
      >
        <img src={src} alt="" loading="lazy" onError={onError} />
      </button>
      {isLarge && (
        <dialog
          ref={dialog}
          class="large"
          aria-label={name}
          data-testid="large-picture"
          // Keys belong to the picture: Esc closes it, and not what is below.
          onKeyDown={(event) => event.stopPropagation()}
          onClose={() => setLarge(false)}
        >
          <button type="button" title="Close" aria-label="Close" onClick={() => dialog.current?.close()}>
            <img src={src} alt={name} />
          </button>
        </dialog>
      )}
    </>
  );
}
