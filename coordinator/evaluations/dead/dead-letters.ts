/** Dead letters over all evaluations: found in their journals, so whatever Redis has forgotten; replayed by a requeue; dropped. */
import type { DeadLetter, DeadLetterFilter, DeadLettersDone, DeadLettersOutcome } from '../../../shared/client/dead-letters.ts';
import type { Page, PageRequest } from '../../../shared/client/types.ts';
import { weakerOf, type Durability } from '../../../shared/domain/durability.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { parseTaskId, taskIdOf } from '../../../shared/domain/ids.ts';
import { judgeOfField } from '../../../shared/domain/manifest.ts';
import { describeRoute } from '../../../shared/domain/routing.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Store } from '../../store/store.ts';
import { absentLetter } from '../absent.ts';
import type { Known } from '../catalog.ts';
import type { Commander } from '../commands/commander.ts';
import type { Browse } from '../reading/browse.ts';
import type { Queries } from '../reading/queries.ts';
import { unitsIn } from '../journal.ts';
import { lettersOf, type Letter } from './letters.ts';
import { readToken, writeToken } from './page-token.ts';

const DEFAULT_PAGE = 50;
const SHOWN_UNITS = 1_000;
/** Evaluations that one page looks through at most. */
const LOOK_THROUGH = 1_000;
/** Units of one requeue. */
const REPLAY_UNITS = 5_000;
/** Outcomes that are told one by one. */
const TOLD_OUTCOMES = 1_000;
const PROBLEM_CHARACTERS = 500;

/** What DeadLetters are made of. */
export interface DeadLettersParts {
  store: Store;
  clock: Clock;
  queries: Pick<Queries, 'known'>;
  browse: Pick<Browse, 'list'>;
  commander: Pick<Commander, 'demanding'>;
}

interface Found {
  known: Known;
  letter: Letter;
}

export class DeadLetters {
  readonly #parts: DeadLettersParts;

  constructor(parts: DeadLettersParts) {
    this.#parts = parts;
  }

  /** By evaluation, the newest first, then in the order of their deaths; without the agents' last words. */
  async list(filter: DeadLetterFilter, page: PageRequest & { withDropped?: boolean }): Promise<Page<DeadLetter>> {
    const size = page.size || DEFAULT_PAGE;
    const token = readToken(page.token ?? '');
    const items: DeadLetter[] = [];
    let looked = 0;
    for await (const { evaluationId, listToken } of this.#evaluations(filter, token)) {
      // Where the page before has ended: after so many letters of this evaluation.
      const skip = token?.evaluationId === evaluationId ? token.letters : 0;
      const found = await this.#lettersIn(evaluationId, filter, page.withDropped ?? false);
      for (const [i, { known, letter }] of found.entries()) {
        if (i < skip) continue;
        if (items.length >= size) return { items, nextToken: writeToken({ listToken, evaluationId, letters: i }) };
        items.push(withoutOutput(letterOf(known, letter)));
      }
      looked++;
      if (looked >= LOOK_THROUGH) return { items, nextToken: writeToken({ listToken, evaluationId, letters: found.length }) };
    }
    return { items, nextToken: '' };
  }

  async get(taskId: string): Promise<DeadLetter> {
    const evaluationId = parseTaskId(taskId)?.evaluationId ?? '';
    const [found] = await this.#lettersIn(evaluationId, { taskIds: [taskId] }, true);
    if (!found) throw absentLetter(taskId);
    return letterOf(found.known, found.letter);
  }

  /** Their units run again, in new tasks. */
  async replay(filter: DeadLetterFilter, reason: string, required?: Durability): Promise<DeadLettersDone> {
    refuseEmpty('ReplayDeadLetters', filter);
    const commander = await this.#parts.commander.demanding(required);
    return this.#each(filter, async ({ evaluationId }, letters, done) => {
      for (const some of partsOf(letters)) {
        const units = some.flatMap((letter) => unitsOf(letter, Infinity));
        for (let at = 0; at < units.length; at += REPLAY_UNITS) {
          const samples = { units: units.slice(at, at + REPLAY_UNITS), states: ['dead' as const] };
          const { requeued, durability } = await commander.requeue(evaluationId, samples, reason);
          done({ units: requeued, durability });
        }
        done({ letters: some.length });
      }
    });
  }

  /** They are listed no more; their units stay dead. */
  async drop(filter: DeadLetterFilter, reason: string, required?: Durability): Promise<DeadLettersDone> {
    refuseEmpty('DropDeadLetters', filter);
    const { store, clock } = this.#parts;
    const commander = await this.#parts.commander.demanding(required);
    return this.#each(filter, async ({ evaluationId }, letters, done) => {
      const tasks = letters.map(({ sequence }) => sequence);
      await store.appendControl(evaluationId, { kind: 'drop', atMs: clock.now(), reason, tasks });
      done({ letters: letters.length });
      done({ durability: await commander.acknowledgeStored(evaluationId) });
    });
  }

  /** In each evaluation that has some. What fails in one that was not named by itself is told with it, and the next one follows. */
  async #each(
    filter: DeadLetterFilter,
    work: (outcome: Readonly<DeadLettersOutcome>, letters: Letter[], done: (more: Partial<Sum>) => void) => Promise<void>,
  ): Promise<DeadLettersDone> {
    const sum: DeadLettersDone = { letters: 0, units: 0, evaluations: [], failed: 0 };
    const failed: DeadLettersOutcome[] = [];
    const well: DeadLettersOutcome[] = [];
    for await (const { evaluationId } of this.#evaluations(filter)) {
      const outcome: DeadLettersOutcome = { evaluationId, letters: 0, units: 0, problem: '' };
      try {
        const letters = (await this.#lettersIn(evaluationId, filter, false)).map(({ letter }) => letter);
        if (letters.length === 0) continue;
        await work(outcome, letters, (more) => add(outcome, more));
      } catch (error) {
        if (filter.evaluationId) throw error;
        outcome.problem = AppError.from(error).message.slice(0, PROBLEM_CHARACTERS);
        sum.failed++;
      }
      add(sum, outcome);
      const told = outcome.problem ? failed : well;
      if (told.length < TOLD_OUTCOMES) told.push(outcome);
    }
    sum.evaluations = [...failed, ...well].slice(0, TOLD_OUTCOMES);
    return sum;
  }

  /** Evaluations that may have some. `listToken`: of the page of the list that it stands on. */
  async *#evaluations(
    filter: DeadLetterFilter,
    from?: { listToken: string; evaluationId: string },
  ): AsyncGenerator<{ evaluationId: string; listToken: string }> {
    const named = filter.evaluationId
      ? [filter.evaluationId]
      : [...new Set((filter.taskIds ?? []).map((id) => parseTaskId(id)!.evaluationId))];
    if (named.length > 0) {
      const at = Math.max(0, from ? named.indexOf(from.evaluationId) : 0);
      for (const evaluationId of named.slice(at)) yield { evaluationId, listToken: '' };
      return;
    }
    const which = filter.namespace ? { namespace: filter.namespace } : {};
    let resumed = from === undefined;
    let listToken = from?.listToken ?? '';
    do {
      const { items, nextToken } = await this.#parts.browse.list(which, { size: 200, token: listToken });
      // One that is gone meanwhile: its whole page comes again rather than be left out.
      resumed ||= !items.some(({ evaluationId }) => evaluationId === from?.evaluationId);
      for (const { evaluationId, counts, state } of items) {
        resumed ||= evaluationId === from?.evaluationId;
        // Counts of one that is being recovered, or runs, may lag behind.
        if (resumed && (counts.dead > 0 || !['succeeded', 'failed', 'cancelled'].includes(state))) yield { evaluationId, listToken };
      }
      listToken = nextToken;
    } while (listToken !== '');
  }

  /** None of an evaluation that is gone; throws where it is the one that was named. */
  async #lettersIn(evaluationId: string, filter: DeadLetterFilter, withDropped: boolean): Promise<Found[]> {
    const known = await this.#parts.queries.known(evaluationId).catch((error: unknown) => {
      if (AppError.from(error).code === 'not_found' && !filter.evaluationId) return undefined;
      throw error;
    });
    if (!known) return [];
    const letters = lettersOf(await this.#parts.store.controls(evaluationId));
    return letters
      .filter((letter) => (withDropped || !letter.isDropped) && fits(known, letter, filter))
      .map((letter) => ({ known, letter }));
  }
}

/** Letters whose units go into one requeue together. */
function* partsOf(letters: readonly Letter[]): Generator<Letter[]> {
  let part: Letter[] = [];
  let units = 0;
  for (const letter of letters) {
    const own = unitsIn(letter.units);
    if (part.length > 0 && units + own > REPLAY_UNITS) {
      yield part;
      [part, units] = [[], 0];
    }
    part.push(letter);
    units += own;
  }
  if (part.length > 0) yield part;
}

type Sum = Pick<DeadLettersOutcome, 'letters' | 'units' | 'durability'>;

function add(sum: Sum, { letters = 0, units = 0, durability }: Partial<Sum>): void {
  sum.letters += letters;
  sum.units += units;
  if (durability) sum.durability = sum.durability ? weakerOf(sum.durability, durability) : durability;
}

function fits({ manifest, routes, ordinals }: Known, letter: Letter, filter: DeadLetterFilter): boolean {
  const group = manifest.groups[letter.group];
  const route = routes[ordinals[letter.group]!];
  if (!group || !route) return false;
  const { namespace, taskIds, benchmark, model, agent, fromMs, toMs } = filter;
  return (
    (!namespace || manifest.namespace === namespace) &&
    (!taskIds?.length || taskIds.includes(taskIdOf(manifest.evaluationId, letter.sequence))) &&
    (!benchmark || group.benchmark === benchmark) &&
    (!model || group.model === model) &&
    (!agent || letter.attempts.some((a) => a.agentId === agent || a.agent === agent)) &&
    (!filter.route || filter.route === route.id || filter.route === describeRoute(route)) &&
    (!fromMs || letter.deadAtMs >= fromMs) &&
    (!toMs || letter.deadAtMs < toMs)
  );
}

function letterOf({ manifest, routes, ordinals }: Known, letter: Letter): DeadLetter {
  const group = manifest.groups[letter.group]!;
  const route = routes[ordinals[letter.group]!]!;
  const { crashes, losses, returns, deadAtMs } = letter;
  return {
    taskId: taskIdOf(manifest.evaluationId, letter.sequence),
    evaluationId: manifest.evaluationId,
    benchmark: group.benchmark,
    model: group.model,
    route: route.id,
    requirement: describeRoute(route),
    units: unitsOf(letter, SHOWN_UNITS),
    unitCount: unitsIn(letter.units),
    deadAtMs,
    crashes,
    losses,
    returns,
    attempts: letter.attempts.map(({ output, ...attempt }) => ({ ...attempt, lastOutput: output })),
    dropped: letter.isDropped,
    ...judgeOfField(manifest.groups, group),
  };
}

const withoutOutput = (letter: DeadLetter): DeadLetter => ({
  ...letter,
  attempts: letter.attempts.map((attempt) => ({ ...attempt, lastOutput: '' })),
});

function unitsOf({ units }: Letter, most: number): number[] {
  const all: number[] = [];
  for (const [first, end] of units) for (let unit = first; unit < end && all.length < most; unit++) all.push(unit);
  return all;
}

function refuseEmpty(what: string, filter: DeadLetterFilter): void {
  const said = Object.values(filter).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  if (!said) throw invalid(what, [{ place: 'filter', problem: 'is empty, which would mean all there are: name some' }]);
}
