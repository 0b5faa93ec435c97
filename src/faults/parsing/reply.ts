import { at, show, suggest } from "../../notation/mod.ts";
import { placeholders, unknownPlaceholders } from "../template.ts";
import { read, refuse } from "./reader.ts";

/** A reply before code and phase complete it and its placeholders are filled. */
export interface ReplyTemplate {
  readonly code: number;
  /** Null: none is sent. Undefined: from the table. */
  readonly enhanced: string | null | undefined;
  /** Null: from the table. */
  readonly lines: readonly string[] | null;
}

const form = /^(\d{3})(?: ([245]\.\d{1,3}\.\d{1,3})(?= |$))?(?: (.*))?$/s;
const enhancedForm = /^[245]\.\d{1,3}\.\d{1,3}$/;
const longestText = 1_000;

/** Reads `"452 4.2.2 Mailbox full"` or `{ code, enhanced?, text? }`. */
export function parseReply(value: unknown, path: string): ReplyTemplate {
  if (typeof value !== "string") return parseObject(value, path);
  const found = form.exec(value);
  if (found === null) refuse(path, `${show(value)} is no reply; use a form such as "452 4.2.2 Mailbox full"`);
  const [, digits, enhanced, text = ""] = found;
  const code = checkCode(Number(digits), path);
  if (text === "") return { code, enhanced, lines: null };
  // Text without an enhanced status code is sent as written.
  return { code, enhanced: enhanced ?? null, lines: [checkLine(text, path)] };
}

function parseObject(value: unknown, path: string): ReplyTemplate {
  const given = read.object(value, path, ["code", "enhanced", "text"]);
  const code = checkCode(read.integer(given.code, at(path, "code"), 0), at(path, "code"));
  const lines = given.text === undefined ? null : parseText(given.text, at(path, "text"));
  if (given.enhanced === undefined) return { code, enhanced: lines === null ? undefined : null, lines };
  const enhanced = given.enhanced;
  if (typeof enhanced !== "string" || !enhancedForm.test(enhanced)) {
    refuse(at(path, "enhanced"), `${show(enhanced)} is no enhanced status code; use a form such as "4.2.2"`);
  }
  return { code, enhanced, lines };
}

function parseText(value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) return [checkLine(read.text(value, path, longestText), path)];
  if (value.length === 0) refuse(path, "an empty list has no line; give at least one");
  return value.map((line, index) => {
    const linePath = `${path}[${index}]`;
    return checkLine(read.text(line, linePath, longestText), linePath);
  });
}

/** RFC 5321 §4.2: a reply code is 2yz to 5yz; anything else goes through `wire.raw`. */
function checkCode(code: number, path: string): number {
  if (code >= 200 && code <= 599) return code;
  refuse(path, `${code} is no reply code; use 200 to 599, or wire.raw for octets that are no reply`);
}

function checkLine(text: string, path: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) {
    refuse(path, `${show(text)} holds control characters; use a list of lines, or wire.raw`);
  }
  const [unknown] = unknownPlaceholders(text);
  if (unknown !== undefined)
    refuse(path, `{${unknown}} stands for nothing; ${suggest(unknown, placeholders)}`);
  return text;
}
