import { startMailproof } from "../../mod.ts";
import { sdkContract } from "./contract.ts";

sdkContract("the SDK in process", () => startMailproof());
