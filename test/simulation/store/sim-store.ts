/** The store as one simulated coordinator sees it: what it asks takes time, may fail before it is done, or after. */
import { Readable } from 'node:stream';
import { claimsOf } from '../../../coordinator/store/claims.ts';
import { checkRange, hexOf, missingContent } from '../../../coordinator/store/content-bytes.ts';
import { readVoids, visitSegments } from '../../../coordinator/store/segment-reader.ts';
import type {
  AuditPieces,
  LogPieces,
  ControlRecord,
  HeldContent,
  ResultFrame,
  ResultIndex,
  Store,
  StoredFrame,
  VoidFrame,
} from '../../../coordinator/store/store.ts';
import { checkChain } from '../../../coordinator/store/audit-files.ts';
import { checkSwitch, switchBytes } from '../../../coordinator/store/switches.ts';
import { prepareResults, prepareSeal, prepareVoids } from '../../../coordinator/store/stored-frame.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { digestOf } from '../../../shared/domain/ids.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { Life } from '../world.ts';
import type { Disk } from './disk.ts';

/** What is wrong with the store at the moment; shared by all coordinators. */
export interface StoreFaults {
  /** How probable it is that an answer is `unavailable`; then half of what was asked is done nevertheless. */
  failureRate: number;
  slownessMs: number;
}

export class SimStore implements Store {
  readonly storeId = 'st_0000000000000000';
  readonly #disk: Disk;
  readonly #life: Life;
  readonly #faults: StoreFaults;
  #closed = false;

  constructor(disk: Disk, life: Life, faults: StoreFaults = { failureRate: 0, slownessMs: 0 }) {
    this.#disk = disk;
    this.#life = life;
    this.#faults = faults;
  }

  #do<T>(work: (disk: Disk) => T): Promise<T> {
    const { random } = this.#life.world;
    const ms = 0.2 + random.next() * 0.8 + random.next() * this.#faults.slownessMs;
    const fails = random.chance(this.#faults.failureRate);
    const isDone = !fails || random.chance(0.5);
    return this.#life.ask(ms, () => {
      const result = isDone ? work(this.#disk) : undefined;
      if (fails) throw new AppError('unavailable', 'store: the simulated disk failed; repeat');
      return result as T;
    });
  }

  readonly claims: Store['claims'] = {
    has: async (namespace, digest) => {
      const claim = `${claimsOf(namespace)} ${hexOf(digest)}`;
      return this.#do((disk) => disk.claims.has(claim));
    },
    put: async (namespace, digest) => {
      const claim = `${claimsOf(namespace)} ${hexOf(digest)}`;
      await this.#do((disk) => void disk.claims.add(claim));
    },
    of: (namespace) => {
      const own = (disk: Disk): HeldContent[] =>
        [...disk.claims]
          .map((claim) => claim.split(' '))
          .flatMap(([of, hex]) => (of === claimsOf(namespace) ? [`sha256:${hex}`] : []))
          .map((digest) => ({ digest, sizeBytes: disk.contents.get(digest)?.length ?? 0 }));
      const read = (): Promise<HeldContent[]> => this.#do(own);
      return (async function* () {
        yield* await read();
      })();
    },
  };

  async hasContent(digest: string): Promise<boolean> {
    hexOf(digest);
    return this.#do((disk) => disk.contents.has(digest));
  }

  async putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    const bytes = await gathered(chunks, maxBytes);
    if (digestOf(bytes) !== digest) throw invalid('content', [{ place: digest, problem: 'the bytes have another digest' }]);
    await this.#do((disk) => void disk.contents.set(digest, bytes));
  }

  async addContent(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
    const bytes = await gathered(chunks, maxBytes);
    await this.putContent(digestOf(bytes), once(bytes), maxBytes);
    return { digest: digestOf(bytes), sizeBytes: bytes.length };
  }

  #content(digest: string): Promise<Buffer> {
    return this.#do((disk) => disk.contents.get(digest) ?? missingContent(digest));
  }

  async contentSize(digest: string): Promise<number> {
    return (await this.#content(digest)).length;
  }

  async readContent(digest: string, range?: { offset: number; length: number }): Promise<Buffer> {
    const bytes = await this.#content(digest);
    if (!range) return bytes;
    checkRange(digest, range, bytes.length);
    return bytes.subarray(range.offset, range.offset + range.length);
  }

  streamContent(digest: string): Readable {
    const content = (): Promise<Buffer> => this.#content(digest);
    return Readable.from(
      (async function* () {
        yield await content();
      })(),
    );
  }

  stage(manifest: Manifest): Promise<Manifest> {
    return this.#do((disk) => disk.stage(manifest));
  }

  markAccepted(evaluationId: string): Promise<boolean> {
    return this.#do((disk) => disk.markAccepted(evaluationId));
  }

  isAccepted(evaluationId: string): Promise<boolean> {
    return this.#do((disk) => ['accepted', 'finished'].includes(disk.find(evaluationId)?.state ?? ''));
  }

  isFinished(evaluationId: string): Promise<boolean> {
    return this.#do((disk) => disk.find(evaluationId)?.state === 'finished');
  }

  manifest(evaluationId: string): Promise<Manifest | undefined> {
    return this.#do((disk) => disk.find(evaluationId)?.manifest);
  }

  unfinished(): Promise<string[]> {
    return this.#do((disk) => disk.unfinished());
  }

  dropStaged(evaluationId: string): Promise<void> {
    return this.#do((disk) => disk.drop(evaluationId, 'staged'));
  }

  reopen(evaluationId: string): Promise<void> {
    return this.#do((disk) => disk.reopen(evaluationId));
  }

  remove(evaluationId: string): Promise<void> {
    return this.#do((disk) => disk.drop(evaluationId, 'finished'));
  }

  async *evaluations(): AsyncIterable<string> {
    yield* await this.#do((disk) => [...disk.evaluations.keys()]);
  }

  async putSwitch(kind: string, name: string, value: unknown): Promise<void> {
    const text = switchBytes(kind, name, value).toString();
    await this.#do((disk) => disk.switches.set(kind, (disk.switches.get(kind) ?? new Map<string, string>()).set(name, text)));
  }

  async createSwitch(kind: string, name: string, value: unknown): Promise<boolean> {
    const text = switchBytes(kind, name, value).toString();
    return this.#do((disk) => {
      const known = disk.switches.get(kind) ?? new Map<string, string>();
      if (known.has(name)) return false;
      disk.switches.set(kind, known.set(name, text));
      return true;
    });
  }

  removeSwitch(kind: string, name: string): Promise<void> {
    return this.#do((disk) => void disk.switches.get(kind)?.delete(name));
  }

  async switchOf(kind: string, name: string): Promise<unknown> {
    checkSwitch(kind, name);
    return await this.#do((disk) => {
      const text = disk.switches.get(kind)?.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    });
  }

  switches(kind: string): Promise<ReadonlyMap<string, unknown>> {
    return this.#do((disk) => new Map([...(disk.switches.get(kind) ?? [])].map(([name, text]) => [name, JSON.parse(text) as unknown])));
  }

  readonly audit: AuditPieces = {
    put: async (chain, first, bytes) => {
      checkChain(chain);
      return await this.#do((disk) => {
        const pieces = disk.audit.get(chain) ?? new Map<number, Buffer>();
        disk.audit.set(chain, pieces);
        if (pieces.has(first)) return 'taken';
        pieces.set(first, Buffer.from(bytes));
        return 'written';
      });
    },
    chains: (after = '') => this.#do((disk) => [...disk.audit.keys()].filter((name) => name > after).toSorted()),
    pieces: async (chain, after = 0) => {
      checkChain(chain);
      return await this.#do((disk) => [...(disk.audit.get(chain)?.keys() ?? [])].filter((n) => n > after).toSorted((a, b) => a - b));
    },
    read: async (chain, first) => {
      checkChain(chain);
      return await this.#do((disk) => disk.audit.get(chain)?.get(first));
    },
    remove: async (chain) => {
      checkChain(chain);
      await this.#do((disk) => void disk.audit.delete(chain));
    },
    reserve: async () => undefined,
  };

  readonly logs: LogPieces = {
    put: (evaluationId, number, bytes) =>
      this.#do((disk) => {
        const { logs } = disk.at(evaluationId);
        return !logs.has(number) && Boolean(logs.set(number, Buffer.from(bytes)));
      }),
    pieces: (evaluationId, after = 0) =>
      this.#do((disk) =>
        [...(disk.find(evaluationId)?.logs ?? [])]
          .map(([number, { length: bytes }]) => ({ number, bytes }))
          .filter(({ number }) => number > after)
          .toSorted((x, y) => x.number - y.number),
      ),
    read: (evaluationId, number) => this.#do((disk) => disk.find(evaluationId)?.logs.get(number)),
    remove: (evaluationId, numbers) => this.#do((disk) => numbers.forEach((number) => disk.at(evaluationId).logs.delete(number))),
  };

  /** Nothing here grows for long. */
  async collect(): Promise<never> {
    throw new AppError('unimplemented', 'a simulated store is not collected');
  }

  async space(): Promise<Record<string, never>> {
    return {};
  }

  async appendResults(evaluationId: string, frames: readonly ResultFrame[]): Promise<void> {
    if (this.#closed) throw new AppError('unavailable', 'the store is closed');
    const prepared = (await Promise.all(frames.map(prepareResults))).flat();
    await this.#do((disk) => disk.append(evaluationId, 'segments', prepared));
  }

  appendVoids(evaluationId: string, voids: readonly VoidFrame[]): Promise<void> {
    return this.#do((disk) => disk.append(evaluationId, 'voids', prepareVoids(voids)));
  }

  async sealVoids(evaluationId: string, generation: number, lifted?: ReadonlySet<number>): Promise<void> {
    const { files } = await this.#do((disk) => ({ files: disk.filesOf(evaluationId) }));
    const voids = await readVoids({ evaluationId, files });
    await this.#do((disk) => disk.append(evaluationId, 'voids', [prepareSeal(generation, voids.all(lifted))]));
  }

  appendControl(evaluationId: string, record: ControlRecord): Promise<void> {
    return this.#do((disk) => disk.appendControl(evaluationId, record));
  }

  controls(evaluationId: string): Promise<ControlRecord[]> {
    return this.#do((disk) => structuredClone(disk.find(evaluationId)?.controls ?? []));
  }

  async openResults(evaluationId: string, { voided }: { voided: 'never' | 'last' } = { voided: 'never' }): Promise<ResultIndex> {
    return await (
      await this.#do((disk) => ({ index: disk.openResults(evaluationId, voided) }))
    ).index;
  }

  generation(evaluationId: string): Promise<number> {
    return this.#do((disk) => disk.find(evaluationId)?.generation ?? 1);
  }

  claimGeneration(evaluationId: string, generation: number): Promise<boolean> {
    return this.#do((disk) => disk.claimGeneration(evaluationId, generation));
  }

  async closeSegment(): Promise<void> {}

  putReport(evaluationId: string, report: Buffer, unitCodes?: Buffer): Promise<void> {
    return this.#do((disk) => void Object.assign(disk.at(evaluationId), { report, unitCodes }));
  }

  sizeOf(evaluationId: string): Promise<number> {
    return this.#do((disk) => disk.sizeOf(evaluationId));
  }

  async visitFrames(evaluationId: string, visit: (frame: StoredFrame) => void): Promise<AppError[]> {
    const { files } = await this.#do((disk) => ({ files: disk.filesOf(evaluationId) }));
    return visitSegments({ evaluationId, files }, visit);
  }

  markFinished(evaluationId: string, report: string): Promise<boolean> {
    return this.#do((disk) => disk.markFinished(evaluationId, report));
  }

  report(evaluationId: string): Promise<Buffer | undefined> {
    return this.#do((disk) => disk.find(evaluationId)?.report);
  }

  unitCodes(evaluationId: string): Promise<Buffer | undefined> {
    return this.#do((disk) => disk.find(evaluationId)?.unitCodes);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

async function gathered(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const bytes = Buffer.concat(all);
  if (bytes.length > maxBytes) throw invalid('content', [{ place: '', problem: `has more than ${maxBytes} bytes` }]);
  return bytes;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
