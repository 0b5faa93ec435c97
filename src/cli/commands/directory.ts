import type { DirectoryInput, DirectoryState } from "../../api/contract.ts";
import type { Command } from "../command.ts";
import { connected } from "../connection.ts";
import { parseJson, readNamedFile } from "../file.ts";
import { isOn } from "../option.ts";
import { printable, printableJson, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export const directory: Command = {
  name: "directory",
  operands: "[set FILE]",
  summary: "Show the users and mailing lists, or replace them by those of a JSON file",
  options: [],
  notes: ["  mailproof directory set people.json", ""],
  async run(line, terminal) {
    const [verb, file, ...more] = line.positionals;
    if (verb !== undefined && (verb !== "set" || file === undefined || more.length > 0)) {
      const given = line.positionals.join(" ");
      throw new UsageError(
        `Failed to read the command: directory ${given}; write mailproof directory ${directory.operands}`,
      );
    }
    // The server says what is wrong with it.
    const wanted =
      file === undefined ? null : (parseJson(readNamedFile(file, "the directory"), file) as DirectoryInput);
    const state = await connected(line.values, (mail) =>
      wanted === null ? mail.directory.get() : mail.directory.set(wanted),
    );
    if (isOn(line.values, "json")) terminal.out(printableJson(state, 2));
    else for (const text of linesOf(state, terminal)) terminal.out(text);
    return 0;
  },
};

function linesOf({ users, lists, strictUsers }: DirectoryState, { paint }: Terminal): readonly string[] {
  return [
    ...users.map(({ address, name }) => printable(`${name} <${address}>`.trimStart())),
    ...lists.map(
      ({ name, members }) => `${paint("bold", printable(name))}: ${printable(members.join(", "))}`,
    ),
    strictUsers ? "Every other recipient is refused" : "Every other recipient is accepted as well",
  ];
}
