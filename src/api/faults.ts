/** `/api/faults`: the rules in force, what a rule may be, and the presets they can be made from. */
import { Hono } from "hono";
import { faultRuleSchema, listPresets, presetNames } from "../faults/mod.ts";
import { nearest } from "../notation/mod.ts";
import { readJson } from "./body.ts";
import type { DeletedReply, FaultsReply, PresetsReply } from "./contract.ts";
import { readInboxParameter } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { onlyQuery } from "./query.ts";

export function faultsRoutes(parts: ApiParts): Hono {
  const { faults, journal, inboxes } = parts;
  const app = new Hono();
  const changed = (): void => void journal.append({ type: "faults.changed", data: {} });

  app.get("/", (c) => {
    const reply: FaultsReply = { rules: [...faults.list(readInboxParameter(c, inboxes))] };
    return c.json(reply);
  });

  // What is no object with rules is one rule, and is refused as such if it is none.
  app.post("/", async (c) => {
    const inbox = readInboxParameter(c, inboxes);
    const body = await readJson(c);
    const added = faults.add(body, inbox);
    changed();
    const isOne = !Array.isArray(body) && !Object.hasOwn(body as object, "rules");
    return c.json(isOne ? added[0] : ({ rules: [...added] } satisfies FaultsReply), 201);
  });

  app.put("/", async (c) => {
    const inbox = readInboxParameter(c, inboxes);
    const reply: FaultsReply = { rules: [...faults.replace(await readJson(c), inbox)] };
    changed();
    return c.json(reply);
  });

  app.delete("/", (c) => {
    const inbox = readInboxParameter(c, inboxes);
    const reply: DeletedReply = { deleted: faults.list(inbox).map((rule) => rule.id) };
    faults.clear(inbox);
    changed();
    return c.json(reply);
  });

  app.post("/reset", (c) => {
    const inbox = readInboxParameter(c, inboxes);
    faults.reset(inbox);
    changed();
    const reply: FaultsReply = { rules: [...faults.list(inbox)] };
    return c.json(reply);
  });

  app.get("/schema", (c) => {
    onlyQuery(c);
    return c.json(faultRuleSchema(), 200, { "Content-Type": "application/schema+json" });
  });

  app.get("/presets", (c) => {
    onlyQuery(c);
    const reply: PresetsReply = { presets: [...listPresets()] };
    return c.json(reply);
  });

  app.post("/presets/:name", async (c) => {
    const name = c.req.param("name");
    if (!presetNames.includes(name)) throw unknownPreset(name);
    const inbox = readInboxParameter(c, inboxes);
    const reply: FaultsReply = { rules: [...faults.use(name, await readJson(c, {}), inbox)] };
    changed();
    return c.json(reply, 201);
  });

  app.get("/:id", (c) => {
    onlyQuery(c);
    const id = c.req.param("id");
    return c.json(faults.get(id) ?? unknownRule(id));
  });

  app.patch("/:id", async (c) => {
    onlyQuery(c);
    const id = c.req.param("id");
    const rule = faults.update(id, await readJson(c)) ?? unknownRule(id);
    changed();
    return c.json(rule);
  });

  app.delete("/:id", (c) => {
    onlyQuery(c);
    const id = c.req.param("id");
    if (!faults.remove(id)) unknownRule(id);
    changed();
    const reply: DeletedReply = { deleted: [id] };
    return c.json(reply);
  });

  return app;
}

function unknownPreset(name: string): ProblemError {
  const near = nearest(name, presetNames);
  const advice = near === null ? "all are at /api/faults/presets" : `did you mean ${JSON.stringify(near)}?`;
  return new ProblemError("not-found", `Failed to find the preset: ${JSON.stringify(name)}; ${advice}`);
}

function unknownRule(id: string): never {
  throw new ProblemError(
    "not-found",
    `Failed to find the rule: ${JSON.stringify(id)}; those in force are at /api/faults`,
  );
}
