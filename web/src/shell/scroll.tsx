import type { ComponentChildren, VNode } from "preact";

interface Props {
  readonly class: string;
  readonly label: string;
  readonly testId?: string;
  readonly children: ComponentChildren;
}

/** A region that scrolls by itself; arrow keys in it scroll instead of choosing another message. */
export function Scroll({ class: name, label, testId, children }: Props): VNode {
  return (
    <section
      class={`scroll ${name}`}
      aria-label={label}
      data-scrolls
      data-testid={testId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: not every browser lets the keyboard into a scrolling box
      tabIndex={0}
    >
      {children}
    </section>
  );
}
