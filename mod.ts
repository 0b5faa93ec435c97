/**
 * Mailproof: a mock SMTP server. Catch outgoing mail, assert it in tests, break its delivery.
 *
 * @example
 * ```ts
 * const mail = await startMailproof();
 * await sendWelcome({ to: "ada@example.com", smtp: mail.smtp.url });
 * const message = await mail.waitFor({ to: "ada@example.com", subject: /welcome/i });
 * await mail.close();
 * ```
 * @module
 */
export { FaultRuleError, ListenError, PortInUseError, startMailproof } from "./src/mailproof.ts";
export { defineConfig, type MailproofConfig, type MailproofOptions } from "./src/options.ts";
export {
  type Address,
  type ApiEvent,
  type ApiEventType,
  type Attachment,
  type Calendar,
  type ClockReply,
  type Connection,
  type ConnectOptions,
  connectMailproof,
  type DeliveryStatus,
  type Directory,
  type DirectoryInput,
  type DirectoryList,
  type DirectoryState,
  type DirectoryUser,
  type Duration,
  type Endpoint,
  type Envelope,
  type EventsOptions,
  type ExpectNoneOptions,
  type Fault,
  type FaultEffect,
  type FaultMatch,
  type FaultRule,
  type FaultRuleReport,
  type Faults,
  type FaultWhen,
  type FiredFault,
  type Inbox,
  type InboxInput,
  type InboxMatch,
  type Info,
  type MailHandle,
  type Mailproof,
  MailproofError,
  type Mark,
  type Message,
  type MessageFilter,
  type MimePart,
  type Outcome,
  type Path,
  type PatternInput,
  type Preset,
  type PresetOptions,
  type Problem,
  type Provider,
  type Providers,
  type Recipient,
  type Reply,
  type RuleInput,
  type Session,
  type SessionFilter,
  type Transaction,
  type TransactionFilter,
  UnexpectedMailError,
  type WaitAllOptions,
  type WaitOptions,
  WaitTimeoutError,
  type WithRegExp,
} from "./src/sdk/mod.ts";
