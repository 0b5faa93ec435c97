/** The presets as data, family by family, and the packs of providers behind them. */
import { connectionPresets } from "./presets/connection.ts";
import { limitsPresets } from "./presets/limits.ts";
import { providerPresets } from "./presets/packs.ts";
import { policyPresets } from "./presets/policy.ts";
import { recipientPresets } from "./presets/recipient.ts";
import type { PresetRow } from "./presets/row.ts";
import { securityPresets } from "./presets/security.ts";
import { servicePresets } from "./presets/service.ts";
import { wirePresets } from "./presets/wire.ts";

export const presetTable: Readonly<Record<string, PresetRow>> = {
  ...recipientPresets,
  ...limitsPresets,
  ...servicePresets,
  ...policyPresets,
  ...securityPresets,
  ...connectionPresets,
  ...wirePresets,
  ...providerPresets,
};
