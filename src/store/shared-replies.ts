import type { Reply } from "../smtp/mod.ts";

/** What is said to every message but for the id at its end is kept once: by who said it last. */
export class SharedReplies {
  #last: Reply | null = null;

  /** The reply without what it ends with. Null: it has not one line that ends so. */
  share(reply: Reply, ending: string): Reply | null {
    const [line = ""] = reply.lines;
    if (reply.lines.length !== 1 || !line.endsWith(ending)) return null;
    const start = line.slice(0, line.length - ending.length);
    const last = this.#last;
    const isSaidAgain =
      last?.lines[0] === start &&
      last.code === reply.code &&
      last.enhanced === reply.enhanced &&
      last.isUtf8 === reply.isUtf8;
    if (isSaidAgain) return last;
    this.#last = { ...reply, lines: [start] };
    return this.#last;
  }
}
