/**
 * Connections to addresses that were looked at first. A name is resolved once, each address is checked, and the connection goes to one of those
 * that passed: between the look and the connection nobody can put another address in its place.
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { ModelError } from './provider.ts';

/** What forbids an address, for people; undefined: a connection may go there. */
export type AddressCheck = (address: string) => string | undefined;

type Lookup = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The connector of a Pool. `lookup`: the system's by default. */
export function guardedConnect(mayReach: AddressCheck, lookup: Lookup = systemLookup): buildConnector.connector {
  const connect = buildConnector({
    lookup: checkedLookup(mayReach, lookup),
    timeout: 10_000,
    allowH2: false,
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // An address that was written as one is never resolved.
    const problem = isIP(host) ? mayReach(host) : undefined;
    if (problem) return callback(refused(host, problem), null);
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error || !socket) return callback(error ?? new Error('no connection'), null);
      // Whatever way it took: this is where it has got to.
      const where = socket.remoteAddress;
      const wrong = where === undefined ? 'has no address' : mayReach(where);
      if (!wrong) return callback(null, socket);
      socket.destroy();
      callback(refused(host, wrong), null);
    });
  };
}

/** Of a name's addresses the permitted ones; an error if there is none. */
export const checkedLookup =
  (mayReach: AddressCheck, lookup: Lookup): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const problems = addresses.map(({ address }) => mayReach(address));
      const permitted = addresses.filter((_, i) => problems[i] === undefined);
      const [first] = permitted;
      if (!first) return callback(refused(host, problems[0] ?? 'has no address'), '', 0);
      if (options.all) (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, permitted);
      else callback(null, first.address, first.family);
    });
  };

/** No retry would change it. */
const refused = (host: string, problem: string): ModelError => new ModelError('request', `${host} is not called: ${problem}`);
