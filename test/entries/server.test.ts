/** The server of a worker. What must be set is set, and what is wrong with it is told before the runner gives up. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { startMailproof } from "../../mod.ts";
import { openMail } from "../../src/entries/server.ts";

afterEach(() => void vi.unstubAllEnvs());

test("MAILPROOF_URL names it", async () => {
  const server = await startMailproof();
  vi.stubEnv("MAILPROOF_URL", server.http.url);
  const mail = await openMail({ starttls: "offer" });
  expect(mail.smtp).toEqual(server.smtp);
  await mail.close();
  await expect(server.info()).resolves.toMatchObject({ name: "mailproof" });
  await server.close();
});

test("else one is started", async () => {
  vi.stubEnv("MAILPROOF_URL", "");
  const mail = await openMail({ starttls: "offer" });
  expect(mail.tls.ca).toContain("BEGIN CERTIFICATE");
  await mail.close();
});

test.each([
  ["http://127.0.0.1:9", "check that Mailproof runs at http://127.0.0.1:9"],
  ["http://any:secret@127.0.0.1:9", "check that Mailproof runs at http://127.0.0.1:9"],
  ["localhost", '"localhost" is no HTTP URL'],
])("%s cannot be used", async (url, reason) => {
  vi.stubEnv("MAILPROOF_URL", url);
  const failed: Error = await openMail({}).then(Promise.reject, (error) => error);
  expect(failed.message).toMatch(
    /^Failed to set up mail: MAILPROOF_URL names a server that cannot be used: /,
  );
  expect(failed.message).toContain(reason);
  expect(failed.message).toMatch(/; unset it to have one started$/);
  expect(failed.message).not.toContain("secret");
});

test("one that takes the connection and says nothing cannot either", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  vi.stubEnv("MAILPROOF_URL", `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await expect(openMail({})).rejects.toThrow("cannot be used: no answer in 3000 ms; unset it");
  silent.close();
});
