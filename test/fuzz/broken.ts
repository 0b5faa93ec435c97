/**
 * Engines that are broken on purpose, each in one way that the oracle has to find. They are the real
 * engine with something between it and the one who drives it.
 */
import { type Reply, reply, type Session, type SessionEvent } from "../../src/smtp/mod.ts";
import { arrived } from "../smtp/dialogue.ts";
import type { MakeEngine } from "./check.ts";
import { fullOptions } from "./fuzz-case.ts";
import { type Engine, toOctets } from "./play.ts";

/** The engine with some of it replaced. */
function broken(change: (engine: Session) => Partial<Engine>): MakeEngine {
  return ({ options }) => {
    const engine = arrived(fullOptions(options));
    const whole: Engine = {
      get state() {
        return engine.state;
      },
      receive: (octets) => engine.receive(octets),
      next: () => engine.next(),
      settle: (said) => engine.settle(said),
      proceed: () => engine.proceed(),
      secured: () => engine.secured(),
    };
    return Object.assign(whole, change(engine));
  };
}

/** With another reply in the place of some. */
function saying(change: (said: Reply, phase: string) => Reply): MakeEngine {
  return broken((engine) => ({
    next: () => {
      const event = engine.next();
      if (event.kind !== "checkpoint" || event.checkpoint.proposed === null) return event;
      const { checkpoint } = event;
      return {
        kind: "checkpoint",
        checkpoint: { ...checkpoint, proposed: change(event.checkpoint.proposed, checkpoint.phase) },
      };
    },
  }));
}

/** With other octets in the place of those that came. */
function hearing(change: (octets: Uint8Array, engine: Session) => Uint8Array): MakeEngine {
  return broken((engine) => ({ receive: (octets) => engine.receive(change(octets, engine)) }));
}

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

export const brokenEngines: Readonly<Record<string, MakeEngine>> = {
  "drops the reply to RCPT now and then": broken((engine) => {
    let count = 0;
    return {
      next: () => {
        const event = engine.next();
        if (event.kind !== "checkpoint" || event.checkpoint.phase !== "rcpt") return event;
        count += 1;
        if (count % 3 !== 0) return event;
        engine.settle(event.checkpoint.proposed);
        return engine.next();
      },
    };
  }),

  "says two replies to HELP": broken((engine) => {
    let again: SessionEvent | null = null;
    let isAgain = false;
    return {
      next: () => {
        isAgain = again !== null;
        const event = again ?? engine.next();
        again = !isAgain && event.kind === "checkpoint" && event.checkpoint.phase === "help" ? event : null;
        return event;
      },
      settle: (said) => isAgain || engine.settle(said),
    };
  }),

  "swallows an octet": broken((engine) => {
    let count = 0;
    return {
      receive: (octets) => {
        const isHere = count <= 100 && count + octets.length > 100;
        const at = isHere ? 100 - count : octets.length;
        engine.receive(octets.subarray(0, at));
        engine.receive(octets.subarray(at + 1));
        count += octets.length;
      },
    };
  }),

  "takes LF.LF for the end of data": hearing((octets) => {
    const at = octets.findIndex((octet, index) => {
      return octet === LF && octets[index + 1] === DOT && octets[index + 2] === LF;
    });
    if (at === -1) return octets;
    return Uint8Array.of(...octets.subarray(0, at), CR, LF, DOT, CR, LF, ...octets.subarray(at + 3));
  }),

  "takes the end of what came for the end of a line": hearing((octets) => {
    return octets.at(-1) === CR ? Uint8Array.of(...octets, LF) : octets;
  }),

  "runs a chunk that it refuses as commands": hearing((octets, engine) => {
    if (engine.state !== "greeted" && engine.state !== "ready") return octets;
    return toOctets(String.fromCharCode(...octets).replace(/^BDAT/gim, "BDAX"));
  }),

  "answers the content once for all recipients of LMTP": broken((engine) => ({
    next: () => {
      let event = engine.next();
      while (event.kind === "checkpoint" && (event.checkpoint.recipient ?? 0) > 0) {
        engine.settle(event.checkpoint.proposed);
        event = engine.next();
      }
      return event;
    },
  })),

  "ends a message without its last octet": broken((engine) => ({
    next: () => {
      const event = engine.next();
      return event.kind === "accepted"
        ? { ...event, content: [Buffer.concat(event.content).subarray(0, -1)] }
        : event;
    },
  })),

  "accepts for one recipient too many": broken((engine) => ({
    next: () => {
      const event = engine.next();
      if (event.kind !== "accepted") return event;
      const { transaction } = event;
      const recipients = [...transaction.recipients, transaction.recipients[0]!];
      return { ...event, transaction: { ...transaction, recipients } };
    },
  })),

  "commits what a rule refused": broken((engine) => {
    let proposed: Reply | null = null;
    return {
      next: () => {
        const event = engine.next();
        if (event.kind === "checkpoint") proposed = event.checkpoint.proposed;
        return event;
      },
      settle: () => engine.settle(proposed),
    };
  }),

  "forgets to close after QUIT": broken((engine) => {
    let wasQuit = false;
    return {
      next: () => {
        const event = engine.next();
        if (event.kind === "checkpoint") wasQuit = event.checkpoint.phase === "quit";
        return event;
      },
      settle: (said) => engine.settle(wasQuit ? null : said),
    };
  }),

  "is stuck behind a cancelled AUTH": broken((engine) => {
    let isStuck = false;
    return {
      next: () => {
        if (isStuck) return { kind: "need-data" };
        const event = engine.next();
        isStuck = event.kind === "checkpoint" && event.checkpoint.proposed?.enhanced === "5.0.0";
        return event;
      },
    };
  }),

  "throws at a long line": hearing((octets) => {
    if (octets.length > 3000) throw new RangeError("too long");
    return octets;
  }),

  "never rests": broken((engine) => ({
    next: () => {
      const event = engine.next();
      return event.kind === "closed" ? { kind: "start-tls" } : event;
    },
  })),

  "says the class of another code": saying((said, phase) =>
    phase === "vrfy" ? { ...said, enhanced: "5.5.0" } : said,
  ),

  "says an enhanced code with 354": saying((said) =>
    said.code === 354 ? { ...said, enhanced: "3.0.0" } : said,
  ),

  "forgets the enhanced code": saying((said, phase) =>
    phase === "rset" ? { ...said, enhanced: null } : said,
  ),

  "says codes that do not exist": saying((said, phase) => (phase === "noop" ? reply(650, null, "Ok") : said)),
};
