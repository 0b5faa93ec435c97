/**
 * VRFY, EXPN and RCPT, answered from the directory (RFC 5321 §3.5; RFC 821 §3.3).
 *
 * 250 is said only of a mailbox that is in the directory (RFC 5321 §3.5.3, §7.3). Of what it does not know,
 * VRFY says 252 as without a directory, unless unknown recipients are refused: then it says what RCPT would.
 * A mailing list is no mailbox: mail for it is not handed on to its members, so VRFY says 252 and leaves
 * naming them to EXPN.
 */
import { type Checkpoint, isPlainAscii, type Reply, reply } from "../smtp/mod.ts";
import type { Directory, DirectoryUser } from "../store/mod.ts";

const noSuchUser = reply(550, "5.1.1", "No such user here");
const noSuchList = reply(550, "5.1.1", "No such mailing list here");
const noMembers = reply(550, "5.2.4", "The mailing list has no members"); // RFC 3463 §3.3
const isList = reply(252, "2.5.0", "Unable to verify the members of a mailing list, EXPN names them");
// RFC 6531 §3.7.4.2
const needsUtf8 = reply(252, "2.6.8", "The mailbox can only be shown in UTF-8, ask with SMTPUTF8");
const ambiguousUtf8 = reply(553, "5.6.8", "Ambiguous, the possibilities can only be shown in UTF-8");

/** The reply to VRFY, EXPN or RCPT that the directory gives; `proposed`: it has nothing to say. */
export function enquire(directory: Directory, { command }: Checkpoint, proposed: Reply): Reply {
  switch (command?.kind) {
    case "rcpt":
      return isRefused(directory, command.path.address) ? noSuchUser : proposed;
    case "vrfy": {
      const isUtf8 = command.parameters.SMTPUTF8 === true;
      return verify(directory, command.argument, isUtf8) ?? proposed;
    }
    case "expn": {
      const isUtf8 = command.parameters.SMTPUTF8 === true;
      return expand(directory, command.argument, isUtf8) ?? proposed;
    }
    default:
      return proposed;
  }
}

function verify(directory: Directory, text: string, isUtf8: boolean): Reply | null {
  const users = directory.findUsers(text);
  if (users.length > 1) return ambiguous(users, isUtf8);
  if (users.length === 1) return found(users, isUtf8);
  if (directory.findLists(text).length > 0) return isList;
  return isRefused(directory, text) ? noSuchUser : null;
}

function expand(directory: Directory, text: string, isUtf8: boolean): Reply | null {
  const lists = directory.findLists(text);
  const [list] = lists;
  if (list === undefined) return directory.hasLists ? noSuchList : null;
  if (lists.length > 1) {
    return ambiguous(
      lists.map(({ name }) => ({ address: name, name: "" })),
      isUtf8,
    );
  }
  const members = directory.expand(list);
  return members.length === 0 ? noMembers : found(members, isUtf8);
}

function isRefused(directory: Directory, recipient: string): boolean {
  return directory.strictUsers && !directory.knows(recipient);
}

function found(users: readonly DirectoryUser[], isUtf8: boolean): Reply {
  if (!canBeShown(users, isUtf8)) return needsUtf8;
  return { ...reply(250, "2.1.5", ...users.map((user) => mailboxLine(user, isUtf8))), isUtf8 };
}

/** RFC 5321 §3.5.1 */
function ambiguous(users: readonly DirectoryUser[], isUtf8: boolean): Reply {
  if (!canBeShown(users, isUtf8)) return ambiguousUtf8;
  const lines = users.map((user) => mailboxLine(user, isUtf8));
  return { ...reply(553, "5.1.4", "Ambiguous, the possibilities are", ...lines), isUtf8 };
}

function canBeShown(users: readonly DirectoryUser[], isUtf8: boolean): boolean {
  return isUtf8 || users.every(({ address }) => isPlainAscii(address));
}

/** RFC 5321 §3.5.2: the mailbox must be there, the name may. */
function mailboxLine({ address, name }: DirectoryUser, isUtf8: boolean): string {
  return name !== "" && (isUtf8 || isPlainAscii(name)) ? `${name} <${address}>` : `<${address}>`;
}
