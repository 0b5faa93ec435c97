/**
 * Loaded into the program under test (`--import`): on SIGUSR2 it collects its garbage and closes the gaps, so that
 * what is measured afterwards is what it holds on to. Its heap is the one that every user gets.
 */
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

process.on("SIGUSR2", () => {
  setFlagsFromString("--compact-on-every-full-gc");
  collect();
  setFlagsFromString("--no-compact-on-every-full-gc");
});
