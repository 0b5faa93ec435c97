/**
 * The contract of the SDK: what holds for every handle, in this process or over HTTP.
 * Its parts are in `contract-*.ts`; `start` gives a handle on a server that nobody else uses.
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { Mailproof } from "../../src/sdk/mod.ts";
import { directoryContract } from "./contract-directory.ts";
import { faultsContract } from "./contract-faults.ts";
import { handleContract } from "./contract-handle.ts";
import { inboxContract } from "./contract-inbox.ts";
import { matchersContract } from "./contract-matchers.ts";
import { recordsContract } from "./contract-records.ts";
import { waitsContract } from "./contract-waits.ts";

/** The handle of the test that runs. */
export type Held = () => Mailproof;

export function sdkContract(name: string, start: () => Promise<Mailproof>): void {
  describe(name, () => {
    let mail: Mailproof;
    beforeEach(async () => {
      mail = await start();
    });
    afterEach(async () => {
      await mail.close();
    });
    for (const contract of [
      waitsContract,
      recordsContract,
      faultsContract,
      directoryContract,
      handleContract,
      matchersContract,
      inboxContract,
    ])
      contract(() => mail);
  });
}
