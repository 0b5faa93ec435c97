/** AUTH exchanges (RFC 4954 §4): the command and the answers of each mechanism, right and wrong. */
import { utf8 } from "../smtp/dialogue.ts";
import { digests, examples } from "./accounts.ts";
import type { Chance } from "./chance.ts";

/** Answers in order, not encoded. The first can be an initial response where `hasInitial`. */
interface Exchange {
  readonly hasInitial: boolean;
  readonly answers: readonly string[];
}

const users = ["bob", "alice", "", utf8("ü"), "a,b=c", "b\0b", "bob\r\nX"];

type MakeExchange = (user: string, password: string, chance: Chance) => Exchange;

const exchanges: Readonly<Record<string, MakeExchange>> = {
  PLAIN: (user, password) => ({ hasInitial: true, answers: [`\0${user}\0${password}`] }),
  LOGIN: (user, password) => ({ hasInitial: true, answers: [user, password] }),
  "CRAM-MD5": (user, _, chance) => ({ hasInitial: false, answers: [`${user} ${chance.pick(digests)}`] }),
  "SCRAM-SHA-1": scram("SCRAM-SHA-1"),
  "SCRAM-SHA-256": scram("SCRAM-SHA-256"),
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

/** Right where the server has the accounts of the same example. */
function scram(mechanism: keyof typeof examples): MakeExchange {
  const { clientNonce, nonce, proof } = examples[mechanism];
  return (user, _, chance) => {
    const name = chance.oneIn(3) ? user.replaceAll("=", "=3D").replaceAll(",", "=2C") : "user";
    const flag = chance.pick(["n", "n", "n", "y", "p=tls-unique", "n,a=x"]);
    const last = `c=${btoa(`${flag},,`)},r=${clientNonce}${nonce},p=${proof}`;
    return { hasInitial: true, answers: [`${flag},,n=${name},r=${clientNonce}`, last, ""] };
  };
}

/** One item for each line. `offered`: the mechanisms that EHLO lists. */
export function exchange(chance: Chance, offered: readonly string[]): string[] {
  const isOffered = offered.length > 0 && !chance.oneIn(10);
  const mechanism = chance.pick(isOffered ? offered : Object.keys(exchanges));
  const make = exchanges[mechanism] ?? exchanges.FOO!;
  const { hasInitial, answers } = make(
    chance.oneIn(3) ? chance.pick(users) : "bob",
    chance.pick(["secret", "secret", "", "p w"]),
    chance,
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
