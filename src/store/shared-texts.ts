/** So many texts are known at a time. */
const most = 1_000;

/** What is said again and again is kept once: as who said it first. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** The same text, most often as an object that is there already. */
  share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= most) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
