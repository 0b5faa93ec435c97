/** What Resend refuses, and how it says so: over real HTTP, each refusal written down as a transaction. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mailproof, startMailproof } from "../../mod.ts";

const plain = { from: "App <app@example.com>", to: "ada@example.com", subject: "Hello", text: "Hi" };
const format =
  "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.";

let mail: Mailproof;
beforeAll(async () => {
  mail = await startMailproof();
});
afterAll(() => mail.close());

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const { url, key } = mail.providers.resend;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const many = (count: number, value: unknown): unknown[] => Array.from({ length: count }, () => value);
const attached = (attachment: unknown) => ({ ...plain, attachments: [attachment] });

describe("POST /emails", () => {
  test.each<[what: string, email: unknown, status: number, name: string, message: string]>([
    ["no JSON", "{", 400, "validation_error", "valid JSON"],
    ["no object", 5, 422, "validation_error", "must be an object"],
    ["no from", { ...plain, from: undefined }, 422, "missing_required_field", "Missing `from` field."],
    [
      "a bad from",
      { ...plain, from: "Acme <app@>" },
      422,
      "validation_error",
      `Invalid \`from\` field. ${format}`,
    ],
    ["from is no text", { ...plain, from: 5 }, 422, "validation_error", "`from`"],
    ["no to", { ...plain, to: undefined }, 422, "missing_required_field", "Missing `to` field."],
    ["an empty to", { ...plain, to: [] }, 422, "missing_required_field", "Missing `to` field."],
    ["a bad to", { ...plain, to: ["ada"] }, 422, "validation_error", `Invalid \`to\` field. ${format}`],
    ["a bad cc", { ...plain, cc: "a b@example.com" }, 422, "validation_error", "Invalid `cc` field."],
    ["a bad bcc", { ...plain, bcc: ["x@-example.com"] }, 422, "validation_error", "Invalid `bcc` field."],
    ["a bad reply_to", { ...plain, reply_to: "help" }, 422, "validation_error", "Invalid `reply_to` field."],
    ["51 in to", { ...plain, to: many(51, "ada@example.com") }, 422, "validation_error", "at most 50"],
    ["51 in cc", { ...plain, cc: many(51, "ada@example.com") }, 422, "validation_error", "`cc`"],
    ["51 in bcc", { ...plain, bcc: many(51, "ada@example.com") }, 422, "validation_error", "`bcc`"],
    [
      "no subject",
      { ...plain, subject: undefined },
      422,
      "missing_required_field",
      "Missing `subject` field.",
    ],
    [
      "no body",
      { ...plain, text: undefined },
      422,
      "missing_required_field",
      "Missing `html` or `text` field.",
    ],
    ["html is no text", { ...plain, html: {} }, 422, "validation_error", "`html`"],
    ["headers are a list", { ...plain, headers: [] }, 422, "validation_error", "`headers`"],
    [
      "a header with a line break",
      { ...plain, headers: { X: "a\nBcc: eve@example.com" } },
      422,
      "validation_error",
      '"X"',
    ],
    ["a header without a name", { ...plain, headers: { "X Y": "a" } }, 422, "validation_error", '"X Y"'],
    [
      "a tag with a space",
      { ...plain, tags: [{ name: "a", value: "b c" }] },
      422,
      "validation_error",
      "Tags",
    ],
    [
      "an empty attachment",
      attached({ filename: "a" }),
      422,
      "invalid_attachment",
      "either a `content` or `path`",
    ],
    ["no base64", attached({ filename: "a", content: "§" }), 422, "invalid_attachment", "base64"],
    [
      "a bad type",
      attached({ content: "", content_type: "png" }),
      422,
      "invalid_attachment",
      "`content_type`",
    ],
    [
      "a long content id",
      attached({ content: "", content_id: "x".repeat(128) }),
      422,
      "validation_error",
      "`content_id`",
    ],
    ["a bad date", { ...plain, scheduled_at: "soonish" }, 422, "validation_error", "`scheduled_at`"],
    ["a date too far", { ...plain, scheduled_at: "in 31 days" }, 422, "validation_error", "30 days"],
    [
      "a template and a text",
      { ...plain, template: { id: "a" } },
      422,
      "validation_error",
      "cannot be used together",
    ],
    [
      "a variable that is neither text nor number",
      {
        from: "a@b.test",
        to: "a@b.test",
        template: { id: "a", variables: { CODE: { toString: 1 } } },
      },
      422,
      "validation_error",
      '"CODE"',
    ],
    [
      "a template without id",
      { from: "a@b.test", to: "a@b.test", template: {} },
      422,
      "missing_required_field",
      "template.id",
    ],
  ])("%s", async (_, email, status, name, message) => {
    const before = await mail.mark();
    const { body } = await ask("POST", "/emails", email);
    expect(body).toEqual({ statusCode: status, name, message: expect.stringContaining(message) });
    const [transaction] = await mail.waitForTransactions({ provider: "resend" }, { since: before });
    expect(transaction).toMatchObject({ outcome: "rejected", reply: { code: status }, storedId: null });
    expect(transaction?.reply?.lines[0]).toContain(name);
    const { subject = null } = Object(email) as { subject?: string };
    expect(transaction?.content?.subject ?? null).toBe(subject);
    expect(await mail.messages()).toEqual([]);
  });

  test("of too many recipients not all are written down", async () => {
    const before = await mail.mark();
    const crowd = many(200_000, "ada@example.com");
    expect((await ask("POST", "/emails", { ...plain, to: crowd, cc: crowd })).status).toBe(422);
    const [transaction] = await mail.waitForTransactions({ provider: "resend" }, { since: before });
    expect(transaction?.recipients).toHaveLength(100);
  });

  test("reserved domains are never refused", async () => {
    for (const domain of ["example.com", "x.test", "localhost", "mail.invalid"]) {
      expect(
        (await ask("POST", "/emails", { ...plain, from: `a@${domain}`, to: `b@${domain}` })).status,
      ).toBe(200);
    }
    await mail.clear();
  });
});

describe("everything else", () => {
  const id = "97ad6e4c-2345-4b80-80d3-64e57ce97786";
  test.each<[route: string, body: unknown, headers: Record<string, string>, status: number, name: string]>([
    ["POST /emails", plain, { authorization: "" }, 401, "missing_api_key"],
    ["POST /emails", plain, { authorization: "Basic YTpi" }, 401, "missing_api_key"],
    ["GET /emails", undefined, { authorization: "" }, 401, "missing_api_key"],
    ["POST /emails", plain, { "idempotency-key": "" }, 400, "invalid_idempotency_key"],
    ["POST /emails", plain, { "idempotency-key": "x".repeat(257) }, 400, "invalid_idempotency_key"],
    ["PUT /emails", plain, {}, 405, "method_not_allowed"],
    ["GET /emails/batch", undefined, {}, 405, "method_not_allowed"],
    ["POST /emails/batch", plain, {}, 422, "validation_error"],
    ["POST /emails/batch", [], {}, 422, "missing_required_field"],
    ["POST /emails/batch", many(101, plain), {}, 422, "validation_error"],
    ["POST /emails/batch", [attached({ content: "", filename: "a" })], {}, 422, "validation_error"],
    ["POST /emails/batch", [{ ...plain, scheduled_at: "in 1 hour" }], {}, 422, "validation_error"],
    ["GET /emails/7", undefined, {}, 422, "invalid_parameter"],
    [`GET /emails/${id}`, undefined, {}, 404, "not_found"],
    [`PATCH /emails/${id}`, {}, {}, 404, "not_found"],
    [`POST /emails/${id}/cancel`, undefined, {}, 404, "not_found"],
    ["GET /emails?limit=101", undefined, {}, 422, "validation_error"],
    ["GET /domains", undefined, {}, 404, "not_found"],
    ["GET /", undefined, {}, 404, "not_found"],
  ])("%s %j %j", async (route, body, headers, status, name) => {
    const [method = "", path = ""] = route.split(" ");
    expect(await ask(method, path, body, headers)).toEqual({
      status,
      body: { statusCode: status, name, message: expect.any(String) },
    });
    expect(await mail.messages()).toEqual([]);
  });

  test("of an email that cannot be moved", async () => {
    const { body } = await ask("POST", "/emails", plain);
    const patch = (to: unknown) => ask("PATCH", `/emails/${body.id}`, to);
    expect((await patch({ scheduled_at: "in 1 hour" })).body.message).toContain("not scheduled");
    expect((await patch({})).body).toMatchObject({ name: "missing_required_field" });
    expect((await patch("{")).status).toBe(400);
    expect((await ask("GET", `/emails/${body.id}/share`)).status).toBe(404);
    expect((await ask("DELETE", `/emails/${body.id}`)).status).toBe(405);
    await mail.clear();
  });
});

describe("what a rule answers", () => {
  test.each<[http: object, status: number, body: unknown, headers: Record<string, string | null>]>([
    [{ status: 429 }, 429, { name: "rate_limit_exceeded" }, { "retry-after": "1", "ratelimit-limit": "2" }],
    [{ status: 429, code: "daily_quota_exceeded" }, 429, { message: expect.stringContaining("daily") }, {}],
    [{ status: 403 }, 403, { name: "invalid_api_key" }, { "retry-after": null }],
    [{ status: 500 }, 500, { name: "application_error" }, {}],
    [{ status: 503, retryAfter: "1m" }, 503, { name: "application_error" }, { "retry-after": "60" }],
    [{ status: 418, code: "teapot" }, 418, { name: "teapot", statusCode: 418 }, {}],
    [{ status: 502, body: { oops: [1] } }, 502, { oops: [1] }, {}],
  ])("%j", async (http, status, body, headers) => {
    await mail.faults.add({ on: "http", when: { times: 1 }, do: { http: http as { status: number } } });
    const { url, key } = mail.providers.resend;
    const response = await fetch(`${url}/emails`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(plain),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body as object);
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name), name).toBe(value);
    await mail.faults.clear();
  });

  test("a text is sent as it is", async () => {
    await mail.faults.add({ on: "http", do: { http: { status: 502, body: "<h1>Bad gateway</h1>" } } });
    const { url, key } = mail.providers.resend;
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/emails`, { method: "POST", headers, body: JSON.stringify(plain) });
    expect([response.status, await response.text()]).toEqual([502, "<h1>Bad gateway</h1>"]);
    await mail.faults.clear();
  });
});
