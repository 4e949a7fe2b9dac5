/** Which addresses a name may lead to that nobody on this host has written down: public ones, and those of the operator's list. */
import { isIP } from 'node:net';
import { canonical, isPublic, listOf } from '../../shared/runtime/public-address.ts';

/** What forbids an address; undefined: it is public, or in one of the ranges (`readRange`) that are listed. */
export function addressCheck(listed: readonly string[]): (address: string) => string | undefined {
  const list = listOf(listed);
  return (address) => {
    if (isPublic(address)) return undefined;
    const plain = canonical(address);
    const version = isIP(plain);
    if (version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')) return undefined;
    return `it stands for ${address}, which is no public address; list that in policy.private_addresses, or name the host in \`urls\` without *`;
  };
}
