import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly children: ComponentChildren;
  readonly label: string;
  /** What is asked, such as "Delete all 12?". */
  readonly question: string;
  readonly answer: string;
  readonly testId: string;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
}

/** A button that asks once more, in its own place, before it does what cannot be undone. */
export function Confirm({
  children,
  label,
  question,
  answer,
  testId,
  disabled = false,
  onConfirm,
}: Props): VNode {
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  // The button that had the focus is taken away each time.
  useEffect(() => {
    if (asked) first.current?.focus();
    if (asking) setAsked(true);
  }, [asking, asked]);
  if (!asking) {
    return (
      <button
        ref={first}
        type="button"
        class="quiet"
        title={label}
        aria-label={label}
        disabled={disabled}
        data-testid={testId}
        onClick={() => setAsking(true)}
      >
        {children}
      </button>
    );
  }
  function leave(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    setAsking(false);
  }
  function confirm(): void {
    setAsking(false);
    onConfirm();
  }
  return (
    <fieldset class="confirm" aria-label={question} onKeyDown={leave}>
      <span class="confirm-question">{question}</span>
      <button ref={first} type="button" class="danger" data-testid={`${testId}-yes`} onClick={confirm}>
        {answer}
      </button>
      <button type="button" class="plain" onClick={() => setAsking(false)}>
        Keep
      </button>
    </fieldset>
  );
}
