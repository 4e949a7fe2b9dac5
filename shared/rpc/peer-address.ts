/** Whose calls and connections are counted together. */
import { isIPv6 } from 'node:net';

/**
 * Who a connection counts for: its address, of IPv6 the network of 64 bits that one host is given. undefined: it comes through a unix
 * socket, from this machine.
 */
export function peerOf(remoteAddress: string | undefined): string | undefined {
  if (remoteAddress === undefined) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  if (mapped !== undefined || !isIPv6(remoteAddress)) return mapped ?? remoteAddress;
  const [head = '', tail] = remoteAddress.replace(/%.*$/, '').toLowerCase().split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const all =
    tail === undefined ? before : [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** The same of a peer as gRPC and logs name it, with its port. */
export const addressOf = (peer: string): string => peerOf(/^\[?(.*?)\]?:\d+$/.exec(peer)?.[1]) ?? 'this machine';
