import { type Reply, reply } from "../smtp/mod.ts";
import type { MailStore, MessageRef, Transaction } from "../store/mod.ts";
import type { Timers } from "./clock.ts";
import { storeFull } from "./policy.ts";

const localError = reply(451, "4.3.0", "Requested action aborted: local error in processing");

/** Hands a message to the store. Where it cannot be kept: the reply that says so. */
export async function keepMessage(
  { store, timers }: { readonly store: MailStore; readonly timers: Timers },
  transaction: Transaction,
  raw: Uint8Array,
): Promise<{ readonly ref: MessageRef } | { readonly refusal: Reply }> {
  try {
    return { ref: await store.add({ receivedAt: timers.now(), raw, transaction }) };
  } catch (error) {
    // There may have been room when the content ended.
    if (error instanceof Error && error.name === "StoreFullError") return { refusal: storeFull };
    console.error("mailproof: a message could not be kept", error);
    return { refusal: localError };
  }
}
