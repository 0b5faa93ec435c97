import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Message } from "../../../src/api/contract.ts";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";
import { Outward, Plain, safeHref } from "../text/plain.tsx";

/** Of more links than these the next ones are shown on demand. */
const atOnce = 500;

/** What a test or an impatient developer wants from a message. */
export function Links({ message: { links, codes } }: { message: Message }): VNode {
  const [most, setMost] = useState(atOnce);
  if (links.length === 0 && codes.length === 0) return <p class="none">No links and no one-time codes.</p>;
  return (
    <Scroll class="links" label="Links and codes" testId="links">
      {codes.length > 0 && (
        <section>
          <h2>One-time codes</h2>
          <p class="codes">
            {codes.map((code, index) => (
              <span key={code} class={`code-chip ${index === 0 ? "is-likeliest" : ""}`}>
                <strong>{code}</strong>
                <Copy text={code} label={`Copy the code ${code}`} />
              </span>
            ))}
          </p>
        </section>
      )}
      {links.length > 0 && (
        <section>
          <h2>Links</h2>
          <ul>
            {links.slice(0, most).map(({ url, text }, index) => (
              <li key={index}>
                <span class="link-text" dir="auto">
                  <Plain text={text === "" || text === url ? "–" : text} />
                </span>
                <span class="link-url">
                  <Target url={url} />
                </span>
                <Copy text={url} label="Copy the link" />
              </li>
            ))}
          </ul>
          {links.length > most && (
            <button type="button" class="link" onClick={() => setMost(most + atOnce)}>
              and {(links.length - most).toLocaleString("en")} more
            </button>
          )}
        </section>
      )}
    </Scroll>
  );
}

/** The address with its host set off, for the host is what a reader must check. */
function Target({ url }: { url: string }): VNode {
  const href = safeHref(url);
  if (href === null) return <Plain text={url} />;
  const [, before = "", host = "", after = ""] = /^([a-z]+:(?:\/\/)?)([^/?#]*)(.*)$/is.exec(url) ?? [];
  return (
    <Outward href={href}>
      <span class="dim">{before}</span>
      <Plain text={host} />
      <span class="dim">
        <Plain text={after} />
      </span>
    </Outward>
  );
}
