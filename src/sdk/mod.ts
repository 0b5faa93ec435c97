/** THE HAND: what a test holds a server with, in its own process or over HTTP. Runs in a browser too. */
export type {
  Address,
  ApiEvent,
  ApiEventType,
  Attachment,
  Calendar,
  ClockReply,
  DeliveryStatus,
  DirectoryInput,
  DirectoryList,
  DirectoryState,
  DirectoryUser,
  Duration,
  Envelope,
  FaultEffect,
  FaultMatch,
  FaultRule,
  FaultRuleReport,
  FaultWhen,
  FiredFault,
  InboxMatch,
  Info,
  MimePart,
  Outcome,
  Path,
  Preset,
  PresetOptions,
  Problem,
  Recipient,
  Reply,
  Session,
  Transaction,
} from "../api/contract.ts";
export { type ConnectOptions, connectInbox, connectMailproof } from "./connect.ts";
export type { Directory } from "./directory.ts";
export { readEnvironment } from "./environment.ts";
export { MailproofError } from "./error.ts";
export { type Evidence, gatherEvidence } from "./evidence.ts";
export type { Fault, Faults, RuleInput, WithRegExp } from "./faults.ts";
export type { MessageFilter, SessionFilter, TransactionFilter } from "./filter.ts";
export type {
  Connection,
  Endpoint,
  EventsOptions,
  ExpectNoneOptions,
  Inbox,
  InboxInput,
  ListOptions,
  MailHandle,
  Mailproof,
  WaitAllOptions,
  WaitOptions,
} from "./handle.ts";
export type { Mark } from "./mark.ts";
export { type MailproofMatchers, matchers } from "./matchers.ts";
export type { Message } from "./message.ts";
export type { PatternInput } from "./pattern.ts";
export type { Provider, Providers } from "./providers.ts";
export { type ClientOptions, createClient } from "./server.ts";
export { UnexpectedMailError, WaitTimeoutError } from "./wait-error.ts";
