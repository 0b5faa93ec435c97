export interface Page {
  readonly url: string;
  close(): void;
}

export function servePage(smtpUrl: string): Promise<Page>;
