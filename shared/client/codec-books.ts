/** Books between the wire and the client library. */
import { AppError } from '../domain/errors.ts';
import type { Books as WireBooks, Books__Output } from '../rpc/gen/assay/v1/Books.ts';
import type { FrameBooks as WireFrames, FrameBooks__Output } from '../rpc/gen/assay/v1/FrameBooks.ts';
import type { RecoverEvaluationResponse, RecoverEvaluationResponse__Output } from '../rpc/gen/assay/v1/RecoverEvaluationResponse.ts';
import type { VerifyProgress as WireProgress, VerifyProgress__Output } from '../rpc/gen/assay/v1/VerifyProgress.ts';
import type { Books, FrameBooks, Recovered, VerifyProgress } from './books.ts';
import { durabilityField, durabilityToWire } from './codec-durability.ts';
import { judgeOfField, countsFromWire, countsToWire, int64, stateFromWire, stateToWire, toInt64 } from './codec-words.ts';

const FRAME_FIELDS = [
  ...(['frames', 'results', 'voidFrames', 'refused', 'setAside', 'uncounted', 'countedThoughRefused', 'copies'] as const),
  ...(['unitsWithSeveral', 'agreed', 'differed', 'repeatedExecutions', 'calls', 'retries', 'repeatedCalls'] as const),
];

const framesToWire = (frames: FrameBooks): WireFrames => Object.fromEntries(FRAME_FIELDS.map((name) => [name, toInt64(frames[name])]));

const framesFromWire = (wire: FrameBooks__Output | null): FrameBooks =>
  Object.fromEntries(FRAME_FIELDS.map((name) => [name, int64(wire?.[name] ?? 0)])) as unknown as FrameBooks;

export const booksToWire = ({ frames, requeuedUnits, attempts, moreDifferences, ...books }: Books): WireBooks => ({
  ...books,
  state: stateToWire(books.state),
  counts: countsToWire(books.counts),
  groups: books.groups.map((group) => ({ ...group, counts: countsToWire(group.counts) })),
  frames: framesToWire(frames),
  requeuedUnits: toInt64(requeuedUnits),
  attempts: toInt64(attempts),
  moreDifferences: toInt64(moreDifferences),
});

export const booksFromWire = (wire: Books__Output): Books => ({
  evaluationId: wire.evaluationId,
  state: stateFromWire(wire.state),
  balanced: wire.balanced,
  counts: countsFromWire(wire.counts),
  groups: wire.groups.map(({ benchmark, model, counts, judgeOf }) => ({
    benchmark,
    model,
    counts: countsFromWire(counts),
    ...judgeOfField(judgeOf),
  })),
  frames: framesFromWire(wire.frames),
  requeues: wire.requeues,
  requeuedUnits: int64(wire.requeuedUnits),
  generations: wire.generations,
  attempts: int64(wire.attempts),
  agents: wire.agents,
  differences: wire.differences.map(({ place, expected, found }) => ({ place, expected, found })),
  moreDifferences: int64(wire.moreDifferences),
  notCompared: wire.notCompared,
});

export const progressToWire = ({ phase, done, total }: VerifyProgress): WireProgress => ({
  phase,
  done: toInt64(done),
  total: toInt64(total),
});

export const progressFromWire = ({ phase, done, total }: VerifyProgress__Output): VerifyProgress => ({
  phase: phase as VerifyProgress['phase'],
  done: int64(done),
  total: int64(total),
});

export const recoveredToWire = ({ before, after, state, durability, ...recovered }: Recovered): RecoverEvaluationResponse => ({
  ...recovered,
  state: stateToWire(state),
  ...(before ? { before: countsToWire(before) } : {}),
  after: countsToWire(after),
  ...(durability && { durability: durabilityToWire(durability) }),
});

export function recoveredFromWire(wire: RecoverEvaluationResponse__Output): Recovered {
  const { before, after, state, evaluationId, generation, durability } = wire;
  if (!after) throw new AppError('internal', 'the coordinator sent no counts');
  return {
    evaluationId,
    state: stateFromWire(state),
    ...(before ? { before: countsFromWire(before) } : {}),
    after: countsFromWire(after),
    generation,
    ...durabilityField(durability),
  };
}
