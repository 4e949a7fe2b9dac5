/**
 * What a caller may see and touch of all that the use-cases know: what lies in its namespaces. "Absent" and "not yours" go the same way here,
 * before anything else is done, so they answer alike. Whoever may everything is not asked.
 */
import type { DeadLetterFilter, DeadLettersDone } from '../../shared/client/dead-letters.ts';
import type { EvaluationChoice, ListChange } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE, parseTaskId } from '../../shared/domain/ids.ts';
import { covers, describeNamespaces, type Identity } from '../../shared/domain/identity.ts';
import { lazily } from '../../shared/runtime/iterables.ts';
import { RULES } from '../../shared/domain/access-rules.ts';
import { absentEvaluation, absentLetter } from '../evaluations/absent.ts';
import { noted, targetsOf } from './noted.ts';
import type { DeadLetterUseCases, EvaluationUseCases } from './use-cases.ts';

/** Whose call it is. */
export interface GuardedCall {
  readonly identity: Identity;
  readonly method: string;
  readonly peer: string;
}

/** What a call is about, as far as that is known. */
interface About {
  namespace?: string;
  /** An evaluation, or a task's. */
  target?: string;
}

export interface GuardParts {
  useCases: EvaluationUseCases;
  /** Of an accepted evaluation; undefined: there is none. */
  namespaceOf: (evaluationId: string) => Promise<string | undefined>;
  /** Somebody has asked for what is not theirs. */
  onDenied: (call: GuardedCall & About & { reason: string }) => void;
  /** A privileged call is going to be made; where this rejects it is not. */
  onAllowed: (call: GuardedCall & About) => Promise<void>;
  /** Evaluations have been changed. */
  onChanged: (call: GuardedCall & About & { reason: string }) => void;
}

/** The use-cases for one call. */
export type UseCasesOf = (call: GuardedCall) => EvaluationUseCases;

export const guard =
  (parts: GuardParts): UseCasesOf =>
  ({ identity, method, peer }) => {
    const [call, rule] = [{ identity, method, peer }, RULES[method]];
    const own = identity.namespaces === '*' && !rule?.privileged ? parts.useCases : guarded(parts, new Fence(parts, call));
    if (!rule?.noted) return own;
    const { namespaceOf, onChanged } = parts;
    return noted(own, { namespaceOf, note: (change) => onChanged({ ...call, reason: '', ...change }) });
  };

/** Tells what is the caller's. */
class Fence {
  readonly #parts: GuardParts;
  readonly #call: GuardedCall;
  #isTold = false;

  constructor(parts: GuardParts, call: GuardedCall) {
    this.#parts = parts;
    this.#call = call;
  }

  /** Throws as for one that is not there. */
  async pass(evaluationId: string): Promise<void> {
    const namespace = await this.#parts.namespaceOf(evaluationId);
    if (!this.#isMine(evaluationId, namespace)) throw absentEvaluation(evaluationId);
    await this.#allowed({ namespace: namespace!, target: evaluationId });
  }

  /** Whether there is anything to be done in a namespace. `target`: what was asked for there. */
  async passInto(namespace: string = DEFAULT_NAMESPACE, target?: string): Promise<boolean> {
    if (!this.mayLook(namespace)) return false;
    await this.#allowed({ namespace, ...(target !== undefined && { target }) });
    return true;
  }

  /** These were found, and are going to be removed. */
  async passFound(evaluationIds: readonly string[], namespace: string = DEFAULT_NAMESPACE): Promise<void> {
    // Together: they make one piece of the log.
    await Promise.all([...targetsOf(evaluationIds)].map((target) => this.#allowed({ namespace, target })));
  }

  async isMine(evaluationId: string): Promise<boolean> {
    return this.#isMine(evaluationId, await this.#parts.namespaceOf(evaluationId));
  }

  #isMine(evaluationId: string, namespace: string | undefined): boolean {
    if (namespace !== undefined && this.#covers(namespace)) return true;
    this.#denied('it is not there, or not theirs', { target: evaluationId, ...(namespace !== undefined && { namespace }) });
    return false;
  }

  #allowed(about: About): Promise<void> {
    return this.#parts.onAllowed({ ...this.#call, ...about });
  }

  /** Whether there is anything to be found in a namespace. */
  mayLook(namespace = DEFAULT_NAMESPACE): boolean {
    if (this.#covers(namespace)) return true;
    this.#denied('the namespace is not theirs', { namespace });
    return false;
  }

  /** Throws unless something may be put into it. */
  mayAdd(namespace: string): void {
    if (this.mayLook(namespace || DEFAULT_NAMESPACE)) return;
    const { name, namespaces } = this.#call.identity;
    const asked = JSON.stringify(namespace || DEFAULT_NAMESPACE);
    throw new AppError(
      'permission_denied',
      `${JSON.stringify(name)} may not use the namespace ${asked}; name one of its own: ${describeNamespaces(namespaces)} ` +
        '(--namespace, ASSAY_NAMESPACE; a client that names none for uploads needs a newer release, or a token for one namespace)',
    );
  }

  #covers(namespace: string): boolean {
    return covers(this.#call.identity.namespaces, namespace);
  }

  /** A call that names many is told of once. */
  #denied(reason: string, about: About): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#parts.onDenied({ ...this.#call, reason, ...about });
  }
}

function guarded({ useCases }: GuardParts, fence: Fence): EvaluationUseCases {
  /** For one that is named, or those of a filter that are the caller's. */
  const chosen = async <T>(which: EvaluationChoice, work: () => Promise<T[]>): Promise<T[]> => {
    if ('evaluationId' in which) await fence.pass(which.evaluationId);
    else if (!(await fence.passInto(which.filter.namespace, JSON.stringify(which.filter)))) return [];
    return work();
  };
  const passed = async <T>(evaluationId: string, work: () => Promise<T>): Promise<T> => {
    await fence.pass(evaluationId);
    return work();
  };
  const streamed = <T>(evaluationId: string, open: () => AsyncIterable<T>): AsyncIterable<T> =>
    lazily(async () => {
      await fence.pass(evaluationId);
      return open();
    });
  return {
    hasContent: async (digest, namespace) => {
      fence.mayAdd(namespace);
      return useCases.hasContent(digest, namespace);
    },
    upload: async (digest, sizeBytes, chunks, namespace) => {
      fence.mayAdd(namespace);
      return useCases.upload(digest, sizeBytes, chunks, namespace);
    },
    submit: async (request, ...args) => {
      fence.mayAdd(request.namespace);
      return useCases.submit(request, ...args);
    },
    validate: async (request) => {
      fence.mayAdd(request.namespace);
      return useCases.validate(request);
    },
    get: (id) => passed(id, () => useCases.get(id)),
    watch: (id, ...args) => streamed(id, () => useCases.watch(id, ...args)),
    cancel: (which, ...args) => chosen(which, () => useCases.cancel(which, ...args)),
    pause: (which, ...args) => chosen(which, () => useCases.pause(which, ...args)),
    resume: (which, ...args) => chosen(which, () => useCases.resume(which, ...args)),
    delete: (which, required) => {
      const before = (found: readonly string[]): Promise<void> =>
        'filter' in which ? fence.passFound(found, which.filter.namespace) : Promise.resolve();
      return chosen(which, () => useCases.delete(which, required, before));
    },
    update: (id, ...args) => passed(id, () => useCases.update(id, ...args)),
    skip: (id, ...args) => passed(id, () => useCases.skip(id, ...args)),
    requeue: (id, ...args) => passed(id, () => useCases.requeue(id, ...args)),
    deadLetters: guardedLetters(useCases.deadLetters, fence),
    recover: (id, ...args) => passed(id, () => useCases.recover(id, ...args)),
    verify: (id, ...args) => streamed(id, () => useCases.verify(id, ...args)),
    record: (id, ...args) => streamed(id, () => useCases.record(id, ...args)),
    why: (id, ...args) => passed(id, () => useCases.why(id, ...args)),
    course: (id, ...args) => passed(id, () => useCases.course(id, ...args)),
    logs: (id, ...args) => streamed(id, () => useCases.logs(id, ...args)),
    list: async (filter, page) => (fence.mayLook(filter.namespace) ? useCases.list(filter, page) : { items: [], nextToken: '' }),
    watchList: (filter, ...args) => (fence.mayLook(filter.namespace) ? useCases.watchList(filter, ...args) : nothingListed()),
    samples: (id, ...args) => passed(id, () => useCases.samples(id, ...args)),
    sample: (id, which) => passed(id, () => useCases.sample(id, which)),
    results: (id, ...args) => streamed(id, () => useCases.results(id, ...args)),
    report: (id) => passed(id, () => useCases.report(id)),
  };
}

async function* nothingListed(): AsyncGenerator<ListChange> {
  yield { timeMs: Date.now(), snapshot: true, evaluations: [], removedEvaluationIds: [], nextToken: '' };
}

function guardedLetters(letters: DeadLetterUseCases, fence: Fence): DeadLetterUseCases {
  /** The part of a filter that means what is the caller's; undefined: none. Throws where it names an evaluation that is not there. */
  const mine = async (filter: DeadLetterFilter): Promise<DeadLetterFilter | undefined> => {
    if (filter.evaluationId) {
      if (await fence.isMine(filter.evaluationId)) return filter;
      throw absentEvaluation(filter.evaluationId);
    }
    if (!filter.taskIds?.length) return fence.mayLook(filter.namespace) ? filter : undefined;
    const ofEvaluation = (taskId: string): string => parseTaskId(taskId)?.evaluationId ?? '';
    const own = new Map<string, boolean>();
    for (const id of new Set(filter.taskIds.map(ofEvaluation))) own.set(id, await fence.isMine(id));
    const taskIds = filter.taskIds.filter((taskId) => own.get(ofEvaluation(taskId)));
    return taskIds.length > 0 ? { ...filter, taskIds } : undefined;
  };
  const none = (): DeadLettersDone => ({ letters: 0, units: 0, evaluations: [], failed: 0 });
  return {
    list: async (filter, page) => {
      const own = await mine(filter);
      return own ? letters.list(own, page) : { items: [], nextToken: '' };
    },
    get: async (taskId) => {
      if (!(await fence.isMine(parseTaskId(taskId)?.evaluationId ?? ''))) throw absentLetter(taskId);
      const letter = await letters.get(taskId);
      // An agent may have worked for others as well, and what it said last is not told apart: whoever may see all namespaces reads it.
      return { ...letter, attempts: letter.attempts.map((attempt) => ({ ...attempt, lastOutput: '' })) };
    },
    replay: async (filter, ...args) => {
      const own = await mine(filter);
      return own ? letters.replay(own, ...args) : none();
    },
    drop: async (filter, ...args) => {
      const own = await mine(filter);
      return own ? letters.drop(own, ...args) : none();
    },
  };
}
