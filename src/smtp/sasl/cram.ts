/** CRAM-MD5 (RFC 2195): the password is the key of a digest over a challenge that comes once. */
import * as replies from "../replies.ts";
import { challenge, malformed, refuse, type SaslSetting, type SaslStep, verify } from "./step.ts";

/** The server speaks first, so there is no initial response (RFC 4954 §4). */
export function cramMd5(initial: string | null, setting: SaslSetting): SaslStep {
  if (initial !== null) return refuse(replies.noInitialResponse);
  const asked = `<${setting.sasl.nonce()}@${setting.hostname}>`;
  return challenge(asked, (answer) => {
    // RFC 2195 §2: the user name, a space, and 32 digits; the name may have spaces in it.
    const [, user = "", digest] = /^(.*) ([0-9a-f]{32})$/is.exec(answer) ?? [];
    if (digest === undefined) return malformed;
    return verify({ kind: "digest", user, challenge: asked, digest: digest.toLowerCase() }, setting);
  });
}
