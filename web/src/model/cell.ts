import { useLayoutEffect, useState } from "preact/hooks";

/** One value that components watch. */
export class Cell<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }
}

/** The cell's value; renders again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [, setSeen] = useState<readonly [T]>(() => [cell.get()]);
  // The layout effect looks once more: the cell may have changed between render and effect.
  useLayoutEffect(() => {
    const look = (): void => setSeen((seen) => (Object.is(seen[0], cell.get()) ? seen : [cell.get()]));
    look();
    return cell.watch(look);
  }, [cell]);
  return cell.get();
}
