/** A network namespace that is joined to this machine by one cable of two addresses, and to nothing else. Linux, as root. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface NetworkNamespace {
  /** This machine's end of the cable. */
  readonly hostAddress: string;
  /** A command in front of another one runs it in there. */
  readonly prefix: readonly string[];
  remove(): void;
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Makes one; throws with what the system says where that cannot be done. */
export function addNetworkNamespace(): NetworkNamespace {
  const id = randomBytes(3).toString('hex');
  const name = `assay-${id}`;
  // Of the range for benchmarks of networks (RFC 2544): no real network has it.
  const [a, b] = [randomBytes(1)[0]!, randomBytes(1)[0]! & 0xfc];
  const [host, inside] = [`198.${18 + (a & 1)}.${a}.${b + 1}`, `198.${18 + (a & 1)}.${a}.${b + 2}`];
  const [hostLink, insideLink] = [`asy${id}h`, `asy${id}n`];
  ip('netns', 'add', name);
  const remove = (): void => ip('netns', 'del', name); // takes the cable with it
  try {
    ip('link', 'add', hostLink, 'type', 'veth', 'peer', 'name', insideLink, 'netns', name);
    ip('addr', 'add', `${host}/30`, 'dev', hostLink);
    ip('link', 'set', hostLink, 'up');
    ip('-n', name, 'addr', 'add', `${inside}/30`, 'dev', insideLink);
    ip('-n', name, 'link', 'set', insideLink, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  } catch (error) {
    remove();
    throw error;
  }
  return { hostAddress: host, prefix: ['ip', 'netns', 'exec', name], remove };
}
