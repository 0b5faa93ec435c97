import { type Evidence, gatherEvidence, type Mailproof } from "../sdk/mod.ts";
type Inbox = Mailproof & { id: string; name: string; address(local?: string): string };
export type { Inbox };
/** STUB until inboxes land. */
export async function openInbox(mail: Mailproof, name: string): Promise<Inbox> {
  const bound = Object.fromEntries(["waitFor", "waitForAll", "waitForTransactions", "expectNone", "messages", "transactions", "sessions", "transcript", "mark"].map((k) => [k, (mail as any)[k].bind(mail)]));
  return Object.assign(Object.create(mail), bound, { faults: mail.faults, id: "i1", name, address: (l = "test") => `${l}@i1.inbox.test`, close: async () => {await mail.clear(); await mail.faults.clear(); } });
}

/** Takes down an inbox at the end of its test, and before that tells what is in it if the test has failed. */
export async function closeInbox(
  inbox: Inbox,
  failed: boolean,
  tell: (evidence: Evidence) => Promise<void> | void,
): Promise<void> {
  if (failed) await tell(await gather(inbox));
  await inbox.close();
}

/** A server that does not answer must not hide why the test failed. */
async function gather(inbox: Inbox): Promise<Evidence> {
  try {
    return await gatherEvidence(inbox);
  } catch (error) {
    return { text: `the mail of this test cannot be read: ${error}`, letters: [], transcripts: [] };
  }
}
