import type { Path } from "./path.ts";

/** The paths that a relay of RFC 821 would send a message on with, brackets included. */
export interface NextHop {
  readonly reversePath: string;
  readonly forwardPaths: readonly string[];
}

/**
 * RFC 821 §3.6: a relay takes its own name, the first host of a source route, from the forward-path and
 * puts it before the reverse-path. Of several routed recipients the first one names the relay. A null
 * reverse-path stays null. Null where no recipient has a route: there is nowhere to go.
 */
export function nextHop(reversePath: Path, forwardPaths: readonly Path[]): NextHop | null {
  const relay = forwardPaths.find(({ route }) => route.length > 0)?.route[0];
  if (relay === undefined) return null;
  const { address, route } = reversePath;
  const isRelay = (host: string | undefined): boolean => host?.toLowerCase() === relay.toLowerCase();
  return {
    reversePath: address === "" ? "<>" : written([relay, ...route], address),
    forwardPaths: forwardPaths.map((path) =>
      written(path.route.slice(isRelay(path.route[0]) ? 1 : 0), path.address),
    ),
  };
}

function written(route: readonly string[], address: string): string {
  return route.length === 0 ? `<${address}>` : `<${route.map((host) => `@${host}`).join(",")}:${address}>`;
}
