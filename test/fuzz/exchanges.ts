/** AUTH exchanges (RFC 4954 §4): the command and the answers of each mechanism, right and wrong. */
import { utf8 } from "../smtp/dialogue.ts";
import type { Chance } from "./chance.ts";

/** Answers in order, not encoded. The first can be an initial response where `hasInitial`. */
interface Exchange {
  readonly hasInitial: boolean;
  readonly answers: readonly string[];
}

const users = ["bob", "alice", "", utf8("ü"), "a,b=c", "b\0b", "bob\r\nX"];

const exchanges: Readonly<Record<string, (user: string, password: string) => Exchange>> = {
  PLAIN: (user, password) => ({ hasInitial: true, answers: [`\0${user}\0${password}`] }),
  LOGIN: (user, password) => ({ hasInitial: true, answers: [user, password] }),
  "CRAM-MD5": (user) => ({ hasInitial: false, answers: [`${user} ${"0123456789abcdef".repeat(2)}`] }),
  "SCRAM-SHA-1": scram,
  "SCRAM-SHA-256": scram,
  XOAUTH2: (user, password) => ({
    hasInitial: true,
    answers: [`user=${user}\x01auth=Bearer ${password}\x01\x01`, ""],
  }),
  OAUTHBEARER: (user, password) => ({
    hasInitial: true,
    answers: [`n,a=${user},\x01host=mock.test\x01port=25\x01auth=Bearer ${password}\x01\x01`, "\x01"],
  }),
  EXTERNAL: (user) => ({ hasInitial: true, answers: [user] }),
  FOO: () => ({ hasInitial: true, answers: ["x"] }),
};

function scram(user: string): Exchange {
  const name = user.replaceAll("=", "=3D").replaceAll(",", "=2C");
  return {
    hasInitial: true,
    answers: [`n,,n=${name},r=rOprNGfwEbeRWgbNEkqO`, "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=AAAA", ""],
  };
}

/** One item for each line. `offered`: the mechanisms that EHLO lists. */
export function exchange(chance: Chance, offered: readonly string[]): string[] {
  const isOffered = offered.length > 0 && !chance.oneIn(10);
  const mechanism = chance.pick(isOffered ? offered : Object.keys(exchanges));
  const make = exchanges[mechanism] ?? exchanges.FOO!;
  const { hasInitial, answers } = make(
    chance.oneIn(3) ? chance.pick(users) : "bob",
    chance.pick(["secret", "", "p w"]),
  );
  const encoded = answers.map((answer) => encode(chance, answer));
  const verb = `AUTH ${chance.oneIn(6) ? mechanism.toLowerCase() : mechanism}`;
  const inOne = hasInitial ? !chance.oneIn(3) : chance.oneIn(10);
  const lines = inOne
    ? [`${verb} ${encoded[0] === "" ? "=" : encoded[0]}`, ...encoded.slice(1)]
    : [verb, ...encoded];
  if (chance.oneIn(6)) lines.splice(chance.between(1, lines.length), lines.length, "*");
  return lines.map((line) => `${line}\r\n`);
}

function encode(chance: Chance, answer: string): string {
  return chance.weighted([
    [20, () => btoa(answer)],
    [1, () => chance.pick(["!!!", "=AAA", "AAA=BBB", "=", " ", `${btoa(answer)}  `, "A".repeat(12_300)])],
  ])();
}
