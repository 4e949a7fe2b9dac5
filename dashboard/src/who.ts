/** Whose page it is, for all that is in it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { WhoAmI } from '../../shared/client/identity-types.ts';

export const Who = createContext<WhoAmI>({ name: '', kind: '', scopes: [], namespaces: [] });
export const useWho = (): WhoAmI => useContext(Who);
