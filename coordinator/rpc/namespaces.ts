/** The namespaces that a request names. */
import { namespacesFromWire } from '../../shared/client/codec-identity.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';
import type { Checks } from '../../shared/rpc/checks.ts';
import type { Namespaces__Output } from '../../shared/rpc/gen/assay/v1/Namespaces.ts';
import { NAMESPACE } from './requests.ts';

const MAX = 100;

export function readNamespaces(checks: Checks, wire: Namespaces__Output | null): Namespaces {
  const namespaces = namespacesFromWire(wire);
  if (namespaces === '*') {
    if (wire!.names.length > 0) checks.fault('namespaces.names', 'goes not with all: send one of the two');
    return '*';
  }
  if (namespaces.length === 0) checks.fault('namespaces', 'is empty: name at least one, or set all');
  const read = checks
    .list('namespaces.names', namespaces, MAX)
    .map((name, i) => checks.form(`namespaces.names[${i}]`, name, NAMESPACE, '1 to 64 letters, digits, . _ or -'));
  return [...new Set(read)];
}
