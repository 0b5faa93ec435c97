import type { VNode } from "preact";

interface Props {
  readonly on: boolean;
  readonly label: string;
  readonly testId?: string;
  /** Why it cannot be switched now. */
  readonly blocked?: string | null;
  /** Id of what was said against the last try. */
  readonly refusedBy?: string | undefined;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ on, label, testId, blocked = null, refusedBy, onChange }: Props): VNode {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-describedby={refusedBy}
      disabled={blocked !== null}
      title={blocked ?? undefined}
      data-testid={testId}
      onClick={() => onChange(!on)}
    >
      <span />
    </button>
  );
}
