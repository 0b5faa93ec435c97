/**
 * Mail providers for [MSW](https://mswjs.io): what the program under test sends to a provider's own address comes
 * here, with nothing in it changed. `msw` 2.12 or later is to be installed beside.
 *
 * @example
 * ```ts
 * const mail = await startMailproof();
 * const server = setupServer(...mailHandlers(mail));
 * server.listen({ onUnhandledRequest: "error" });
 * ```
 * @module
 */
import { bypass, type HttpHandler, http, passthrough } from "msw";
import type { Mailproof } from "./handle.ts";

/** Where the clients of each provider send to, unless they are told otherwise. */
const origins: Readonly<Record<keyof Mailproof["providers"], readonly string[]>> = {
  resend: ["https://api.resend.com"],
};

/**
 * Handlers for every provider that Mailproof plays, and one that lets requests to Mailproof itself through. What
 * is sent with any key counts as sent with the handle's.
 */
export function mailHandlers(mail: Pick<Mailproof, "http" | "providers">): HttpHandler[] {
  // Not as a pattern: in one, the colons of an IPv6 address would begin parameters.
  const own = http.all(
    ({ request }) => request.url.startsWith(`${mail.http.url}/`),
    () => passthrough(),
  );
  const names = Object.keys(origins) as (keyof typeof origins)[];
  const played = names.flatMap((name) =>
    origins[name].map((origin) =>
      http.all(`${origin}/*`, ({ request }) => forward(request, origin, mail.providers[name])),
    ),
  );
  return [own, ...played];
}

async function forward(
  request: Request,
  origin: string,
  { url, key }: Mailproof["providers"]["resend"],
): Promise<Response> {
  const headers = new Headers(request.headers);
  // Without a key it is refused, as the provider does.
  if (headers.has("authorization")) headers.set("authorization", `Bearer ${key}`);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const forwarded = new Request(`${url}${request.url.slice(origin.length)}`, {
    method: request.method,
    headers,
    signal: request.signal,
    ...(hasBody ? { body: await request.arrayBuffer() } : {}),
  });
  try {
    return await fetch(bypass(forwarded));
  } catch {
    // The connection was cut, or the client has gone.
    return Response.error();
  }
}
