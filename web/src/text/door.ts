import type { MessageSummary } from "../../../src/api/contract.ts";

/** Where a message came in: a name of few letters, and a sentence. */
export function doorOf({ channel, provider }: Pick<MessageSummary, "channel" | "provider">): {
  readonly name: string;
  readonly title: string;
} {
  if (channel === "api") return { name: "api", title: "It was posted to the API of Mailproof" };
  if (channel === "http") {
    const name = provider ?? channel;
    return { name, title: `It came over the HTTP API of ${name}` };
  }
  return { name: channel, title: `It came by ${channel.toUpperCase()}` };
}
