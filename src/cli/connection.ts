import { connectInbox, connectMailproof, type MailHandle, MailproofError } from "../sdk/mod.ts";
import { readEnvironment, readVariable } from "./environment.ts";
import { textOf, type Values } from "./option.ts";
import { serverOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** In a container both the server and its health check see the same variables. */
const httpPort = serverOptions.filter(({ flag }) => flag === "http-port");

/** Where the running server is: the flag, else `MAILPROOF_URL`, else the default port on this machine. */
export function urlOf(values: Values): string {
  const url =
    textOf(values, "url") ??
    readVariable("MAILPROOF_URL") ??
    `http://127.0.0.1:${readEnvironment(httpPort).get("http-port") ?? 8025}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new UsageError(
    `Failed to read the URL: ${JSON.stringify(url)}; use one such as http://127.0.0.1:8025`,
  );
}

/** Lets `use` work with the running server, or with its `--inbox`, and lets go of it afterwards. */
export async function connected<T>(values: Values, use: (mail: MailHandle) => Promise<T>): Promise<T> {
  const token = textOf(values, "http-token");
  const inbox = textOf(values, "inbox");
  const options = token === undefined ? {} : { token };
  const mail = await (inbox === undefined
    ? connectMailproof(urlOf(values), options)
    : connectInbox(inbox, urlOf(values), options));
  try {
    return await use(mail);
  } catch (error) {
    if (error instanceof MailproofError && error.is("not-found")) throw new Error(inCommands(error.message));
    // Of a filter: what nobody can look for is not what nobody found.
    if (error instanceof MailproofError && error.is("bad-query")) throw new UsageError(error.message);
    throw error;
  } finally {
    await mail.close();
  }
}

const commandOf: Readonly<Record<string, string>> = {
  "messages/wait": "wait",
  messages: "list",
  transactions: "transactions",
  sessions: "sessions",
  faults: "faults",
  "faults/presets": "faults presets",
};

/** Where the API names a route that knows more, the command for it: `…; see mailproof list` */
function inCommands(message: string): string {
  return message.replace(/[^;]*\/api\/([a-z/]+)$/, (clause, route: string) => {
    const command = commandOf[route];
    return command === undefined ? clause : ` see mailproof ${command}`;
  });
}
