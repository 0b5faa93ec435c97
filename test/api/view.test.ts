import { describe, expect, test } from "vitest";
import { openRoom, type Room } from "./room.ts";

const png = "iVBORw0KGgo=";

function letter(html: string, type = "image/png"): string {
  return [
    "Subject: pictures",
    "MIME-Version: 1.0",
    'Content-Type: multipart/related; boundary="r"',
    "",
    "--r",
    "Content-Type: text/html; charset=utf-8",
    "",
    html,
    "--r",
    `Content-Type: ${type}`,
    "Content-ID: <logo@x.test>",
    "Content-Transfer-Encoding: base64",
    "",
    png,
    "--r--",
    "",
  ].join("\r\n");
}

async function show(
  room: Room,
  raw: string,
  headers: Record<string, string> = {},
  query = "",
): Promise<{ reply: Response; html: string; id: string }> {
  const id = await room.deliver({ raw });
  const reply = await room.app.request(`/view/${id}/html${query}`, {
    headers: { host: "127.0.0.1:8025", ...headers },
  });
  return { reply, html: await reply.text(), id };
}

const addressIn = (html: string): string | undefined => /src="?([^" >]*\/inline\/[^" >]*)/.exec(html)?.[1];

describe("view: the sandbox", () => {
  test("design C: no scripts, no origin, nothing loads but data: and this message's own parts", async () => {
    const { reply, id } = await show(openRoom(), letter("<p>Hi</p>"));
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = reply.headers.get("content-security-policy")!.split("; ");
    const pictures = policy.find((directive) => directive.startsWith("img-src"));
    expect(pictures).toMatch(
      new RegExp(`^img-src data: http://127\\.0\\.0\\.1:8025/view/${id}/inline/[0-9a-f]{32}/$`),
    );
    expect(policy.filter((directive) => directive !== pictures)).toEqual([
      "sandbox allow-popups allow-popups-to-escape-sandbox",
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      "font-src data:",
      "media-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ]);
    expect(reply.headers.get("x-dns-prefetch-control")).toBe("off");
    expect(reply.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("remote=1 lets pictures, styles, fonts and media come from anywhere, and changes nothing else", async () => {
    const room = openRoom();
    const raw = letter("<p>Hi</p>");
    const closed = (await show(room, raw)).reply.headers.get("content-security-policy")!.split("; ");
    const { reply, id } = await show(room, raw, { "sec-fetch-site": "same-origin" }, "?remote=1");
    const open = reply.headers.get("content-security-policy")!.split("; ");
    const widened = open.filter((directive) => !closed.includes(directive));
    expect(widened).toEqual([
      expect.stringMatching(new RegExp(`^img-src data: http://\\S+/view/${id}/inline/\\S+ http: https:$`)),
      "style-src 'unsafe-inline' http: https:",
      "font-src data: http: https:",
      "media-src data: http: https:",
    ]);
    expect(open).toHaveLength(closed.length);
    expect(open[0]).toBe("sandbox allow-popups allow-popups-to-escape-sandbox");
    for (const [name, value] of reply.headers) {
      if (name !== "content-security-policy")
        expect([name, value]).toEqual([name, (await show(room, raw)).reply.headers.get(name)]);
    }
  });

  test("remote content is off by default, for remote=0, and for a link of another site", async () => {
    const room = openRoom();
    const { reply } = await show(room, letter("<p>Hi</p>"), {}, "?remote=0");
    expect(reply.headers.get("content-security-policy")).not.toContain("https:");
    expect((await show(room, letter("<p>Hi</p>"), {}, "?remote=maybe")).reply.status).toBe(400);
    const link = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    for (const site of ["cross-site", "same-site"]) {
      const foreign = { ...link, "sec-fetch-site": site };
      expect((await show(room, letter("<p>Hi</p>"), foreign)).reply.status).toBe(200);
      expect((await show(room, letter("<p>Hi</p>"), foreign, "?remote=1")).reply.status).toBe(403);
    }
  });

  test("behind a proxy that ends TLS the addresses are https", async () => {
    const { reply } = await show(openRoom(), letter("<p>Hi</p>"), {
      host: "mail.internal",
      "x-forwarded-proto": "https",
    });
    expect(reply.headers.get("content-security-policy")).toContain(
      "img-src data: https://mail.internal/view/",
    );
  });

  test.each(["[::1]:8025", "project_mail_1:8025"])(
    "a host that no policy can name: %s, 'self'",
    async (host) => {
      const { reply } = await show(openRoom(), letter("<p>Hi</p>"), { host });
      expect(reply.headers.get("content-security-policy")).toContain("; img-src data: 'self';");
    },
  );

  test("a message without HTML: 404 that names the text", async () => {
    const room = openRoom();
    const id = await room.deliver();
    const reply = await room.app.request(`/view/${id}/html`);
    expect(reply.status).toBe(404);
    expect((await reply.json()).detail).toContain(`/api/messages/${id}/text`);
    expect((await room.app.request("/view/none/html")).status).toBe(404);
  });
});

describe("view: inline pictures", () => {
  const sandboxed = { origin: "null", "sec-fetch-site": "cross-site", host: "127.0.0.1:8025" };

  test("cid: leads to the part, which a sandboxed document may load, token or not", async () => {
    const room = openRoom({ guard: { hosts: [], token: "secret" } });
    const { html } = await show(room, letter('<img src="cid:logo@x.test">'), {
      authorization: "Bearer secret",
    });
    const address = addressIn(html);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8025\/view\//);
    const reply = await room.app.request(address!, { headers: sandboxed });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("image/png");
    expect(reply.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(new Uint8Array(await reply.arrayBuffer())).toEqual(
      Uint8Array.from(atob(png), (c) => c.charCodeAt(0)),
    );
  });

  test("a wrong secret, or that of another message: 404", async () => {
    const room = openRoom();
    const one = addressIn((await show(room, letter('<img src="cid:logo@x.test">'))).html)!;
    const two = await show(room, letter('<img src="cid:logo@x.test">'));
    const secret = /inline\/([0-9a-f]+)\//.exec(one)![1]!;
    for (const path of [
      `/view/${two.id}/inline/${secret}/logo@x.test`,
      one.replace(secret, "0".repeat(32)),
      one.replace(secret, ""),
    ]) {
      expect((await room.app.request(path, { headers: sandboxed })).status).toBe(404);
    }
  });

  test.each(["image/svg+xml", "text/html", "image/x-icon", "application/octet-stream"])(
    "%s is never served inline",
    async (type) => {
      const room = openRoom();
      const good = addressIn((await show(room, letter('<img src="cid:logo@x.test">'))).html)!;
      const { html, id } = await show(room, letter('<img src="cid:logo@x.test">', type));
      expect(addressIn(html)).toBeUndefined();
      expect(
        (await room.app.request(good.replace(/view\/[^/]+/, `view/${id}`), { headers: sandboxed })).status,
      ).toBe(404);
    },
  );
});
