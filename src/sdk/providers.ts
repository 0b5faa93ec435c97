/** An HTTP mail provider as the program under test reaches it here. */
export interface Provider {
  /** The base URL for its client. */
  readonly url: string;
  /** An API key that is accepted. */
  readonly key: string;
}

/** By name. */
export interface Providers {
  readonly resend: Provider;
}

/** Without a token any key will do. */
const anyKey = "re_mailproof";

export function providersOf(httpUrl: string, key: string = anyKey): Providers {
  return { resend: { url: `${httpUrl}/providers/resend`, key } };
}

/** For the environment of the program under test. */
export function providerVariables({ resend }: Providers): Record<string, string> {
  return { RESEND_BASE_URL: resend.url, RESEND_API_KEY: resend.key };
}
