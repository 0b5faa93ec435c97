/**
 * A parsed search line as tests. What stands side by side at the top becomes one condition each, so that
 * `from:ada invoice` parses only the letters that are from Ada.
 */
import { codesOf, type Head, type Letter, type Mailbox, ownPartsOf } from "../mail/mod.ts";
import { needlesOf, parseSize } from "../notation/mod.ts";
import {
  holds,
  holdsAddress,
  holdsMessageId,
  isSender,
  patternTest,
  readInstant,
  type Test,
} from "./condition.ts";
import { FilterError } from "./filter.ts";
import { mailboxKey } from "./mailbox-key.ts";
import { type Depth, depths, headerValues, type MessageCondition, textOfHtml } from "./reading.ts";
import type { SearchNode } from "./search.ts";
import { searchError } from "./search-lexer.ts";
import type { StoredMessage } from "./stored-message.ts";

type Condition = Pick<MessageCondition, "depth" | "test">;
type FieldNode = Extract<SearchNode, { kind: "field" }>;

/** Conditions that must all hold. */
export function compileSearch(node: SearchNode): readonly Condition[] {
  return node.kind === "all" ? node.nodes.map(compileNode) : [compileNode(node)];
}

function compileNode(node: SearchNode): Condition {
  switch (node.kind) {
    case "all": {
      const nodes = node.nodes.map(compileNode);
      return {
        depth: deepest(nodes),
        test: (message, letters) => nodes.every((one) => one.test(message, letters)),
      };
    }
    case "any": {
      const nodes = node.nodes.map(compileNode);
      return {
        depth: deepest(nodes),
        test: (message, letters) => nodes.some((one) => one.test(message, letters)),
      };
    }
    case "not": {
      const { depth, test } = compileNode(node.node);
      return { depth, test: (message, letters) => !test(message, letters) };
    }
    case "anywhere":
      return located(node.column, () => anywhere(node));
    case "field":
      return located(node.column, () => compileField(node));
  }
}

function compileField(node: FieldNode): Condition {
  const { value, column } = node;
  const contains = (): Test => patternTest("q", node.pattern, "contains");
  const whole = (): Test => patternTest("q", node.pattern);
  switch (node.field) {
    case "from":
      return sender(contains());
    case "to":
      return people(contains(), (message, { to }) => [...to, ...message.envelope.to]);
    case "cc":
      return people(contains(), (_, { cc }) => cc);
    case "bcc":
      return people(contains(), blindCopies);
    case "reply-to":
      return people(contains(), (_, { replyTo }) => replyTo);
    case "addressed":
      return people(contains(), everybody);
    case "subject": {
      const test = contains();
      return head((_, { subject }) => test(subject));
    }
    case "message-id": {
      const test = contains();
      return head((_, { messageId }) => holdsMessageId(test, messageId));
    }
    case "header":
      return header(node);
    case "tag": {
      const test = whole();
      return record((message) => message.tags.some(test));
    }
    case "session": {
      const test = whole();
      return record((message) => holds(test, message.transaction.sessionId));
    }
    case "inbox": {
      const test = whole();
      return record((message) => message.inboxes.some(test));
    }
    case "provider": {
      const test = whole();
      return record((message) => holds(test, message.transaction.provider));
    }
    case "warning": {
      const test = whole();
      return record((message) => message.transaction.warnings.some(test));
    }
    case "is":
      return state(value.toLowerCase(), column);
    case "has":
      return content(value.toLowerCase(), column);
    case "before": {
      const instant = readInstant("before:", value);
      return record((message) => message.receivedAt < instant);
    }
    case "after": {
      const instant = readInstant("after:", value);
      return record((message) => message.receivedAt >= instant);
    }
    case "larger": {
      const octets = parseSize(value);
      return record((message) => message.size > octets);
    }
    case "smaller": {
      const octets = parseSize(value);
      return record((message) => message.size < octets);
    }
    case "code": {
      const test = whole();
      return { depth: "letter", test: (message, letters) => codesOf(letters.letter(message)).some(test) };
    }
  }
}

/** A mistake in a value is a mistake at its column. */
function located<T>(column: number, compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    if (cause instanceof FilterError && cause.column !== null) throw cause;
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    throw searchError(column, cause.message.replace(/^Failed to [^:]*: /, ""));
  }
}

/**
 * Subject, people, file names, and the body as text and as HTML. The words of a message tell of most patterns
 * whether they are there; only what may be there and is no plain word has to be looked for in the letter.
 */
function anywhere({ pattern, folded }: Extract<SearchNode, { kind: "anywhere" }>): Condition {
  const test = patternTest("q", pattern, "contains");
  const isIn = (text: string): boolean => test(folded ? foldBlank(text) : text);
  const { needles, suffice } = needlesOf(pattern);
  // The longest is the rarest.
  const words = needles.flatMap((needle) => needle.split(" ")).sort((a, b) => b.length - a.length);
  const phrase = suffice && !pattern.includes("\0") ? needles.join() : null;
  return {
    depth: "words",
    test: (message, letters) => {
      if (!words.every((word) => letters.words(message).includes(word))) return false;
      if (phrase !== null) return words.length === 1 || foldBlank(letters.words(message)).includes(phrase);
      const letter = letters.letter(message);
      return (
        isIn(letter.subject) ||
        everybody(message, letter).some((person) => isPerson(test, person)) ||
        letter.attachments.some((part) => holds(test, part.filename)) ||
        isIn(letter.text ?? "") ||
        isIn(textOfHtml(letter))
      );
    },
  };
}

/** `header:name` or `header:name=value`. */
function header({ value, pattern, column }: FieldNode): Condition {
  const [name] = value.split("=", 1);
  if (!name) throw searchError(column, "header: needs a field name; write header:name or header:name=value");
  const equals = pattern.indexOf("=");
  const test = equals === -1 ? () => true : patternTest("q", pattern.slice(equals + 1), "contains");
  return {
    depth: "head",
    test: (message, letters) => headerValues(message, letters, name).some(test),
  };
}

function state(value: string, column: number): Condition {
  if (value === "read") return record((message) => message.read);
  if (value === "unread") return record((message) => !message.read);
  if (value === "tagged") return record((message) => message.tags.length > 0);
  throw searchError(column, `is:${value} is unknown; use is:read, is:unread or is:tagged`);
}

function content(value: string, column: number): Condition {
  if (value === "attachment") {
    return { depth: "letter", test: (message, letters) => letters.sketch(message).attachmentCount > 0 };
  }
  if (value === "inline")
    return { depth: "letter", test: (message, letters) => hasInline(letters.letter(message)) };
  throw searchError(column, `has:${value} is unknown; use has:attachment or has:inline`);
}

/** A part that another part shows: an image in the HTML. */
function hasInline(letter: Letter): boolean {
  return ownPartsOf(letter.root).some(
    ({ contentType, disposition }) => disposition === "inline" && !contentType.startsWith("text/"),
  );
}

type Person = Mailbox | string;

function people(test: Test, who: (message: StoredMessage, head: Head) => readonly Person[]): Condition {
  return head((message, read) => who(message, read).some((person) => isPerson(test, person)));
}

function sender(test: Test): Condition {
  return head((message) => isSender(test, message) || holds(test, message.authorName));
}

function isPerson(test: Test, person: Person): boolean {
  return typeof person === "string" ? holdsAddress(test, person) : test(person.address) || test(person.name);
}

function one(person: Mailbox | null): Mailbox[] {
  return person === null ? [] : [person];
}

function foldBlank(text: string): string {
  return text.replace(/\s{2,}|[^\S ]/g, " ");
}

function everybody({ envelope }: StoredMessage, { from, to, cc, bcc, replyTo }: Head): Person[] {
  return [...one(from), ...to, ...cc, ...bcc, ...replyTo, envelope.from, ...envelope.to];
}

/** The Bcc field, and recipients that no field names. */
function blindCopies({ envelope }: StoredMessage, { to, cc, bcc }: Head): Person[] {
  const named = new Set([...to, ...cc].map((person) => mailboxKey(person.address)));
  return [...bcc, ...envelope.to.filter((address) => !named.has(mailboxKey(address)))];
}

function deepest(nodes: readonly Condition[]): Depth {
  return depths[Math.max(0, ...nodes.map((node) => depths.indexOf(node.depth)))]!;
}

function record(test: (message: StoredMessage) => boolean): Condition {
  return { depth: "record", test };
}

function head(test: (message: StoredMessage, head: Head) => boolean): Condition {
  return { depth: "head", test: (message, letters) => test(message, letters.head(message)) };
}
