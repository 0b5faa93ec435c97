const blockOctets = 65_536;
/** 8 MiB of them. */
const mostFree = 128;

/**
 * What contents are gathered in. Blocks are used again: to look after buffers that live for one content took the
 * collector longer than the copy takes.
 */
export class Blocks {
  #free: Uint8Array[] = [];

  /** 64 KiB, with anything in them. */
  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(blockOctets);
  }

  /** Nobody reads them any more. */
  giveBack(blocks: readonly Uint8Array[]): void {
    for (const block of blocks) if (this.#free.length < mostFree) this.#free.push(block);
  }
}
