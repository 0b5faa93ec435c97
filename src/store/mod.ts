/**
 * THE MEMORY: where mail, transactions, sessions and transcripts are kept, how they are found again,
 * and the journal of what happened.
 */
export { Directory } from "./directory.ts";
export {
  DirectoryError,
  type DirectoryInput,
  type DirectoryList,
  type DirectoryState,
  type DirectoryUser,
  readDirectory,
} from "./directory-reader.ts";
export {
  FilterError,
  type MessageFilter,
  type Patterns,
  type SessionFilter,
  type TransactionFilter,
} from "./filter.ts";
export { InboxError, type InboxInput, type InboxMatch, type InboxPlan, readInbox } from "./inbox-reader.ts";
export { type Belongings, type Inbox, Inboxes, type NewInbox } from "./inboxes.ts";
export {
  Journal,
  type JournalEntry,
  type JournalEvent,
  journalEvents,
} from "./journal.ts";
export { MemoryStore } from "./memory-store.ts";
export { compileMessageFilter } from "./message-condition.ts";
export {
  messageParameters,
  parseMessageQuery,
  parseSessionQuery,
  parseTransactionQuery,
  sessionParameters,
  transactionParameters,
} from "./query.ts";
export type {
  Address,
  Attachment,
  Calendar,
  Channel,
  DeliveryStatus,
  Envelope,
  FiredFault,
  Message,
  MessageSummary,
  MimePart,
  Outcome,
  Recipient,
  Session,
  Transaction,
  TranscriptLine,
} from "./records.ts";
export { searchFields } from "./search-lexer.ts";
export {
  type MailStore,
  type MessageRef,
  type Selection,
  type StoreCounts,
  StoreFullError,
} from "./store.ts";
export { outcomes } from "./transaction-condition.ts";
