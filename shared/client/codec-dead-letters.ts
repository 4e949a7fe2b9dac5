/** Dead letters between the wire and the client library. */
import type { DeadLetter as WireLetter, DeadLetter__Output } from '../rpc/gen/assay/v1/DeadLetter.ts';
import type { DeadLetterFilter as WireFilter } from '../rpc/gen/assay/v1/DeadLetterFilter.ts';
import type { DeadLetter, DeadLetterFilter } from './dead-letters.ts';
import { int64, toInt64 } from './codec-words.ts';

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
});

export const letterFilterToWire = ({ fromMs, toMs, ...filter }: DeadLetterFilter): WireFilter => ({
  ...filter,
  ...(fromMs === undefined ? {} : { fromMs: toInt64(fromMs) }),
  ...(toMs === undefined ? {} : { toMs: toInt64(toMs) }),
});
