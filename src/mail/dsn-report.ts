/**
 * Delivery status notifications (RFC 3464) as a mail system sends them: a report in three parts (RFC 6522),
 * for people, for programs, and what was sent; with addresses beyond ASCII in the form of RFC 6533.
 */

export interface ReportFacts {
  /** Of the server that reports. */
  readonly hostname: string;
  readonly messageId: string;
  /** Milliseconds since the epoch: of the report, and of the message it is about. */
  readonly now: number;
  readonly arrivedAt: number;
  /** To whom it goes: the reverse-path of the message. */
  readonly sender: string;
  /** ENVID (RFC 3461 §4.4), decoded. */
  readonly envelopeId: string | null;
  /** `original`: ORCPT (RFC 3461 §4.2), decoded, such as `rfc822;b@s.test`. */
  readonly recipients: readonly { readonly address: string; readonly original: string | null }[];
  /** Class 5: it failed; class 4: it is delayed. */
  readonly status: string;
  /** Such as `smtp; 550 5.1.1 User unknown`. */
  readonly diagnostic: string | null;
  /** The message; null: it is not there any more. */
  readonly content: Uint8Array | null;
  /** RET (RFC 3461 §4.3): all of the message, or its header. */
  readonly returns: "FULL" | "HDRS";
  /** The message came with SMTPUTF8. */
  readonly isUtf8: boolean;
}

/** Of a line, without its end (RFC 5322 §2.1.1). */
const lineOctets = 998;

/** One that is no longer than a line of a header should be. */
const longestText = 900;

interface Part {
  readonly type: string;
  readonly encoding: "7bit" | "8bit" | "quoted-printable";
  /** Characters stand for octets. */
  readonly body: string;
}

/** The message as octets. */
export function composeReport(facts: ReportFacts): Uint8Array {
  const parts = [notification(facts), deliveryStatus(facts), ...returned(facts)];
  let boundary = `=_${facts.messageId.replace(/[^\w.]/g, "_").slice(0, 60)}`;
  while (parts.some(({ body }) => body.includes(boundary))) boundary += "_";
  const encoding = parts.some((part) => part.encoding === "8bit") ? "8bit" : "7bit";
  const header = [
    `Date: ${mailDate(facts.now)}`,
    `From: Mail Delivery System <MAILER-DAEMON@${facts.hostname}>`,
    `To: <${utf8(facts.sender)}>`,
    `Subject: ${isDelay(facts) ? "Delivery delayed" : "Undelivered Mail Returned to Sender"}`,
    `Message-ID: <${facts.messageId}>`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
    `Content-Transfer-Encoding: ${encoding}`,
  ];
  const bodies = parts.map(
    ({ type, encoding, body }) =>
      `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`,
  );
  return octets(`${header.join("\r\n")}\r\n\r\n${bodies.join("")}--${boundary}--\r\n`);
}

function isDelay({ status }: ReportFacts): boolean {
  return status.startsWith("4.");
}

function isInternational({ isUtf8, sender, recipients }: ReportFacts): boolean {
  return isUtf8 || !isAscii(sender) || recipients.some(({ address }) => !isAscii(address));
}

/** For people. */
function notification(facts: ReportFacts): Part {
  const reason = facts.diagnostic === null ? facts.status : facts.diagnostic.replace(/^[^;]*;\s*/, "");
  const lines = [
    `This is the mail system at host ${facts.hostname}.`,
    "",
    isDelay(facts)
      ? "Your message could not be delivered yet. It is tried again later."
      : "Your message could not be delivered to one or more recipients.",
    "",
    ...facts.recipients.flatMap(({ address }) => [`<${address}>:`, `    ${oneLine(reason)}`, ""]),
  ];
  const text = lines.join("\r\n");
  return isAscii(text)
    ? { type: "text/plain; charset=us-ascii", encoding: "7bit", body: text }
    : { type: "text/plain; charset=utf-8", encoding: "8bit", body: utf8(text) };
}

/** For programs: fields of the message, and a group of them for each recipient (RFC 3464 §2). */
function deliveryStatus(facts: ReportFacts): Part {
  const isWide = isInternational(facts);
  const perMessage = [
    `Reporting-MTA: dns; ${facts.hostname}`,
    ...(facts.envelopeId === null ? [] : [`Original-Envelope-Id: ${facts.envelopeId}`]),
    `Arrival-Date: ${mailDate(facts.arrivedAt)}`,
  ];
  const perRecipient = facts.recipients.map(({ address, original }) => [
    ...(original === null ? [] : [`Original-Recipient: ${original.replace(";", "; ")}`]),
    `Final-Recipient: ${isAscii(address) ? "rfc822" : "utf-8"}; ${address}`,
    `Action: ${isDelay(facts) ? "delayed" : "failed"}`,
    `Status: ${facts.status}`,
    ...(facts.diagnostic === null ? [] : [`Diagnostic-Code: ${typed(oneLine(facts.diagnostic))}`]),
    `Last-Attempt-Date: ${mailDate(facts.now)}`,
  ]);
  const groups = [perMessage, ...perRecipient].map((fields) => `${fields.join("\r\n")}\r\n`).join("\r\n");
  if (!isWide) return { type: "message/delivery-status", encoding: "7bit", body: escaped(groups) };
  const encoding = isAscii(groups) ? "7bit" : "8bit";
  return { type: "message/global-delivery-status", encoding, body: utf8(groups) };
}

/** What was sent. A message that no message may hold, and what is not wanted whole, is told by its header. */
function returned(facts: ReportFacts): Part[] {
  const { content, returns } = facts;
  if (content === null) return [];
  const isWide = isInternational(facts);
  const whole = characters(content);
  if (returns === "FULL" && isLines(whole)) {
    return [
      { type: isWide ? "message/global" : "message/rfc822", encoding: plainEncoding(whole), body: whole },
    ];
  }
  const header = headerOf(whole);
  const type = isWide ? "message/global-headers" : "text/rfc822-headers";
  if (isLines(header) && (isWide || isAscii(header))) {
    return [{ type, encoding: plainEncoding(header), body: header }];
  }
  // RFC 6522 §4: broken headers are to be made legal so.
  return [{ type, encoding: "quoted-printable", body: quotedPrintable(header) }];
}

function headerOf(content: string): string {
  if (content.startsWith("\r\n")) return "";
  const end = content.indexOf("\r\n\r\n");
  return end === -1 ? content : content.slice(0, end + 2);
}

function plainEncoding(text: string): "7bit" | "8bit" {
  return isAscii(text) ? "7bit" : "8bit";
}

/** Lines that every mail system takes (RFC 2045 §2.7, §2.8). */
function isLines(text: string): boolean {
  const lines = text.split("\r\n");
  return lines.every((line) => line.length <= lineOctets && !/[\0\r\n]/.test(line));
}

/** RFC 2045 §6.7 */
function quotedPrintable(text: string): string {
  return text
    .split("\r\n")
    .map((line) =>
      line
        .replace(/[^\t -<>-~]|[\t ]$/g, (octet) => `=${hex(octet.charCodeAt(0)).toUpperCase()}`)
        .replace(/.{70,72}(?<!=)(?<!=.)(?=.)/g, "$&=\r\n"),
    )
    .join("\r\n");
}

/** RFC 3464 §2.1.2: a code has the type of what said it. */
function typed(diagnostic: string): string {
  return /^[\w-]+;/.test(diagnostic) ? diagnostic : `smtp; ${diagnostic}`;
}

function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]+/g, " ").slice(0, longestText);
}

function mailDate(ms: number): string {
  return new Date(ms).toUTCString().replace("GMT", "+0000");
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** RFC 6533 §3: how an address of type `utf-8` is written in ASCII. */
function escaped(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => `\\x{${hex(char.codePointAt(0) ?? 0).toUpperCase()}}`);
}

function hex(code: number): string {
  return code.toString(16).padStart(2, "0");
}

/** One character for each octet. */
function utf8(text: string): string {
  return isAscii(text) ? text : characters(new TextEncoder().encode(text));
}

function characters(octets: Uint8Array): string {
  let text = "";
  for (let at = 0; at < octets.length; at += 8192) {
    text += String.fromCharCode(...octets.subarray(at, at + 8192));
  }
  return text;
}

function octets(characters: string): Uint8Array {
  return Uint8Array.from(characters, (char) => char.charCodeAt(0));
}
