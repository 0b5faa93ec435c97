export interface BuiltAsset {
  /** Relative to the base path; `""` is the page itself. */
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

export function buildPage(): Promise<readonly BuiltAsset[]>;
export function embeddedPage(): Promise<readonly BuiltAsset[]>;
export function embedPage(): Promise<boolean>;
