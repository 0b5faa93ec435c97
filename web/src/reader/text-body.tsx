import type { VNode } from "preact";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";
import { Linked } from "../text/plain.tsx";

export function TextBody({ text }: { text: string | null }): VNode {
  if (text === null) return <p class="none">This message has no plain text.</p>;
  return (
    <Scroll class="text-body" label="Text">
      <Copy text={text} label="Copy the text" />
      <pre class="prose" dir="auto" data-testid="text">
        <Linked text={text} />
      </pre>
    </Scroll>
  );
}
