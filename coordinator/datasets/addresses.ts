/** Which hosts a coordinator may fetch from: not those that only it can reach, on its own machine or its own network. */
import { lookup as lookUp, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IPv4 networks that are not the public internet (IANA's special-purpose registry). */
const PRIVATE_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Of IPv6: unspecified, loopback, discard, unique local, link local, site local, multicast. */
const PRIVATE_6 = ['::/128', '::1/128', '100::/64', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'];

function privateNetworks(): BlockList {
  const list = new BlockList();
  for (const network of PRIVATE_4) {
    const [address, bits] = network.split('/') as [string, string];
    list.addSubnet(address, Number(bits), 'ipv4');
    // The same hosts by IPv6: mapped, translated (NAT64), tunnelled (6to4).
    for (const prefix of ['::ffff:', '64:ff9b::']) list.addSubnet(`${prefix}${address}`, 96 + Number(bits), 'ipv6');
    const [a, b, c, d] = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')) as [string, string, string, string];
    list.addSubnet(`2002:${a}${b}:${c}${d}::`, 16 + Number(bits), 'ipv6');
  }
  for (const network of PRIVATE_6) {
    const [address, bits] = network.split('/') as [string, string];
    list.addSubnet(address, Number(bits), 'ipv6');
  }
  return list;
}

const NETWORKS = privateNetworks();

/** Whether an IP address is private, of this machine, or of this link. */
export const isPrivate = (address: string): boolean => NETWORKS.check(address.replace(/%.*$/, ''), isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A URL's host name without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Whether a host is this machine by its name alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The host is private, and private ones are not fetched from. */
export class PrivateAddress extends Error {}

/**
 * A lookup for sockets that gives only addresses it has checked: what was looked at is what is connected to, whatever the name
 * says a moment later. A name with one private address is refused as a whole.
 */
export function checkedLookup(resolve: typeof lookUp = lookUp): LookupFunction {
  return (host, options, callback) => {
    const all: LookupAllOptions = {
      ...options,
      all: true,
      family: options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : options.family,
    };
    resolve(host, all, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      if (addresses.some(({ address }) => isPrivate(address))) return callback(new PrivateAddress(), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
