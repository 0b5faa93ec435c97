#!/usr/bin/env node
/**
 * THE DOOR: the command line of Mailproof. `mailproof --help` says what it can do.
 * @module
 */
import "./program-start.ts";
import process from "node:process";
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
runProgram(process.argv.slice(2), terminal).then(async (code) => {
  await terminal.drained();
  process.exitCode = code;
  // A handle that was left open does not keep the process.
  setTimeout(() => process.exit(code), 100).unref();
});
