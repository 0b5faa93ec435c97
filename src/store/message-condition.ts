/**
 * A message filter as a list of conditions, the cheap ones first: most messages are ruled out before
 * anything has to be parsed.
 */
import { needlesOf } from "../notation/mod.ts";
import {
  holds,
  holdsAddress,
  holdsMessageId,
  isSender,
  patternTest,
  readFlag,
  readInstant,
  readSeq,
  refuseUnknownFields,
} from "./condition.ts";
import { type MessageFilter, messageFields, type Patterns } from "./filter.ts";
import { depths, headerValues, type MessageCondition, textOf } from "./reading.ts";
import { parseSearch } from "./search.ts";
import { compileSearch } from "./search-match.ts";
import type { StoredMessage } from "./stored-message.ts";

/** @throws FilterError where the filter cannot be understood. */
export function compileMessageFilter(filter: MessageFilter): readonly MessageCondition[] {
  refuseUnknownFields(filter, messageFields);
  const conditions = [...recordConditions(filter), ...headConditions(filter), ...letterConditions(filter)];
  if (filter.q !== undefined) {
    for (const { depth, test } of compileSearch(parseSearch(filter.q))) {
      conditions.push({ field: "q", depth, test });
    }
  }
  return conditions.sort((a, b) => depths.indexOf(a.depth) - depths.indexOf(b.depth));
}

function recordConditions(filter: MessageFilter): MessageCondition[] {
  const conditions: MessageCondition[] = [];
  const add = (field: string, test: (message: StoredMessage) => boolean): void => {
    conditions.push({ field, depth: "record", test });
  };
  const { since, read, before, after, to, inbox, tag, session, source, provider } = filter;
  if (since !== undefined) {
    const seq = readSeq("since", since);
    add("since", (message) => message.seq > seq);
  }
  if (read !== undefined) {
    const flag = readFlag("read", read);
    add("read", (message) => message.read === flag);
  }
  if (before !== undefined) {
    const instant = readInstant("before", before);
    add("before", (message) => message.receivedAt < instant);
  }
  if (after !== undefined) {
    const instant = readInstant("after", after);
    add("after", (message) => message.receivedAt >= instant);
  }
  if (session !== undefined) {
    const test = patternTest("session", session);
    add("session", (message) => holds(test, message.transaction.sessionId));
  }
  if (source !== undefined) {
    const test = patternTest("source", source);
    add("source", (message) => holds(test, message.source));
  }
  if (provider !== undefined) {
    const test = patternTest("provider", provider);
    add("provider", (message) => holds(test, message.transaction.provider));
  }
  if (inbox !== undefined) {
    const test = patternTest("inbox", inbox);
    add("inbox", (message) => message.inboxes.some(test));
  }
  if (tag !== undefined) {
    const test = patternTest("tag", tag);
    add("tag", (message) => message.tags.some(test));
  }
  if (to !== undefined) {
    const test = patternTest("to", to, "address");
    add("to", (message) => message.envelope.to.some((address) => holdsAddress(test, address)));
  }
  return conditions;
}

function headConditions(filter: MessageFilter): MessageCondition[] {
  const conditions: MessageCondition[] = [];
  const add = (field: string, test: MessageCondition["test"]): void => {
    conditions.push({ field, depth: "head", test });
  };
  const { from, subject, messageId, header } = filter;
  if (from !== undefined) {
    const test = patternTest("from", from, "address");
    add("from", (message, letters) => {
      letters.head(message);
      return isSender(test, message);
    });
  }
  if (subject !== undefined) {
    const test = patternTest("subject", subject, "contains");
    add("subject", (message, letters) => test(letters.head(message).subject));
  }
  if (messageId !== undefined) {
    const test = patternTest("messageId", messageId);
    add("messageId", (message, letters) => holdsMessageId(test, letters.head(message).messageId));
  }
  for (const [name, patterns] of Object.entries(header ?? {})) {
    const field = `header.${name}`;
    const test = patternTest(field, patterns);
    add(field, (message, letters) => headerValues(message, letters, name).some(test));
  }
  return conditions;
}

function letterConditions(filter: MessageFilter): MessageCondition[] {
  const conditions: MessageCondition[] = [];
  if (filter.attachment !== undefined) {
    conditions.push({ field: "attachment", depth: "letter", test: attachmentTest(filter.attachment) });
  }
  if (filter.text !== undefined) {
    const test = patternTest("text", filter.text, "contains");
    const needles = [filter.text].flat().map((pattern) => needlesOf(pattern).needles);
    const mayHold = (words: string): boolean =>
      needles.some((all) => all.every((needle) => words.includes(needle)));
    conditions.push({
      field: "text",
      depth: "words",
      test: (message, letters) => mayHold(letters.words(message)) && test(textOf(letters.letter(message))),
    });
  }
  return conditions;
}

function attachmentTest(attachment: boolean | Patterns): MessageCondition["test"] {
  if (typeof attachment === "boolean") {
    return (message, letters) => letters.sketch(message).attachmentCount > 0 === attachment;
  }
  const test = patternTest("attachment", attachment);
  return (message, letters) => letters.letter(message).attachments.some((part) => holds(test, part.filename));
}
