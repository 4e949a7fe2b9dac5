/**
 * What callers change in evaluations, told to the audit log with who it was: once it is done, so that what changed nothing tells nothing. Many that are
 * meant by one call go into few lines.
 */
import type { EvaluationOutcome } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import type { EvaluationUseCases } from './use-cases.ts';

/** What was changed. */
export interface Change {
  readonly namespace?: string;
  /** Ids of evaluations. */
  readonly target: string;
  readonly reason?: string;
}

export interface NotedParts {
  namespaceOf: (evaluationId: string) => Promise<string | undefined>;
  note: (change: Change) => void;
}

/** Ids in one text of an entry of the audit log. */
const IDS = 16;

/** Ids of one namespace, as targets of so many lines. */
export function* targetsOf(evaluationIds: readonly string[]): Generator<string> {
  for (let i = 0; i < evaluationIds.length; i += IDS) yield evaluationIds.slice(i, i + IDS).join(' ');
}

export function noted(own: EvaluationUseCases, { namespaceOf, note }: NotedParts): EvaluationUseCases {
  const noteAll = async (evaluationIds: readonly string[]): Promise<void> => {
    const spaces = new Map<string | undefined, string[]>();
    for (const id of evaluationIds) {
      const namespace = await namespaceOf(id).catch(() => undefined);
      const same = spaces.get(namespace);
      if (same) same.push(id);
      else spaces.set(namespace, [id]);
    }
    for (const [namespace, ids] of spaces)
      for (const target of targetsOf(ids)) note({ ...(namespace !== undefined && { namespace }), target });
  };
  /** Where nobody knows what was done, that is told. */
  const one = async <T>(evaluationId: string, work: () => Promise<T>, isChange: (done: T) => boolean = () => true): Promise<T> => {
    try {
      const done = await work();
      if (isChange(done)) await noteAll([evaluationId]);
      return done;
    } catch (error) {
      const { code } = AppError.from(error);
      if (code === 'unavailable' || code === 'internal' || code === 'deadline')
        note({ target: evaluationId, reason: `it ended with ${code}: whether it was done, the evaluation says` });
      throw error;
    }
  };
  const several = async (work: Promise<EvaluationOutcome[]>): Promise<EvaluationOutcome[]> => {
    const outcomes = await work;
    await noteAll(outcomes.filter(({ changed }) => changed).map(({ evaluationId }) => evaluationId));
    return outcomes;
  };
  const letters = async <T extends { evaluations: { evaluationId: string; letters: number }[] }>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await noteAll(done.evaluations.filter((of) => of.letters > 0).map(({ evaluationId }) => evaluationId));
    return done;
  };
  const { deadLetters } = own;
  return {
    ...own,
    submit: async (request, ...args) => {
      const done = await own.submit(request, ...args);
      if (!done.existed) note({ namespace: request.namespace || DEFAULT_NAMESPACE, target: done.evaluation.evaluationId });
      return done;
    },
    cancel: (...args) => several(own.cancel(...args)),
    pause: (...args) => several(own.pause(...args)),
    resume: (...args) => several(own.resume(...args)),
    update: (id, ...args) => one(id, () => own.update(id, ...args)),
    skip: (id, ...args) =>
      one(
        id,
        () => own.skip(id, ...args),
        ({ skipped }) => skipped > 0,
      ),
    requeue: (id, ...args) =>
      one(
        id,
        () => own.requeue(id, ...args),
        ({ requeued }) => requeued > 0,
      ),
    deadLetters: {
      ...deadLetters,
      replay: (...args) => letters(deadLetters.replay(...args)),
      drop: (...args) => letters(deadLetters.drop(...args)),
    },
  };
}
