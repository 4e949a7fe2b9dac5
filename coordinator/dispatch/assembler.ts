/** Puts together what an agent needs to run a task: the samples' lines and, once per stream, what they share. */
import { AppError } from '../../shared/domain/errors.ts';
import { covers, type Namespaces } from '../../shared/domain/identity.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { datasetDigestOf, groupOfUnit, placeOf, taskContextOf, type Group } from '../../shared/domain/manifest.ts';
import type { Assignment } from '../../shared/rpc/messages.ts';
import type { Catalog, Known } from '../evaluations/catalog.ts';
import type { JudgeLines } from '../evaluations/judging/judge-lines.ts';
import type { SampleReader } from '../evaluations/sample-reader.ts';
import type { HeldAttempt } from '../sessions/session.ts';

const NOTHING = Buffer.alloc(0);
/** The reason of an AppError: a task was on its way to an agent that is not of its namespace. */
export const FOREIGN = 'FOREIGN_TASK';
/** Contexts that are kept. Another one is made again from its manifest. */
const CACHED_CONTEXTS = 200;
const CACHED_BYTES = 32 * 1024 * 1024;

/** What was read of a task for its agent. */
export interface Prepared {
  /** The evaluation's. */
  namespace: string;
  /** Those that are to be sent. */
  units: readonly number[];
  /** Of their lines, each sample once. */
  bytes: number;
  /** Units that end without an agent's work: there is nothing to judge. */
  ended: { unit: number; content: Buffer }[];
  /** Throws AppError when content cannot be read. */
  assemble(options: { held: HeldAttempt; traceparent: string; isSuspect: boolean }): Promise<Assignment>;
}

export class Assembler {
  readonly #catalog: Catalog;
  readonly #reader: SampleReader;
  readonly #judgeLines: Pick<JudgeLines, 'of'>;
  /** Those used last come last. */
  readonly #contexts = new Map<string, { json: Buffer; digest: string }>();
  #contextBytes = 0;

  constructor(catalog: Catalog, reader: SampleReader, judgeLines: Pick<JudgeLines, 'of'>) {
    this.#catalog = catalog;
    this.#reader = reader;
    this.#judgeLines = judgeLines;
  }

  /**
   * units: the open units of the task, ascending, all of one group. namespaces: whose content its agent may have; nothing is read for one that
   * may not, however it came to the task. Throws AppError, also when content cannot be read.
   */
  async prepare(evaluationId: string, units: readonly number[], namespaces: Namespaces): Promise<Prepared> {
    const known = await this.#known(evaluationId);
    if (!covers(namespaces, known.manifest.namespace))
      throw new AppError('internal', `it was about to go to an agent that is not of the namespace ${known.manifest.namespace}`, {
        reason: FOREIGN,
      });
    const group = groupOfUnit(known.manifest.groups, units[0]!);
    if (!group.judge)
      return {
        ...{ namespace: known.manifest.namespace, units, ended: [], bytes: await this.#bytesOf(known, group, units) },
        assemble: async (options) => this.#assignment(known, group, { ...options, samples: await this.#samples(known, group, units) }),
      };
    const { lines, ended } = await this.#judgeLines.of(known.manifest, group, units);
    return {
      namespace: known.manifest.namespace,
      units: lines.map(({ unit }) => unit),
      bytes: lines.reduce((sum, { line }) => sum + line.length, 0),
      ended,
      assemble: async (options) => this.#assignment(known, group, { ...options, samples: lines }),
    };
  }

  async #bytesOf({ manifest }: Known, group: Group, units: readonly number[]): Promise<number> {
    const wanted = new Set(units.map((u) => placeOf(group, u).sample));
    const first = placeOf(group, units[0]!).sample;
    const sizes = await this.#reader.sizes(
      manifest.sampleIndexes[group.benchmarkIndex]!,
      first,
      placeOf(group, units.at(-1)!).sample - first + 1,
    );
    return sizes.reduce((sum, size, i) => sum + (wanted.has(first + i) ? size : 0), 0);
  }

  async #samples({ manifest }: Known, group: Group, units: readonly number[]): Promise<Assignment['samples']> {
    const first = placeOf(group, units[0]!).sample;
    const last = placeOf(group, units.at(-1)!).sample;
    const dataset = datasetDigestOf(manifest, group.benchmarkIndex);
    const lines = await this.#reader.lines(manifest.sampleIndexes[group.benchmarkIndex]!, dataset, first, last - first + 1);
    let before = -1;
    return units.map((unit) => {
      const { sample, epoch } = placeOf(group, unit);
      const { ordinal, line } = lines[sample - first]!;
      const repeated = sample === before;
      before = sample;
      return { unit, epoch, ordinal, line: repeated ? NOTHING : line };
    });
  }

  #assignment(
    known: Known,
    group: Group,
    {
      held,
      samples,
      traceparent,
      isSuspect,
    }: { held: HeldAttempt; samples: Assignment['samples']; traceparent: string; isSuspect: boolean },
  ): Assignment {
    const context = this.#context(known, group);
    return {
      attemptId: held.attemptId,
      evaluationId: held.evaluationId,
      taskId: held.taskId,
      modelIndex: held.modelIndex,
      samples,
      traceparent,
      contextDigest: context.digest,
      contextJson: context.json,
      ...(isSuspect ? { suspect: true } : {}),
    };
  }

  async #known(evaluationId: string): Promise<Known> {
    const known = await this.#catalog.find(evaluationId);
    if (!known) throw new AppError('not_found', `the store holds no ${evaluationId}`);
    return known;
  }

  #context({ manifest, changes }: Known, group: Group): { json: Buffer; digest: string } {
    // Updates change the limits of what is handed out from then on; a removed evaluation's id may come again with another spec.
    const key = `${manifest.evaluationId}/${manifest.createdAtMs}/${group.index}/${JSON.stringify(changes.limits) ?? ''}`;
    let context = this.#contexts.get(key);
    if (context) this.#contexts.delete(key);
    else {
      const json = ownBytes(JSON.stringify(taskContextOf(manifest, group, changes.limits)));
      context = { json, digest: digestOf(json) };
      this.#contextBytes += json.length;
    }
    this.#contexts.set(key, context);
    for (const [oldest, { json }] of this.#contexts) {
      if (oldest === key || (this.#contexts.size <= CACHED_CONTEXTS && this.#contextBytes <= CACHED_BYTES)) break;
      this.#contexts.delete(oldest);
      this.#contextBytes -= json.length;
    }
    return context;
  }
}

/** A short Buffer.from() is a piece of a pool of 64 KiB, all of which lives as long as the piece does. */
function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
