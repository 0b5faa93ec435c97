/** Mechanisms that send the password itself. */
import {
  challenge,
  clientFirst,
  type Mechanism,
  malformed,
  type SaslSetting,
  type SaslStep,
  verify,
} from "./step.ts";

/** RFC 4616 §2: message = [authzid] NUL authcid NUL passwd */
export const plain: Mechanism = clientFirst((text, setting) => {
  const [, user, password, ...more] = text.split("\0");
  if (user === undefined || password === undefined || more.length > 0) return malformed;
  return verify({ kind: "password", user, password }, setting);
});

/** draft-murchison-sasl-login: both asked for, each answered in its own line. */
export function login(initial: string | null, setting: SaslSetting): SaslStep {
  if (initial === null) return challenge("Username:", (user) => login(user, setting));
  return challenge("Password:", (password) =>
    password.includes("\0") ? malformed : verify({ kind: "password", user: initial, password }, setting),
  );
}
