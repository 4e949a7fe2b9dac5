/** Dead letters between the wire and the client library. */
import type { DeadLetter as WireLetter, DeadLetter__Output } from '../rpc/gen/assay/v1/DeadLetter.ts';
import type { DeadLetterFilter as WireFilter } from '../rpc/gen/assay/v1/DeadLetterFilter.ts';
import type { DeadLettersOutcome as WireOutcome, DeadLettersOutcome__Output } from '../rpc/gen/assay/v1/DeadLettersOutcome.ts';
import type { DropDeadLettersResponse, DropDeadLettersResponse__Output } from '../rpc/gen/assay/v1/DropDeadLettersResponse.ts';
import type { ReplayDeadLettersResponse, ReplayDeadLettersResponse__Output } from '../rpc/gen/assay/v1/ReplayDeadLettersResponse.ts';
import type { DeadLetter, DeadLetterFilter, DeadLettersDone, DeadLettersOutcome } from './dead-letters.ts';
import { durabilityField, durabilityToWire } from './codec-durability.ts';
import { int64, judgeOfField, toInt64 } from './codec-words.ts';

export const letterToWire = ({ deadAtMs, attempts, ...letter }: DeadLetter): WireLetter => ({
  ...letter,
  deadAtMs: toInt64(deadAtMs),
  attempts: attempts.map(({ atMs, ...attempt }) => ({ ...attempt, atMs: toInt64(atMs) })),
});

export const letterFromWire = (wire: DeadLetter__Output): DeadLetter => ({
  taskId: wire.taskId,
  evaluationId: wire.evaluationId,
  benchmark: wire.benchmark,
  model: wire.model,
  route: wire.route,
  requirement: wire.requirement,
  units: wire.units,
  unitCount: wire.unitCount,
  deadAtMs: int64(wire.deadAtMs),
  crashes: wire.crashes,
  losses: wire.losses,
  returns: wire.returns,
  attempts: wire.attempts.map(({ attemptId, agentId, agent, instanceId, end, atMs, exit, lastOutput }) => ({
    attemptId,
    agentId,
    agent,
    instanceId,
    end: end === 'crash' ? 'crash' : 'loss',
    atMs: int64(atMs),
    exit,
    lastOutput,
  })),
  dropped: wire.dropped,
  ...judgeOfField(wire.judgeOf),
});

export const letterFilterToWire = ({ fromMs, toMs, ...filter }: DeadLetterFilter): WireFilter => ({
  ...filter,
  ...(fromMs === undefined ? {} : { fromMs: toInt64(fromMs) }),
  ...(toMs === undefined ? {} : { toMs: toInt64(toMs) }),
});

const outcomeToWire = ({ units, durability, ...outcome }: DeadLettersOutcome): WireOutcome => ({
  ...outcome,
  units: toInt64(units),
  ...(durability && { durability: durabilityToWire(durability) }),
});

const outcomeFromWire = ({ evaluationId, letters, units, problem, durability }: DeadLettersOutcome__Output): DeadLettersOutcome => ({
  evaluationId,
  letters,
  units: int64(units),
  problem,
  ...durabilityField(durability),
});

export const replayedToWire = ({ letters, units, durability, evaluations, failed }: DeadLettersDone): ReplayDeadLettersResponse => ({
  letters,
  units: toInt64(units),
  ...(durability && { durability: durabilityToWire(durability) }),
  evaluations: evaluations.map(outcomeToWire),
  failed,
});

/** Of a drop there are no units. */
export const droppedToWire = (done: DeadLettersDone): DropDeadLettersResponse => {
  const { units: _, ...dropped } = replayedToWire(done);
  return dropped;
};

export const doneFromWire = (wire: ReplayDeadLettersResponse__Output | DropDeadLettersResponse__Output): DeadLettersDone => ({
  letters: wire.letters,
  units: 'units' in wire ? int64(wire.units) : 0,
  ...durabilityField(wire.durability),
  evaluations: wire.evaluations.map(outcomeFromWire),
  failed: wire.failed,
});
