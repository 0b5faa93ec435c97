/** `/providers/{name}/…`: HTTP mail providers, as their clients know them. */
import { Hono } from "hono";
import type { ProviderContext } from "../providers/mod.ts";
import { maxEncodedSize, readOctets } from "./body.ts";
import { changeMessages } from "./change.ts";
import { isSame } from "./guard.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";

export function providersRoutes(parts: ApiParts): Hono {
  const app = new Hono();
  app.all("/:name/*", async (c) => {
    const name = c.req.param("name");
    const provider = parts.providers.find((one) => one.name === name);
    if (provider === undefined) throw unknownProvider(name, parts);
    const url = new URL(c.req.url);
    const prefix = `/providers/${name}`;
    url.pathname = url.pathname.slice(url.pathname.indexOf(prefix) + prefix.length);
    return await provider.handle(c.req.raw, url, contextOf(parts, c.req.raw.signal));
  });
  return app;
}

function contextOf(parts: ApiParts, signal: AbortSignal): ProviderContext {
  const { store, clock, submissions } = parts;
  return {
    maxMessageSize: parts.info().limits.maxMessageSize,
    now: ({ inbox }) => clock.now(() => (inbox === null ? [] : [inbox])),
    newId: () => crypto.randomUUID(),
    account: (key) => {
      const inbox = parts.inboxOfKey(key);
      if (inbox !== null) return { inbox };
      // Without a token any key will do, as any password does.
      const { token } = parts.guard;
      return token === null || isSame(key, token) ? { inbox: null } : null;
    },
    read: async (request) => {
      try {
        return await readOctets(request, maxEncodedSize(parts));
      } catch (error) {
        if (error instanceof ProblemError && error.kind === "too-large") return null;
        throw error;
      }
    },
    compose: parts.compose,
    submit: (mails) => submissions.submit(mails, signal),
    message: (id) => store.message(id),
    change: async (id, { heldUntil, tags = [] }) => {
      if (heldUntil !== undefined) await submissions.hold(id, heldUntil);
      const summary = tags.length === 0 ? null : await store.summary(id);
      if (summary === null) return;
      await changeMessages(parts, { ids: [id] }, { tags: [...new Set([...summary.tags, ...tags])] });
    },
  };
}

function unknownProvider(name: string, { providers }: ApiParts): ProblemError {
  const known = providers.map((one) => `/providers/${one.name}`).join(", ");
  return new ProblemError("not-found", `Failed to find the provider: ${JSON.stringify(name)}; use ${known}`);
}
