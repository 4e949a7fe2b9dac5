/**
 * Finds the winning results of an evaluation in one pass over its segments.
 *
 * Of several frames with one unit, that of the highest grant wins; of equal grants the earlier frame. "Earlier" is an order
 * of files, not of time: segments by name (the time of their creation, then the coordinator), frames by offset. So all
 * readers agree for ever. Voids are read before any result; a voided (attempt, unit) never wins, or (`voided: 'last'`) only
 * where nothing else does: the ledger may count a result whose void came too late. What a requeue has set aside never wins.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Counts } from './control-records.ts';
import { FrameTable } from './frame-table.ts';
import { readWinners } from './result-reader.ts';
import type { SegmentFiles } from './segment-files.ts';
import { readSegment, readVoids } from './segment-reader.ts';
import type { ResultIndex } from './store.ts';
import { contentBytes, damagedSegment } from './stored-frame.ts';

export interface ResultIndexOptions {
  evaluationId: string;
  files: SegmentFiles;
  /** Units of the evaluation; frames with other units are refused. */
  units: number;
  /** Whether a voided result never wins, or only where there is no other. */
  voided: 'never' | 'last';
  /** Which results still count after requeues; absent: all. */
  counts?: Counts;
}

export async function buildResultIndex(options: ResultIndexOptions): Promise<ResultIndex> {
  const voids = await readVoids(options);
  const names = await options.files.names('segments');
  const frames = new FrameTable();
  /** Per unit: the number of its frame in the table plus 1, 0 for none. */
  const winners = new Uint32Array(options.units);
  /** Per unit: 1 if its winner so far was voided. */
  const lastChoice = new Uint8Array(options.voided === 'last' ? options.units : 0);
  let count = 0;
  let highestGrant = 0;
  for (const [segment, name] of names.entries()) {
    await readSegment(options, 'segments', name, ({ header, offset, payloadBytes }) => {
      if (header.kind !== 'results') return;
      highestGrant = Math.max(highestGrant, header.grant);
      const isVoidedUnit = voids.of(header.attemptId);
      let number = 0;
      for (const [unit] of header.units) {
        if (unit >= options.units) throw damagedSegment(options.evaluationId, name, offset, `unit ${unit} of ${options.units}`);
        if (options.counts?.(unit, header.grant) === false) continue;
        const current = winners[unit]!;
        const isVoided = isVoidedUnit?.(unit) ?? false;
        if (isVoided && options.voided === 'never') continue;
        if (current > 0 && (current === number || !isBetter(isVoided, lastChoice[unit] === 1, header.grant, frames.grant(current - 1))))
          continue;
        if (options.voided === 'last') lastChoice[unit] = isVoided ? 1 : 0;
        number ||= frames.add({ segment, offset, payloadBytes, contentBytes: contentBytes(header), grant: header.grant }) + 1;
        winners[unit] = number;
        if (current === 0) count += 1;
      }
    });
  }
  let closed = false;
  return {
    count,
    highestGrant,
    has: (unit) => (winners[unit] ?? 0) > 0,
    isVoid: (attemptId, unit) => voids.of(attemptId)?.(unit) ?? false,
    async *results(from = 0, wanted = () => true) {
      if (closed) throw new AppError('internal', 'the result index was closed');
      const source = { evaluationId: options.evaluationId, files: options.files, names, frames, winners };
      yield* readWinners(source, from, wanted);
    },
    async close() {
      closed = true;
    },
  };
}

/** Whether a later frame beats the winner so far: one that was not voided first, then the higher grant. */
const isBetter = (isVoided: boolean, wasVoided: boolean, grant: number, winnersGrant: number): boolean =>
  isVoided === wasVoided ? grant > winnersGrant : wasVoided;
