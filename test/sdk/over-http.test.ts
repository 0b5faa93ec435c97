import { afterEach } from "vitest";
import { connectMailproof, type Mailproof, startMailproof } from "../../mod.ts";
import { sdkContract } from "./contract.ts";

const servers: Mailproof[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

sdkContract("the SDK over HTTP", async () => {
  const server = await startMailproof();
  servers.push(server);
  return await connectMailproof(server.http.url);
});
