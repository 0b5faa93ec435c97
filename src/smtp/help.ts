/** HELP (RFC 5321 §4.1.1.8): what this session serves, and how each of it is written. */
import { isServed } from "./extensions.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import * as replies from "./replies.ts";
import { type Reply, reply } from "./reply.ts";
import type { Verb } from "./states.ts";

type Topic = readonly [syntax: string, source: string];

const topics: Readonly<Record<Verb, Topic>> = {
  AUTH: ["AUTH mechanism [initial-response]", "Proves who the client is. RFC 4954"],
  BDAT: ["BDAT octets [LAST]", "A chunk of the content follows. RFC 3030"],
  DATA: ["DATA", "The content follows, up to a line with a dot alone. RFC 5321 4.1.1.4"],
  EHLO: ["EHLO domain-or-address-literal", "Names the client and asks for the extensions. RFC 5321 4.1.1.1"],
  EXPN: ["EXPN list", "Asks who is on a mailing list. RFC 5321 4.1.1.7"],
  HELO: ["HELO domain", "Names the client. RFC 5321 4.1.1.1"],
  HELP: ["HELP [command]", "Says this. RFC 5321 4.1.1.8"],
  LHLO: ["LHLO domain", "Names the client and asks for the extensions. RFC 2033"],
  MAIL: ["MAIL FROM:<reverse-path> [parameters]", "Opens a transaction. RFC 5321 4.1.1.2"],
  NOOP: ["NOOP [anything]", "Does nothing. RFC 5321 4.1.1.9"],
  QUIT: ["QUIT", "Ends the session. RFC 5321 4.1.1.10"],
  RCPT: ["RCPT TO:<forward-path> [parameters]", "Adds a recipient. RFC 5321 4.1.1.3"],
  RSET: ["RSET", "Gives the transaction up. RFC 5321 4.1.1.5"],
  SAML: ["SAML FROM:<reverse-path> [parameters]", "As MAIL, to terminal and mailbox. RFC 821 3.4"],
  SEND: ["SEND FROM:<reverse-path> [parameters]", "As MAIL, to the terminal. RFC 821 3.4"],
  SOML: ["SOML FROM:<reverse-path> [parameters]", "As MAIL, to terminal or mailbox. RFC 821 3.4"],
  STARTTLS: ["STARTTLS", "Begins TLS. RFC 3207"],
  VRFY: ["VRFY user", "Asks whether a mailbox is there. RFC 5321 4.1.1.6"],
  XCLIENT: ["XCLIENT attribute=value ...", "Says for whom the client speaks, and starts over. Postfix"],
  XFORWARD: ["XFORWARD attribute=value ...", "Says where the next message comes from. Postfix"],
};

/** The reply to HELP with this argument. */
export function helpOn(argument: string, options: SessionOptions, client: ClientFacts): Reply {
  const served = Object.entries(topics).filter(([verb]) => isServed(verb, options, client));
  const wanted = argument.trim().toUpperCase();
  if (wanted === "") {
    const verbs = served.map(([verb]) => verb).sort();
    return reply(214, "2.0.0", `Commands: ${verbs.join(" ")}`, "HELP and a command says more of it");
  }
  const [, topic] = served.find(([verb]) => verb === wanted) ?? [];
  return topic === undefined ? replies.noHelp : reply(214, "2.0.0", ...topic);
}
