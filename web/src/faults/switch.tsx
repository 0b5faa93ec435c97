import type { VNode } from "preact";

interface Props {
  readonly on: boolean;
  readonly label: string;
  readonly testId?: string;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ on, label, testId, onChange }: Props): VNode {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-label={label}
      data-testid={testId}
      onClick={() => onChange(!on)}
    >
      <span />
    </button>
  );
}
