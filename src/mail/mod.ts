/** THE LETTER: octets made readable. MIME tree with exact parts, text and HTML, links, one-time codes, calendars, delivery reports. */
export { calendarsOf } from "./calendars.ts";
export { codesOf } from "./codes.ts";
export { deliveryStatusOf } from "./delivery-status.ts";
export { composeReport, type ReportFacts } from "./dsn-report.ts";
export { readEnvelope } from "./envelope.ts";
export { maxHeaderOctets, readHeader } from "./header.ts";
export { htmlToText } from "./html.ts";
export type { Head, HeaderField, Letter, Mailbox, Part } from "./letter.ts";
export { type Link, linksOf } from "./links.ts";
export { ownPartsOf, partByPath, partsOf } from "./part.ts";
export { readHead, readLetter, readText, readWords } from "./reader.ts";
export { htmlForView } from "./view.ts";
