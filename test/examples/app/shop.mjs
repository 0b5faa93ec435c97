/**
 * An application as many are: it signs up members and sends invoices. It knows the URL of a mail server,
 * and nothing of what answers there.
 */
import { randomInt, randomUUID } from "node:crypto";
import process from "node:process";
import nodemailer from "nodemailer";

const from = "shop@example.test";

export function openShop(smtpUrl, url = "https://shop.test") {
  const { SHOP_SUBJECT: subject = "Welcome to the shop", SHOP_ATTEMPTS: attempts = "3" } = process.env;
  const transport = nodemailer.createTransport(smtpUrl);
  /** The code and the token that each address was sent. */
  const pending = new Map();
  const members = new Set();

  return {
    async signUp(address) {
      const [code, token] = [String(randomInt(100_000, 1_000_000)), randomUUID()];
      pending.set(address, { code, token });
      const link = `${url}/confirm?address=${encodeURIComponent(address)}&token=${token}`;
      await transport.sendMail({ from, to: address, subject, text: `Your code is ${code}. Or open ${link}` });
    },

    confirm(address, codeOrToken) {
      const { code, token } = pending.get(address) ?? {};
      if (codeOrToken === code || codeOrToken === token) members.add(address);
      return members.has(address);
    },

    /** False: given up. Each attempt has the same Message-ID, so that whoever gets two can tell that they are one. */
    async sendInvoice(address, number) {
      const messageId = `<invoice-${number}@example.test>`;
      const letter = { from, to: address, subject: `Invoice ${number}`, text: "Thank you", messageId };
      for (let attempt = 1; attempt <= Number(attempts); attempt++) {
        try {
          await transport.sendMail(letter);
          return true;
        } catch {
          // The next attempt, if there is one.
        }
      }
      return false;
    },
  };
}
