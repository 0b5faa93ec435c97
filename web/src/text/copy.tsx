import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "../shell/icons.tsx";

/** A button that copies `text` and says so for a moment. */
export function Copy({
  text,
  label,
  children,
}: {
  text: string;
  label: string;
  children?: ComponentChildren;
}): VNode {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1_500);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <button
      type="button"
      class="quiet copy"
      title={label}
      aria-label={label}
      onClick={() => copy(text).then(setDone)}
    >
      {done ? <CheckIcon /> : <CopyIcon />}
      {children}
      {done && (
        <span class="unseen" role="status">
          Copied
        </span>
      )}
    </button>
  );
}

/** Plain http on another host has no clipboard; there the old way must do. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
