/**
 * Which namespaces hold which content: `claims/of-NAMESPACE/HEX`, an empty file. The bytes lie once in the store, but a digest means something
 * only where it is claimed. A claim is told to be there or not by itself, never by whether the content is, so nobody learns what others have.
 */
import { lstat, opendir, rename, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { isNamespace } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { hexOf } from './content-bytes.ts';
import { errnoOf, guarded, ifPresent, makeFolder, namesIn, syncFolder, type Placer } from './files.ts';
import type { ContentClaims, HeldContent, Store } from './store.ts';

/** Before a namespace, so that none is called `..`. */
const OF = 'of-';
const IS_HEX = /^[0-9a-f]{64}$/;

/** What a namespace's claims are called by; throws `invalid` for what is no namespace. */
export function claimsOf(namespace: string): string {
  if (!isNamespace(namespace))
    throw invalid('content', [
      {
        place: 'namespace',
        problem: `${JSON.stringify(namespace.slice(0, 80))} is not 1 to 64 letters, digits, '.', '_' or '-'`,
      },
    ]);
  return OF + namespace;
}

/** The namespace of what its claims are called by; undefined: it is none. */
export const namespaceOfClaims = (name: string): string | undefined =>
  name.startsWith(OF) && isNamespace(name.slice(OF.length)) ? name.slice(OF.length) : undefined;

/** Whether a namespace holds content that is there. Asked for, neither is collected for as long as the grace. */
export const holdsContent = async (store: Pick<Store, 'claims' | 'hasContent'>, namespace: string, digest: string): Promise<boolean> =>
  (await store.claims.has(namespace, digest)) && (await store.hasContent(digest));

/** The bytes of claimed content, where it is there; whatever else keeps them from being known is thrown. */
export async function claimedSize(content: { size(digest: string): Promise<number> }, digest: string): Promise<number> {
  try {
    return await content.size(digest);
  } catch (error) {
    if (AppError.from(error).code !== 'not_found') throw error;
    return 0;
  }
}

export class ClaimsFolder implements ContentClaims {
  readonly #folder: string;
  readonly #placer: Placer;
  readonly #clock: Clock;
  readonly #content: { size(digest: string): Promise<number> };

  constructor(
    folder: string,
    { placer, clock, content }: { placer: Placer; clock: Clock; content: { size(digest: string): Promise<number> } },
  ) {
    this.#content = content;
    this.#folder = folder;
    this.#placer = placer;
    this.#clock = clock;
  }

  async has(namespace: string, digest: string): Promise<boolean> {
    const file = join(this.#folder, claimsOf(namespace), hexOf(digest));
    return await guarded('claims', async () => {
      // Young again, so that no collection takes it before whoever asks has named it.
      const now = this.#clock.now() / 1000;
      return (await ifPresent(() => utimes(file, now, now).then(() => true))) === true;
    });
  }

  async put(namespace: string, digest: string): Promise<void> {
    const [name, hex] = [claimsOf(namespace), hexOf(digest)];
    await guarded('claims', async () => {
      const write = async (): Promise<void> => this.#placer.replace(await makeFolder(this.#folder, name), hex, Buffer.alloc(0));
      // A collection may have taken the empty folder away in between.
      await write().catch((error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error;
        return write();
      });
    });
  }

  async *of(namespace: string): AsyncGenerator<HeldContent> {
    const folder = join(this.#folder, claimsOf(namespace));
    const entries = await guarded('claims', () => ifPresent(() => opendir(folder)));
    if (!entries) return;
    for await (const { name } of entries) {
      const digest = `sha256:${name}`;
      if (IS_HEX.test(name)) yield { digest, sizeBytes: await claimedSize(this.#content, digest) };
    }
  }
}

/**
 * Removes claims that were neither made nor asked for since `before`, where nothing of the namespace names the content any more (`isNamed`),
 * whatever others do with it: so when a claim lapses tells of nobody else.
 */
export async function collectClaims(
  path: string,
  { placer, before, signal }: { placer: Placer; before: number; signal: AbortSignal },
  isNamed: (namespace: string, digest: string) => boolean,
): Promise<void> {
  for (const folder of await namesIn(join(path, 'claims'))) {
    const namespace = namespaceOfClaims(folder);
    if (namespace === undefined) continue;
    const place = join(path, 'claims', folder);
    let gone = false;
    for await (const { name } of await opendir(place)) {
      signal.throwIfAborted();
      const file = join(place, name);
      const found = IS_HEX.test(name) ? await ifPresent(() => lstat(file)) : undefined;
      if (!found || found.mtimeMs >= before || isNamed(namespace, `sha256:${name}`)) continue;
      gone = (await removeUnlessAsked(file, placer, before)) || gone;
    }
    if (gone) await syncFolder(place);
    // Only where nothing is in it.
    await rmdir(place).catch(() => undefined);
  }
}

/** False: it was asked for meanwhile, and is back in its place. */
export async function removeUnlessAsked(file: string, placer: Placer, before: number): Promise<boolean> {
  const aside = placer.newPath();
  if ((await ifPresent(() => rename(file, aside).then(() => true))) === undefined) return false;
  if ((await stat(aside)).mtimeMs >= before) {
    await rename(aside, file);
    return false;
  }
  await unlink(aside);
  return true;
}
