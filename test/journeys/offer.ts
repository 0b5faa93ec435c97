/** What our EHLO lists: known when tests are collected, so that each is there or named as one to come. */
import { startMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";

export interface Offer {
  readonly keywords: ReadonlySet<string>;
  readonly mechanisms: ReadonlySet<string>;
}

/** As a server with credentials offers it: it can check mechanisms that need to know the password. */
export async function askOffer(): Promise<Offer> {
  const mail = await startMailproof({ auths: ["ada:secret"] });
  try {
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    const lines = (await client.ask("EHLO offer.test")).split("\n").map((line) => line.slice(4).split(" "));
    client.socket.destroy();
    const [, ...mechanisms] = lines.find(([keyword]) => keyword === "AUTH") ?? [];
    return {
      keywords: new Set(lines.map(([keyword = ""]) => keyword)),
      mechanisms: new Set(mechanisms),
    };
  } finally {
    await mail.close();
  }
}
