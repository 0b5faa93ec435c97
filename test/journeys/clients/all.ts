/** The clients that are tested, and what is known about them. */
import type { Client } from "../client.ts";
import { commands } from "./commands.ts";
import { libraries } from "./libraries.ts";
import { packages } from "./packages.ts";

export const clients: readonly Client[] = [...packages, ...commands, ...libraries];
