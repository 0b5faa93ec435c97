import { type Evidence, gatherEvidence, type Inbox, type Mailproof } from "../sdk/mod.ts";

/** Characters; an inbox takes no more. */
const longestName = 200;

/** @param titles of the test and of what it stands in, outermost first */
export async function openInbox(mail: Mailproof, titles: readonly string[]): Promise<Inbox> {
  return await mail.inbox({ name: titles.join(" > ").slice(0, longestName) });
}

/**
 * Takes down the inbox of a test.
 * @param tell called before that, if the test has failed
 */
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
