/**
 * What each provider says, as presets: one for each fault, and a pack of all of them. The rules of a pack
 * strike only addresses that name the fault, so that a whole pack can be on and hurts nobody else.
 */
import type { FaultMatch, FaultRule } from "../rule.ts";
import { type Provider, type ProviderFault, providers } from "./providers.ts";
import type { PresetRow } from "./row.ts";

/** By fault, as a sentence that ends with the provider's name. */
const sentences: Readonly<Record<ProviderFault, string>> = {
  "unknown-user": "Every message is refused for good: there is no such user, in the words of",
  "mailbox-full": "Every message is refused: the mailbox is full, in the words of",
  "rate-limit": "Every message is refused for now: there are too many of them, in the words of",
  spam: "Every message is refused for good as spam, in the words of",
  auth: "Every log-in is refused: wrong credentials, in the words of",
  "too-big": "Every message is read and then refused for good: it is too large, in the words of",
};

const faults: readonly ProviderFault[] = Object.keys(sentences) as ProviderFault[];

export const providerPresets: Readonly<Record<string, PresetRow>> = Object.fromEntries(
  Object.entries(providers).flatMap(([name, provider]) => [
    [name, packOf(name, provider)],
    ...faults.map((fault) => [
      `${name}.${fault}`,
      [`${sentences[fault]} ${provider.title}.`, provider.says[fault]],
    ]),
  ]),
);

function packOf(name: string, provider: Provider): PresetRow {
  const { title, domains } = provider;
  const explain = `Addresses such as spam@${domains[0]} meet what ${title} says: ${faults.join("@, ")}@.`;
  return [explain, ...faults.map((fault) => packRule(name, provider, fault))];
}

/** At MAIL nobody knows the recipient yet: there the pack waits for RCPT. */
function packRule(name: string, { domains, says }: Provider, fault: ProviderFault): FaultRule {
  const { on, do: effect } = says[fault];
  const addresses = domains.map((domain) => `${fault}@${domain}`);
  const match: FaultMatch = on === "auth" ? { user: addresses } : { to: addresses };
  return { id: `${name}.pack.${fault}`, on: on === "mail" ? "rcpt" : on, match, do: effect };
}
