/** The shop as a web page. */
import { createServer } from "node:http";
import { openShop } from "./shop.mjs";

const form = `<form method="post" action="/sign-up">
  <label>Address <input name="address" type="email"></label> <button>Sign up</button>
</form>`;

export async function servePage(smtpUrl) {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, url);
    const say = (body) => response.setHeader("content-type", "text/html").end(`<h1>Shop</h1>${body}`);
    if (pathname === "/sign-up") {
      await shop.signUp(new URLSearchParams(await read(request)).get("address"));
      say("<p>Look into your inbox.</p>");
    } else if (pathname === "/confirm") {
      const isMember = shop.confirm(searchParams.get("address"), searchParams.get("token"));
      say(isMember ? "<p>You are a member now.</p>" : "<p>This link is not valid.</p>");
    } else say(form);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const shop = openShop(smtpUrl, url);
  return { url, close: () => server.close() };
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
