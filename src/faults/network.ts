/** Networks in CIDR notation (RFC 4632, RFC 4291 §2.3) and the addresses in them. */

const form = /^([0-9a-f.:]*[.:][0-9a-f.:]*)\/(\d+)$/i;

/** Whether the text has the look of a network, so that it is not taken for a glob. */
export function looksLikeNetwork(text: string): boolean {
  return form.test(text);
}

/**
 * Compiles `10.0.0.0/8` or `2001:db8::/32`; an address alone is a network of one. An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is IPv4.
 * @throws TypeError when address or prefix length is wrong.
 */
export function compileNetwork(text: string): (address: string) => boolean {
  const found = form.exec(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  const network = found === null ? null : parseAddress(found[1]!);
  const length = Number(found?.[2]);
  if (network === null || length > network.length * 8) {
    throw new TypeError(
      `Failed to parse the network: ${JSON.stringify(text)}; use a form such as 10.0.0.0/8 or 2001:db8::/32`,
    );
  }
  // A client asks many times, and is the same one each time.
  let last = { address: "", isIn: false };
  return (address) => {
    if (address !== last.address) last = { address, isIn: isIn(address, network, length) };
    return last.isIn;
  };
}

function isIn(address: string, network: readonly number[], length: number): boolean {
  const octets = parseAddress(address);
  return octets !== null && octets.length === network.length && samePrefix(octets, network, length);
}

function samePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) if (a[index] !== b[index]) return false;
  const mask = (0xff00 >> (bits & 7)) & 0xff;
  return (((a[whole] ?? 0) ^ (b[whole] ?? 0)) & mask) === 0;
}

/** 4 or 16 octets, or null. A zone (`fe80::1%eth0`) does not count. */
function parseAddress(address: string): readonly number[] | null {
  const text = address.replace(/%.*$/, "");
  if (!text.includes(":")) return parseIpv4(text);
  const octets = parseIpv6(text);
  const mapped = octets?.slice(0, 12).every((octet, index) => octet === (index < 10 ? 0 : 0xff));
  return mapped === true ? octets!.slice(12) : octets;
}

function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.map(Number);
}

function parseIpv6(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(parseGroups);
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const gap = 16 - head.length - tail.length;
  return gap < 2 ? null : [...head, ...new Array<number>(gap).fill(0), ...tail];
}

/** `2001:db8:10.0.0.1` as octets; the IPv4 form may only stand last. */
function parseGroups(text: string): readonly number[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const octets: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 && group.includes(".") ? parseIpv4(group) : null;
    if (ipv4 !== null) octets.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      octets.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return null;
  }
  return octets;
}
