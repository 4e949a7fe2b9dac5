/** Which namespace a list is of. Pure. */
import type { WhoAmI } from '../../shared/client/identity-types.ts';
import { covers } from '../../shared/domain/identity.ts';

export type Seeing = Pick<WhoAmI, 'namespaces'>;

/** The coordinator takes no namespace as `default`; who may not see that one begins with the first that he may. */
export const startOf = ({ namespaces }: Seeing): string =>
  namespaces === '*' || namespaces.includes('default') ? 'default' : (namespaces[0] ?? 'default');

/** What the address says, or the one that whoever looks begins with. */
export const namespaceOf = (query: URLSearchParams, identity: Seeing): string => query.get('namespace') || startOf(identity);

/** Whether that is one that whoever looks may not see: what is in it is not there for him. */
export const isElsewhere = (namespace: string, { namespaces }: Seeing): boolean => !covers(namespaces, namespace);
