/** `/api/directory`: the users and mailing lists that SMTP answers from. */
import { Hono } from "hono";
import { readJson } from "./body.ts";
import type { DirectoryState } from "./contract.ts";
import type { ApiParts } from "./parts.ts";
import { onlyQuery } from "./query.ts";

export function directoryRoutes({ directory }: ApiParts): Hono {
  const app = new Hono();

  app.get("/", (c) => {
    onlyQuery(c);
    return c.json(directory.get() satisfies DirectoryState);
  });

  // The directory reads what it is given itself, as it does with the options of a start.
  app.put("/", async (c) => {
    onlyQuery(c);
    return c.json(directory.set(await readJson(c)) satisfies DirectoryState);
  });

  return app;
}
