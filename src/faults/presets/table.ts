/** The presets as data, family by family, and the packs of providers behind them. */

import { availabilityPresets } from "./availability.ts";
import { connectionPresets } from "./connection.ts";
import { limitsPresets } from "./limits.ts";
import { providerPresets } from "./packs.ts";
import { policyPresets } from "./policy.ts";
import { recipientPresets } from "./recipient.ts";
import type { PresetRow } from "./row.ts";
import { securityPresets } from "./security.ts";
import { wirePresets } from "./wire.ts";

export const presetTable: Readonly<Record<string, PresetRow>> = {
  ...recipientPresets,
  ...limitsPresets,
  ...availabilityPresets,
  ...policyPresets,
  ...securityPresets,
  ...connectionPresets,
  ...wirePresets,
  ...providerPresets,
};
