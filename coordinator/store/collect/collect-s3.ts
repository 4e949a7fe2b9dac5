/**
 * Collecting in S3: the same order as in a directory. A content cannot be made young there, so `touched/<hex>`, written when it was asked
 * for, says so. Between the last look and the removal another coordinator may ask; that it has named it by then needs a stall of hours,
 * as long as the grace is a day. What is left of removed evaluations goes with its log, once that is older than the grace.
 */
import type { Collection } from '../../../shared/client/types.ts';
import { isEvaluationId } from '../../../shared/domain/ids.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { damagedFile, parseManifest } from '../manifest-file.ts';
import type { Bucket, ObjectInfo } from '../s3/bucket.ts';
import type { EvaluationLogs, Head } from '../s3/evaluation-log.ts';
import { claimIn } from '../s3/s3-claims.ts';
import { withoutCovered } from '../s3/s3-segments.ts';
import { digestsIn, Tally, type CollectOptions } from './collection.ts';
import { NamedContents } from './named-contents.ts';

/** What no entry of the log names yet may be that of a submit under way: it stays for so long, however small the grace. */
const UNDER_WAY_MS = 10 * 60_000;

/** What a collection works on. */
export interface CollectedBucket {
  bucket: Bucket;
  logs: EvaluationLogs;
  clock: Clock;
  /** Takes its markers off the lists where no log says that it is there. */
  tidy: (evaluationId: string) => Promise<void>;
}

/** Objects are told and removed, or only told. */
type Remove = (kind: 'content' | 'staged' | 'temporary' | 'removed' | 'merged', objects: readonly ObjectInfo[]) => Promise<void>;

export async function collectS3(place: CollectedBucket, options: CollectOptions): Promise<Collection> {
  const { bucket, clock } = place;
  const tally = new Tally(options.onProgress);
  const before = clock.now() - options.graceMs;
  const abandoned = clock.now() - Math.max(options.graceMs, UNDER_WAY_MS);
  const remove: Remove = async (kind, objects) => {
    options.signal.throwIfAborted();
    if (!options.dryRun) await bucket.remove(objects.map(({ key }) => key));
    for (const { size } of objects) tally.add(kind, size);
  };
  const named = await NamedContents.open();
  try {
    for await (const [evaluationId, objects] of byEvaluation(bucket, options.signal))
      await readEvaluation(place, evaluationId, { objects, before, abandoned, named, remove });
    for (const list of ['present', 'unfinished']) await tidyList(place, list, { before, abandoned, remove, dryRun: options.dryRun });
    await collectContents(place, { before, named, remove, tally });
    if (!options.dryRun) await collectClaims(bucket, { before, named, signal: options.signal });
    for await (const probe of bucket.list('probes/')) if (probe.modifiedMs < before) await remove('temporary', [probe]);
  } finally {
    await named.close();
  }
  return tally.sum();
}

/** All objects of each evaluation: one listing of everything, which comes in the order of keys. */
async function* byEvaluation(bucket: Bucket, signal: AbortSignal): AsyncGenerator<[string, ObjectInfo[]]> {
  let current = '';
  let objects: ObjectInfo[] = [];
  for await (const object of bucket.list('evaluations/')) {
    signal.throwIfAborted();
    const id = object.key.split('/')[1]!;
    if (id !== current) {
      if (isEvaluationId(current)) yield [current, objects];
      [current, objects] = [id, []];
    }
    objects.push(object);
  }
  if (isEvaluationId(current)) yield [current, objects];
}

async function readEvaluation(
  { bucket, logs }: CollectedBucket,
  evaluationId: string,
  {
    objects,
    before,
    abandoned,
    named,
    remove,
  }: { objects: readonly ObjectInfo[]; before: number; abandoned: number; named: NamedContents; remove: Remove },
): Promise<void> {
  const head = await logs.head(evaluationId);
  const parts = Map.groupBy(objects, ({ key }) => key.split('/')[2]!);
  const log = parts.get('log') ?? [];
  parts.delete('log');
  const isOld = (of: readonly ObjectInfo[], than = before): boolean => of.every(({ modifiedMs }) => modifiedMs < than);
  const isNext = (incarnation: string): boolean => Number.parseInt(incarnation, 10) > (head?.number ?? -1);
  for (const [incarnation, own] of parts) {
    if (head && head.state !== 'gone' && incarnation === head.incarnation) {
      await nameContents(bucket, evaluationId, head, named);
      for (const kind of ['segments', 'voids']) {
        const segments = own
          .filter(({ key }) => key.split('/')[3] === kind)
          .map((object) => ({ ...object, name: object.key.split('/')[4]! }));
        await remove('merged', withoutCovered(segments, before).covered);
      }
    } else if (isOld(own, isNext(incarnation) ? abandoned : before)) {
      await remove('removed', own);
      parts.delete(incarnation);
    }
  }
  // The log goes last: as long as it is there, nobody brings back what it calls gone.
  if (head?.state === 'gone' && isOld(log) && parts.size === 0) {
    await remove(
      'removed',
      log.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );
    logs.forget(evaluationId);
  }
}

async function nameContents(bucket: Bucket, evaluationId: string, head: Head, named: NamedContents): Promise<void> {
  const text = (await bucket.get(`evaluations/${evaluationId}/${head.incarnation}/manifest.json`))?.toString('utf8');
  if (text === undefined) return; // removed in this very moment
  // A damaged one may hide a name; nothing goes before somebody has looked at it.
  const parsed = parseManifest(text, evaluationId);
  if (!parsed) throw damagedFile(evaluationId, 'manifest.json');
  named.add(parsed.namespace, digestsIn(text));
  if (head.report) named.add(parsed.namespace, digestsIn(JSON.stringify(head.report)));
}

/** A namespace's claim lapses when nothing of its own names the content any more, and it was not asked for; whatever others do with it. */
async function collectClaims(
  bucket: Bucket,
  { before, named, signal }: { before: number; named: NamedContents; signal: AbortSignal },
): Promise<void> {
  let kept = '';
  for await (const object of bucket.list('claims/')) {
    signal.throwIfAborted();
    const claim = claimIn(object);
    if (!claim) continue;
    const { namespace, digest } = claim;
    const name = `${namespace} ${digest}`;
    // A note comes behind its claim, and goes with it.
    if (claim.sizeBytes === undefined && (object.modifiedMs >= before || named.isOf(namespace, digest))) kept = name;
    else if (kept !== name) await bucket.remove([object.key]);
  }
}

/** Markers of evaluations that no log knows: what crashed submits and removals have left. */
async function tidyList(
  { bucket, logs, tidy }: CollectedBucket,
  list: string,
  { before, abandoned, remove, dryRun }: { before: number; abandoned: number; remove: Remove; dryRun: boolean },
): Promise<void> {
  for await (const marker of bucket.list(`${list}/`)) {
    const [, id = '', number] = marker.key.split('/');
    if (!isEvaluationId(id) || marker.modifiedMs >= before) continue;
    const head = await logs.head(id);
    if (Number(number) > (head?.number ?? -1) && marker.modifiedMs >= abandoned) continue;
    if (head && head.state !== 'gone' && Number(number) >= (list === 'present' ? head.present : head.unfinished)) continue;
    await remove('staged', [marker]);
    if (!dryRun && !head) await tidy(id);
  }
}

async function collectContents(
  { bucket }: CollectedBucket,
  { before, named, remove, tally }: { before: number; named: NamedContents; remove: Remove; tally: Tally },
): Promise<void> {
  const touches = bucket.list('touched/')[Symbol.asyncIterator]();
  let touch = await touches.next();
  const hexOf = (object: ObjectInfo): string => object.key.split('/')[1]!;
  try {
    for await (const content of bucket.list('content/')) {
      const hex = hexOf(content);
      let touched: ObjectInfo | undefined;
      // Both listings come in the order of digests.
      for (; !touch.done && hexOf(touch.value) <= hex; touch = await touches.next()) {
        if (hexOf(touch.value) === hex) touched = touch.value;
        else if (touch.value.modifiedMs < before) await remove('temporary', [touch.value]);
      }
      const isYoung = Math.max(content.modifiedMs, touched?.modifiedMs ?? 0) >= before;
      if (!/^[0-9a-f]{64}$/.test(hex) || isYoung || named.has(`sha256:${hex}`)) {
        tally.stays(content.size);
        continue;
      }
      // Once more, as late as can be: the listing may be minutes old.
      const [again, asked] = [await bucket.info(content.key), await bucket.info(`touched/${hex}`)];
      if (!again || Math.max(again.modifiedMs, asked?.modifiedMs ?? 0) >= before) continue;
      await remove('content', [content]);
      if (touched) await remove('temporary', [touched]);
    }
    for (; !touch.done; touch = await touches.next()) if (touch.value.modifiedMs < before) await remove('temporary', [touch.value]);
  } finally {
    await touches.return?.(undefined);
  }
}
