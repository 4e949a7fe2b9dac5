/**
 * Which addresses are those of the public internet: one list for all who follow names and addresses of others. A name in somebody else's hands can
 * stand for this host, its network, or the metadata service of its cloud.
 */
import { BlockList, isIP } from 'node:net';

/** Special ranges of IANA's registries: private, loopback, link-local, shared, documentation, benchmarks, multicast, reserved. */
const SPECIAL_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only this is given out; what in it leads elsewhere (Teredo, 6to4, documentation, ORCHID) is not. */
const GLOBAL_V6 = ['2000::/3'];
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** A range as it is written: `10.0.0.0/8`, `fd00::/8`, or one address. Undefined: it is none. */
export function readRange(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more !== undefined) return undefined;
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return prefix >= 0 && prefix <= most ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** Ranges (`readRange`) as a list to look into. */
export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ranges) {
    const { address, prefix, family } = readRange(text)!;
    list.addSubnet(address, prefix, family);
  }
  return list;
}

const [specialV4, globalV6, specialV6] = [SPECIAL_V4, GLOBAL_V6, SPECIAL_V6].map(listOf) as [BlockList, BlockList, BlockList];

/** The IPv4 address within an IPv6 one that leads to it: mapped (`::ffff:7f00:1`), or translated (NAT64's `64:ff9b::7f00:1`). */
function mapped(address: string): string | undefined {
  const hex = /^(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  return hex
    ? [hex[1]!, hex[2]!].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.')
    : undefined;
}

/** Whether an address is one of the public internet. What is no address is not. */
export function isPublic(address: string): boolean {
  const plain = canonical(address);
  const version = isIP(plain);
  if (version === 4) return !specialV4.check(plain, 'ipv4');
  return version === 6 && globalV6.check(plain, 'ipv6') && !specialV6.check(plain, 'ipv6');
}

/** Without a zone, shortened, and IPv4 as such. */
export function canonical(address: string): string {
  const plain = address.replace(/%.*$/s, '');
  const short = isIP(plain) === 6 ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain;
  return mapped(short) ?? short;
}
