import { holds, patternTest, readFlag, readInstant, refuseUnknownFields } from "./condition.ts";
import { type SessionFilter, sessionFields } from "./filter.ts";
import type { Session } from "./records.ts";

/** Tests that must all hold. @throws FilterError where the filter cannot be understood. */
export function compileSessionFilter(filter: SessionFilter): readonly ((session: Session) => boolean)[] {
  refuseUnknownFields(filter, sessionFields);
  const tests: ((session: Session) => boolean)[] = [];
  const { inbox, source, listener, user, open, before, after } = filter;
  if (open !== undefined) {
    const flag = readFlag("open", open);
    tests.push((session) => (session.closedAt === null) === flag);
  }
  if (before !== undefined) {
    const instant = readInstant("before", before);
    tests.push((session) => Date.parse(session.openedAt) < instant);
  }
  if (after !== undefined) {
    const instant = readInstant("after", after);
    tests.push((session) => Date.parse(session.openedAt) >= instant);
  }
  if (inbox !== undefined) {
    const test = patternTest("inbox", inbox);
    tests.push((session) => session.inboxes.some(test));
  }
  if (source !== undefined) {
    const test = patternTest("source", source);
    tests.push((session) => test(session.remoteAddress));
  }
  if (listener !== undefined) {
    const test = patternTest("listener", listener);
    tests.push((session) => test(session.listener));
  }
  if (user !== undefined) {
    const test = patternTest("user", user);
    tests.push((session) => holds(test, session.user));
  }
  return tests;
}
