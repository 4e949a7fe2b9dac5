/**
 * Collecting in a directory. First every evaluation is read for the digests that it names; then each content that none names, and that
 * was not written or asked for since the grace time before, goes. Whoever builds on a content asks for it after its own name for it
 * is written (`hasContent`), which makes the content young: so either its name was read here, or the content is too young to go, or
 * it was gone when it was asked for. Between the look and the end a content lies in `tmp`, and goes back if it was asked for meanwhile.
 */
import { opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isEvaluationId } from '../../../shared/domain/ids.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { collectClaims, removeUnlessAsked } from '../claims.ts';
import { bytesIn, ifPresent, namesIn, syncFolder, type Placer } from '../files.ts';
import { removeLeftOver } from '../left-overs.ts';
import { damagedFile, parseManifest } from '../manifest-file.ts';
import { Tally, digestsIn, type CollectOptions } from './collection.ts';
import type { Collection } from '../../../shared/client/types.ts';
import { NamedContents } from './named-contents.ts';

/** Temporary files of a coordinator that lives are its own for so long. */
const OWN_MS = 24 * 3_600_000;

/** What a collection works on. */
export interface CollectedFolder {
  path: string;
  placer: Placer;
  clock: Clock;
  /** Takes one that is staged and not accepted away, and off the list. */
  dropStaged: (evaluationId: string) => Promise<void>;
}

export async function collectDirectory(folder: CollectedFolder, options: CollectOptions): Promise<Collection> {
  const tally = new Tally(options.onProgress);
  const before = folder.clock.now() - options.graceMs;
  const named = await NamedContents.open();
  try {
    await readNames(folder, options, before, named, tally);
    await collectContents(folder, options, before, named, tally);
    if (!options.dryRun)
      await collectClaims(folder.path, { placer: folder.placer, before, signal: options.signal }, (namespace, digest) =>
        named.isOf(namespace, digest),
      );
    await collectTemporary(folder, options, before, tally);
  } finally {
    await named.close();
  }
  return tally.sum();
}

async function readNames(
  { path, dropStaged }: CollectedFolder,
  { dryRun, signal }: CollectOptions,
  before: number,
  named: NamedContents,
  tally: Tally,
): Promise<void> {
  const text = (id: string, name: string): Promise<string | undefined> =>
    ifPresent(() => readFile(join(path, 'evaluations', id, name), 'utf8'));
  for (const list of ['evaluations', 'unfinished']) {
    for await (const { name: id } of await opendir(join(path, list))) {
      signal.throwIfAborted();
      if (!isEvaluationId(id)) continue;
      const manifest = await text(id, 'manifest.json');
      if (manifest !== undefined) {
        // A damaged one may hide a name; nothing goes before somebody has looked at it.
        const parsed = parseManifest(manifest, id);
        if (!parsed) throw damagedFile(id, 'manifest.json');
        named.add(parsed.namespace, digestsIn(manifest));
        named.add(parsed.namespace, digestsIn((await text(id, 'report.json')) ?? ''));
        continue;
      }
      // What a submit that died has left: a place without a manifest, which no sweep can read.
      const found = await ifPresent(() => stat(join(path, list, id)));
      if (!found || found.mtimeMs >= before) continue;
      tally.add('staged', list === 'evaluations' ? await bytesIn(join(path, list, id)) : 0);
      if (!dryRun) await dropStaged(id);
    }
  }
}

async function collectContents(
  { path, placer }: CollectedFolder,
  { dryRun, signal }: CollectOptions,
  before: number,
  named: NamedContents,
  tally: Tally,
): Promise<void> {
  const root = join(path, 'content');
  for (const prefix of await namesIn(root)) {
    let gone = false;
    for await (const { name } of await opendir(join(root, prefix))) {
      signal.throwIfAborted();
      const file = join(root, prefix, name);
      const found = /^[0-9a-f]{64}$/.test(name) ? await ifPresent(() => stat(file)) : undefined;
      if (!found) continue;
      const isDue = found.mtimeMs < before && !named.has(`sha256:${name}`);
      if (!isDue) tally.stays(found.size);
      else if (dryRun || (await removeUnlessAsked(file, placer, before))) {
        tally.add('content', found.size);
        gone = true;
      }
    }
    if (gone && !dryRun) await syncFolder(join(root, prefix));
  }
}

async function collectTemporary(
  { path, clock }: CollectedFolder,
  { dryRun, signal, isAlive }: CollectOptions,
  before: number,
  tally: Tally,
): Promise<void> {
  for await (const { name } of await opendir(join(path, 'tmp'))) {
    signal.throwIfAborted();
    const file = join(path, 'tmp', name);
    const found = await ifPresent(() => stat(file));
    const owner = name.slice(0, name.lastIndexOf('-', name.indexOf('.') < 0 ? undefined : name.indexOf('.')));
    if (!found || found.ctimeMs >= (isAlive(owner) ? Math.min(before, clock.now() - OWN_MS) : before)) continue;
    tally.add('temporary', found.isDirectory() ? await bytesIn(file) : found.size);
    if (!dryRun) await removeLeftOver(path, name, found.isDirectory());
  }
}
