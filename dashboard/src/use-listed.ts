/** Hears a list of evaluations as it changes. */
import { useReducer } from 'preact/hooks';
import type { ListChange } from '../../shared/client/types.ts';
import { queryText, type Query } from './api.ts';
import { after, type Listed } from './listed.ts';
import { useStream, type Stream } from './stream.ts';

interface Heard {
  key: string | undefined;
  listed: Listed;
}

/** The newest that a query means, as they change; without one none is asked for. */
export function useListed(query: Query | undefined): { listed: Listed | undefined; stream: Stream } {
  const path = query && `/evaluations/events${queryText(query)}`;
  const [heard, take] = useReducer<Heard | undefined, { key: string | undefined; change: ListChange }>(
    (before, { key, change }) => ({ key, listed: after(before?.key === key ? before?.listed : undefined, change) }),
    undefined,
  );
  const stream = useStream(path, ['change'], (change) => take({ key: path, change: change as ListChange }));
  return { listed: heard && heard.key === path ? heard.listed : undefined, stream };
}
