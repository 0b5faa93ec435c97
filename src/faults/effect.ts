import type { CapabilityChange } from "./capabilities.ts";
import type { Bounce, Ending, HttpFault, TlsFault } from "./moment.ts";
import type { ReplyTemplate } from "./parsing/reply.ts";
import type { WireChange } from "./parsing/wire.ts";

/** Milliseconds of a stall without `for`. */
export const defaultStall = 3_600_000;

/** What one firing does. */
export interface Effect {
  /** Whether it is a verdict on what is said and sent; if not, it has only conditions. */
  readonly decides: boolean;
  /** `"normal"`: what the server would say. */
  readonly said: ReplyTemplate | "normal" | "none";
  readonly wire: WireChange | null;
  readonly ending: Ending | null;
  /** The listening socket is closed for so many milliseconds, or for good (infinity). */
  readonly refusal: { readonly for: number } | null;
  /** Milliseconds; drawn where they differ. */
  readonly delay: { readonly min: number; readonly max: number } | null;
  /** `every` in milliseconds. */
  readonly drip: { readonly octets: number; readonly every: number } | null;
  /** Octets per second. */
  readonly throttle: { readonly read: number | null; readonly write: number | null } | null;
  readonly capabilities: CapabilityChange | null;
  readonly tls: TlsFault | null;
  readonly bounce: Bounce | null;
  readonly http: HttpFault | null;
  readonly label: string | null;
}
