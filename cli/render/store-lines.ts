/** What is said of the store, in a few lines. Pure. */
import type { RetentionPolicy, StoreStatus } from '../../shared/client/types.ts';
import type { Look } from './look.ts';
import { bytesInWords, duration, plainText, plural } from './text.ts';

/** What it holds and the room; where it is; what is kept; what was removed last. */
export function storeLines(store: StoreStatus, look: Look): string[] {
  const { finished, finishedBytes, kept, keptBytes, contents, contentBytes, freeBytes, totalBytes, lastRemoved, lastCollection } = store;
  const facts = [
    store.measuredAtMs === 0
      ? 'not counted yet'
      : `${plural(finished + kept, 'finished evaluation')} with ${bytesInWords(finishedBytes + keptBytes)}`,
    kept > 0 && `${kept} kept for ever`,
    contents !== undefined && `${plural(contents, 'content')} with ${bytesInWords(contentBytes ?? 0)}`,
    freeBytes !== undefined && `${bytesInWords(freeBytes)} free${totalBytes === undefined ? '' : ` of ${bytesInWords(totalBytes)}`}`,
  ];
  return [
    `store: ${facts.filter(Boolean).join(', ')}`,
    ...(store.kind === undefined ? [] : [`place: ${[store.kind, store.place ?? ''].filter(Boolean).map(plainText).join(', ')}`]),
    `keeps: ${policyInWords(store.policy)}`,
    ...(lastRemoved
      ? [`removed last: ${plainText(lastRemoved.evaluationId)} ${look.time(lastRemoved.atMs)} (${plainText(lastRemoved.reason)})`]
      : []),
    ...(lastCollection && lastCollection.count > 0
      ? [
          `collected last: ${plural(lastCollection.count, 'thing')} with ${bytesInWords(lastCollection.bytes)} ${look.time(lastCollection.atMs)}`,
        ]
      : []),
  ];
}

export function policyInWords({ keepMs, keepEvaluations, keepBytes }: RetentionPolicy): string {
  const bounds = [
    keepMs !== undefined && `those of the last ${duration(keepMs)}`,
    keepEvaluations !== undefined && `the last ${keepEvaluations.toLocaleString('en')}`,
    keepBytes !== undefined && `${bytesInWords(keepBytes)} of them`,
  ].filter(Boolean);
  return bounds.length === 0 ? 'every finished evaluation' : `of finished evaluations ${bounds.join(', at most ')}`;
}
