import { clientFirst, type Mechanism, verify } from "./step.ts";

/** RFC 4422 App. A: the name to act as, or nothing for the one that is known from outside. */
export const external: Mechanism = clientFirst((user, setting) => verify({ kind: "name", user }, setting));
