/** THE WIRE: the only room with sockets and timers. */
export { saslChance, saslParts } from "./accounts.ts";
export { Bouncing } from "./bouncing.ts";
export { generateTls, loadTls, speaks, type TlsMaterial } from "./certificates.ts";
export { FaultClock, systemTimers } from "./clock.ts";
export {
  type Composition,
  composeMessage,
} from "./composing.ts";
export type { ConversationParts } from "./conversation.ts";
export { HttpServer } from "./http-server.ts";
export { InboxDesk } from "./inbox-desk.ts";
export { ListenError, PortInUseError } from "./listener.ts";
export { fullWithin } from "./policy.ts";
export { SmtpServer } from "./smtp-server.ts";
export { type Submission, Submissions, type Submitted } from "./submission.ts";
export { Unfinished } from "./unfinished.ts";
