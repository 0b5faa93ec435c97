/** Effects as JSON Schema, and which of them can act where. */
import { effectWords, endings } from "../parsing/effect.ts";
import { certificates, handshakes, tlsVersions } from "../parsing/tls.ts";
import { listPhases, mutePhases, refusedPhases, silentPhases, transactionPhases } from "../phase.ts";
import type { FaultEffect, Place } from "../rule.ts";
import { placeholders } from "../template.ts";
import {
  among,
  closed,
  described,
  either,
  given,
  having,
  type JsonSchema,
  listOf,
  not,
  onlyOn,
  onSome,
  reference,
  text,
  whole,
} from "./form.ts";

const noControl = "[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]";
const unknownPlaceholder = `\\{(?!(?:${placeholders.join("|")})\\})[A-Za-z]+\\}`;
const line: JsonSchema = { ...text(1_000, `^${noControl}*$`), not: { pattern: unknownPlaceholder } };
const printable = "[^\\u0000-\\u001f\\u007f]";
const keyword = text(500, "^[A-Za-z0-9][A-Za-z0-9-]*$");

const saysNothing: JsonSchema = { const: "none" };
const is421 = either({ type: "string", pattern: "^421" }, having("code", { const: 421 }));
const isPositive = either({ type: "string", pattern: "^2" }, having("code", { maximum: 299 }));

const fields: { readonly [Field in keyof Required<FaultEffect>]: JsonSchema } = {
  reply: described("What is said; it decides whether anything has happened. Absent: the normal reply.", {
    anyOf: [saysNothing, reference("reply")],
  }),
  wire: described("What is sent of it, in this order.", {
    ...closed({
      raw: described(
        "Other octets: those of a text in UTF-8, or numbers from 0 to 255.",
        either(text(1_000_000), { ...listOf(whole(0, 255)), maxItems: 1_000_000 }),
      ),
      eol: described("Line ends of the reply.", { enum: ["lf", "cr"] }),
      padTo: described("The last line is filled up until there are so many octets.", whole(1, 1_000_000)),
      garble: described("So many octets are corrupted, drawn from the seed.", whole(1, 1_000)),
      truncate: described("Only the first n octets.", whole(0)),
    }),
    minProperties: 1,
    not: { required: ["raw", "eol"] },
  }),
  end: described("How the connection ends after that.", { enum: endings }),
  for: reference("span", 'How long a stall ("1h" if absent) or a refusal lasts.'),
  delay: described("How long the reply is held back; [min, max] is drawn from the seed.", {
    anyOf: [reference("duration"), { ...listOf(reference("duration"), 2), maxItems: 2 }],
  }),
  drip: described(
    "Replies are written so many octets at a time from now on in this session.",
    closed(
      {
        octets: described("At a time.", whole(1)),
        every: reference("span", "Between one time and the next."),
      },
      ["octets", "every"],
    ),
  ),
  throttle: described("Octets per second from now on in this session.", {
    ...closed({
      read: described("What is read of the client.", whole(1)),
      write: described("What is sent to it.", whole(1)),
    }),
    minProperties: 1,
  }),
  capabilities: described("Changes the list of extensions. What is removed is refused in that session.", {
    ...closed({
      add: described(
        'Whole lines, such as "SIZE 1000"; one of the same keyword is replaced.',
        listOf(text(500, "^[A-Za-z0-9][A-Za-z0-9-]*(?:[ =][ -~]*)?$"), 1),
      ),
      remove: described("Keywords.", listOf(keyword, 1)),
      only: described("Keywords: all others are removed.", listOf(keyword)),
    }),
    minProperties: 1,
  }),
  tls: described("What is wrong with the TLS handshake.", {
    ...closed({
      certificate: described("What the certificate is, or has.", { enum: certificates }),
      handshake: described("What becomes of it after the ClientHello.", { enum: handshakes }),
      maxVersion: described("The newest version that is spoken.", { enum: tlsVersions }),
    }),
    minProperties: 1,
    ...given(having("handshake"), { maxProperties: 1 }),
  }),
  bounce: described(
    "The message is accepted, and a report of its failure comes later (RFC 3464).",
    closed(
      {
        status: described('Such as "5.1.1" (RFC 3463).', text(11, "^[45]\\.\\d{1,3}\\.\\d{1,3}$")),
        diagnostic: described('Such as "smtp; 550 5.1.1 User unknown".', text(1_000, `^${printable}+$`)),
        after: reference("duration", "After the end of data; absent: at once."),
      },
      ["status"],
    ),
  ),
  http: described(
    "What a provider answers, in the form of its own errors.",
    closed(
      {
        status: described("The HTTP status.", whole(400, 599)),
        code: described("The provider's name for the error.", text(100, `^${printable}+$`)),
        retryAfter: reference("duration", "When to come back, rounded up to seconds."),
        body: described("Sent instead: a text as it is, anything else as JSON.", {}),
        stored: described("The message is kept although an error is said.", { type: "boolean" }),
      },
      ["status"],
    ),
  ),
  label: described("Recorded on the transaction.", text(100, `^${printable}+$`)),
};

const positiveOnly = not(having("reply", not(isPositive)));

/** Definitions of what `do` holds. */
export const effectSchemas: Readonly<Record<string, JsonSchema>> = {
  effect: { anyOf: [{ enum: effectWords }, reference("replyText"), reference("effectObject")] },
  effectObject: {
    ...closed(fields),
    minProperties: 1,
    allOf: [
      given(
        having("for"),
        either(
          having("end", { enum: ["stall", "refuse"] }),
          having("tls", having("handshake", { const: "stall" })),
        ),
      ),
      given(having("end", { const: "none" }), having("reply", is421)),
      given({ allOf: [having("reply", saysNothing), having("wire")] }, having("wire", having("raw"))),
      given(having("tls"), not(either(having("reply"), having("wire"), having("end")))),
      given(either(having("bounce"), having("capabilities")), positiveOnly),
      given(having("http"), not(having("end"))),
      given(having("end", { const: "refuse" }), { propertyNames: { enum: ["end", "for"] } }),
    ],
  },
  reply: {
    anyOf: [
      reference("replyText"),
      closed(
        {
          code: described("The reply code (RFC 5321 §4.2).", whole(200, 599)),
          enhanced: described(
            'The enhanced status code, such as "4.2.2" (RFC 3463).',
            text(9, "^[245]\\.\\d{1,3}\\.\\d{1,3}$"),
          ),
          text: described("A line, or several.", either(line, listOf(line, 1))),
        },
        ["code"],
      ),
    ],
  },
  replyText: {
    description: 'Such as "452 4.2.2 Mailbox full"; a bare code takes its text from a table.',
    type: "string",
    pattern: `^[2-5]\\d\\d(?: ${noControl}*)?$`,
    not: { pattern: unknownPlaceholder },
  },
};

const spoken = { type: "string", pattern: "^\\d" };
const replies = having("reply", not(saysNothing));
const sendsRaw = having("wire", having("raw"));
const ends = either(having("end", not({ const: "none" })), {
  allOf: [having("reply", is421), not(having("end"))],
});
const onlyEol = having("wire", { propertyNames: { const: "eol" } });
const isCondition: JsonSchema = {
  type: "object",
  allOf: [
    not(either(...["reply", "end", "tls", "bounce", "http"].map((field) => having(field)))),
    either(not(having("wire")), onlyEol),
  ],
};

const httpPhase: ReadonlySet<Place> = new Set<Place>(["http"]);
const sessionOnly = ["wire", "drip", "throttle", "capabilities", "tls", "bounce"] as const;

/** Whether one of the rule's effects is of this form. */
function doing(form: JsonSchema): JsonSchema {
  return having("do", among(form));
}

/** Where an effect can act. */
export const effectConditions: readonly JsonSchema[] = [
  // Nothing can be said where the client cannot read it, and nothing can be done to what is not said.
  given(doing(either(spoken, replies, having("wire"))), not(onSome(mutePhases))),
  given(
    doing({ anyOf: [{ ...spoken, not: is421 }, { allOf: [either(replies, sendsRaw), not(ends)] }] }),
    not(onSome(new Set(["content"] as const))),
  ),
  given(doing({ allOf: [having("wire"), not(either(replies, sendsRaw))] }), not(onSome(silentPhases))),
  given(
    doing({ allOf: [having("reply", saysNothing), not(either(sendsRaw, ends))] }),
    not(onSome(silentPhases)),
  ),
  given(doing(having("end", { const: "half-close" })), not(onSome(new Set(["tls"] as const)))),
  given(doing(having("tls")), onlyOn(new Set(["tls"] as const))),
  given(doing(having("bounce")), onlyOn(new Set(["end-of-data"] as const))),
  given(doing(having("http")), onlyOn(httpPhase)),
  // A provider knows neither replies nor the wire of a session.
  given(
    onSome(httpPhase),
    not(
      doing(
        either(
          spoken,
          { const: "fin" },
          replies,
          { allOf: [having("reply", saysNothing), not(having("end"))] },
          having("end", { enum: endings.filter((end) => end !== "reset" && end !== "stall") }),
          ...sessionOnly.map((field) => having(field)),
        ),
      ),
    ),
  ),
  given(doing(having("capabilities")), onSome(listPhases)),
  given(doing(having("label")), onSome(transactionPhases)),
  given(doing(having("end", { const: "refuse" })), {
    allOf: [
      onlyOn(new Set(["connect"] as const)),
      having("do", { type: "object" }),
      not(having("when")),
      not(having("match", not({ propertyNames: { enum: ["listener", "inbox"] } }))),
    ],
  }),
  // The server's own refusal is hidden by nothing but an ending.
  given(
    onlyOn(refusedPhases),
    doing(either({ enum: effectWords.filter((word) => word !== "pass") }, is421, ends, isCondition)),
  ),
];
