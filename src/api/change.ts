/** Marking, tagging and deleting messages, one or many; the journal hears of each. */
import * as v from "valibot";
import type { Selection } from "../store/mod.ts";
import type { MessageChange } from "./contract.ts";
import type { ApiParts } from "./parts.ts";

const label = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

/** The body of a PATCH. */
export const messageChange = v.strictObject({
  read: v.exactOptional(v.boolean()),
  tags: v.exactOptional(v.pipe(v.array(label), v.maxLength(50))),
});

/** Changes the messages and says so in the journal. */
export async function changeMessages(
  parts: ApiParts,
  which: Selection,
  change: MessageChange,
): Promise<string[]> {
  const ids = await parts.store.patch(which, change);
  if (ids.length > 0) parts.journal.append({ type: "message.updated", data: { ids, ...change } });
  return ids;
}

/** Deletes the messages and says so in the journal. */
export async function deleteMessages(parts: ApiParts, which: Selection): Promise<string[]> {
  const ids = await parts.store.remove(which);
  if (ids.length > 0) parts.journal.append({ type: "message.deleted", data: { ids, reason: "deleted" } });
  return ids;
}
