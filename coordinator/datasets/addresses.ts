/** Which hosts a coordinator may fetch from: not those that only it can reach, on its own machine or its own network. */
import { lookup as lookUp, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublic } from '../../shared/runtime/public-address.ts';

/** Whether an IP address is not of the public internet: private, of this machine, of this link, or given out to nobody. */
export const isPrivate = (address: string): boolean => !isPublic(address);

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
