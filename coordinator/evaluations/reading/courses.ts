/** How evaluations went over time: what Redis keeps of it, or what the store has since their ends. */
import { MOST_COURSE_ATTEMPTS, type Course, type CourseAttempt } from '../../../shared/client/course.ts';
import type { SampleAttempt } from '../../../shared/client/types.ts';
import { taskIdOf } from '../../../shared/domain/ids.ts';
import { groupOfUnit, type Manifest } from '../../../shared/domain/manifest.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTask } from '../../ledger/types.ts';
import { courseFormOf, courseOf } from '../../progress/course/course-form.ts';
import type { CourseKeeper, KeptAttempt } from '../../progress/course/course-keeper.ts';

/** All who ask within this time get the same. */
const KEPT_MS = 1_000;
const MOST_KEPT = 32;
/** One that began within it may have begun after the tasks were read, or its end may not be written so far. */
const FRESH_MS = 5_000;

/** Of one unit, the last ones. */
const MOST_OF_UNIT = 50;

/** An attempt that was given a unit. */
export type UnitAttempt = Omit<SampleAttempt, 'result'> & {
  /** Its result of the unit came too late. */
  isRefused: boolean;
};
export interface UnitAttempts {
  attempts: UnitAttempt[];
  attemptsLeftOut: number;
}

export interface CoursesOptions {
  /** undefined: none are kept. */
  keeper: Pick<CourseKeeper, 'spans' | 'attempts' | 'begun' | 'flush'> | undefined;
  ledger: Pick<Ledger, 'tasks'>;
  /** Of an accepted evaluation; throws `not_found`. */
  manifestOf: (evaluationId: string) => Promise<Manifest>;
  /** Names of agents by their ids. */
  names: () => Promise<ReadonlyMap<string, string>>;
  clock: Clock;
}

/** What Redis says of the attempts of an evaluation, read once for all who ask of it, or of its units. */
interface Look {
  /** Tasks that are leased. */
  running: Extract<LedgerTask, { state: 'leased' }>[];
  attempts: KeptAttempt[];
  begun: number;
}

interface Kept {
  atMs: number;
  look: Promise<Look>;
  course?: Promise<Course>;
}

const holds = (runs: KeptAttempt['runs'], unit: number): boolean => runs.some(([first, end]) => first <= unit && unit < end);

export class Courses {
  readonly #options: CoursesOptions;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: CoursesOptions) {
    this.#options = options;
  }

  /** Up to a second old. */
  async of(evaluationId: string, attempts: number): Promise<Course> {
    const manifest = await this.#options.manifestOf(evaluationId);
    const kept = this.#keptOf(evaluationId);
    if (!kept.course) {
      kept.course = this.#read(manifest, kept.look);
      kept.course.catch(() => this.#forget(evaluationId, kept));
    }
    const course = await kept.course;
    const told = course.attempts.slice(0, attempts);
    return { ...course, attempts: told, attemptsLeftOut: course.attemptsLeftOut + course.attempts.length - told.length };
  }

  /** Those that were given a unit; up to a second old. */
  async ofUnit(evaluationId: string, unit: number): Promise<UnitAttempts> {
    const { clock } = this.#options;
    const look = await this.#keptOf(evaluationId).look;
    const own = look.attempts.filter(({ runs }) => holds(runs, unit));
    const running = new Set(look.running.map(({ attemptId }) => attemptId));
    const names = await this.#options.names();
    const attempts = own
      .toSorted((a, b) => a.fromMs - b.fromMs)
      .slice(-MOST_OF_UNIT)
      .map(({ attemptId, sequence, agentId, units, fromMs, toMs, end, waitedMs, refused }): UnitAttempt => ({
        ...{ attemptId, taskId: taskIdOf(evaluationId, sequence), agentId, agent: names.get(agentId) ?? '' },
        ...{ waitedMs, fromMs, toMs, samples: units, isRefused: holds(refused, unit) },
        state: end ?? (running.has(attemptId) || fromMs > clock.now() - FRESH_MS ? 'running' : 'over'),
      }));
    return { attempts, attemptsLeftOut: Math.max(0, look.begun - look.attempts.length) };
  }

  #keptOf(evaluationId: string): Kept {
    const now = this.#options.clock.monotonic();
    const known = this.#kept.get(evaluationId);
    if (known && now - known.atMs <= KEPT_MS) return known;
    const kept: Kept = { atMs: now, look: this.#look(evaluationId) };
    this.#kept.delete(evaluationId);
    this.#kept.set(evaluationId, kept);
    for (const [id, { atMs }] of this.#kept) if (now - atMs > KEPT_MS || this.#kept.size > MOST_KEPT) this.#kept.delete(id);
    kept.look.catch(() => this.#forget(evaluationId, kept));
    return kept;
  }

  #forget(evaluationId: string, kept: Kept): void {
    if (this.#kept.get(evaluationId) === kept) this.#kept.delete(evaluationId);
  }

  async #look(evaluationId: string): Promise<Look> {
    const { keeper, ledger } = this.#options;
    // In this order: what ends meanwhile is seen to have ended. What this coordinator has not written so far is part of it.
    const running = (await ledger.tasks(evaluationId)).filter((task) => task.state === 'leased');
    if (!keeper) return { running, attempts: [], begun: 0 };
    await keeper.flush(evaluationId);
    const [attempts, begun] = await Promise.all([keeper.attempts(evaluationId), keeper.begun(evaluationId)]);
    return { running, attempts, begun };
  }

  async #read(manifest: Manifest, looked: Promise<Look>): Promise<Course> {
    const { keeper, clock } = this.#options;
    const look = await looked;
    const spans = await keeper?.spans(manifest.evaluationId);
    const attempts = await this.#attempts(manifest, look);
    return {
      ...courseOf(courseFormOf(manifest), spans?.fromMs ? spans : undefined, clock.now()),
      attempts,
      attemptsLeftOut: Math.max(0, look.begun - attempts.length),
    };
  }

  /** Those that are kept, and of those that run the ones that were forgotten because so many have begun since. */
  async #attempts({ evaluationId, groups }: Manifest, { running: tasks, attempts: kept }: Look): Promise<CourseAttempt[]> {
    const names = await this.#options.names();
    const now = this.#options.clock.now();
    const running = new Map(tasks.map((task) => [task.attemptId, task] as const));
    const known = new Set(kept.map(({ attemptId }) => attemptId));
    const attempt = (sequence: number, unit: number, agentId: string): Pick<CourseAttempt, 'taskId' | 'agentId' | 'agent' | 'model'> => ({
      taskId: taskIdOf(evaluationId, sequence),
      ...{ agentId, agent: names.get(agentId) ?? '', model: groupOfUnit(groups, unit).model },
    });
    const told = kept.map(({ attemptId, sequence, firstUnit, agentId, units, fromMs, toMs, end }): CourseAttempt => ({
      ...attempt(sequence, firstUnit, agentId),
      ...{ fromMs, toMs, samples: units, state: end ?? (running.has(attemptId) || fromMs > now - FRESH_MS ? 'running' : 'over') },
    }));
    const forgotten = [...running.values()]
      .filter(({ attemptId }) => !known.has(attemptId))
      .map(({ sequence, first, agentId, sinceMs, open }): CourseAttempt => ({
        ...attempt(sequence, first, agentId),
        ...{ fromMs: sinceMs, toMs: 0, samples: open, state: 'running' },
      }));
    return [...told, ...forgotten].toSorted((a, b) => b.fromMs - a.fromMs).slice(0, MOST_COURSE_ATTEMPTS);
  }
}
