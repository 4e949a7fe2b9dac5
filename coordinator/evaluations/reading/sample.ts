/** Everything about one unit: what the model was sent, what it said, what became of it, and where it is while it is open. */
import type { ContentPart, Sample, SampleAttempt } from '../../../shared/client/types.ts';
import type { SampleChoice } from '../../../shared/client/client.ts';
import { AppError, invalid, type Fault } from '../../../shared/domain/errors.ts';
import { groupOfUnit, judgedUnitOf, placeOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import type { Sample as DatasetSample } from '../../../shared/domain/sample.ts';
import { isOpenCode, UNIT_STATES, type EvaluationState } from '../../../shared/domain/states.ts';
import type { LedgerTask } from '../../ledger/types.ts';
import { judgePromptOf } from '../judging/judge-lines.ts';
import { readResult } from '../reported.ts';
import type { UnitAttempts } from './courses.ts';
import { judgeTimes } from './judge-calls.ts';
import { shownMessages } from './sample-messages.ts';
import type { SampleLines } from './sample-lines.ts';
import { sampleMatcher } from './sample-matcher.ts';
import { bareResultOf, sampleResultOf } from './sample-result.ts';
import { SampleScan } from './sample-scan.ts';
import { noUnit, quoted, selectSamples } from './sample-selection.ts';
import type { UnitView, UnitViews } from './unit-views.ts';

const MAX_TEXT_BYTES = 1 << 20;
/** Of all texts together: a message is at most 4 MiB. */
const MAX_BYTES = 3 << 20;

/** Attempts that were given a unit. */
export type AttemptsOf = (unit: number) => Promise<UnitAttempts>;
/** They are for the eye: a sample is shown without them where Redis does not answer. */
function withoutRedis(error: unknown): UnitAttempts {
  if (AppError.from(error).code !== 'unavailable') throw error;
  return { attempts: [], attemptsLeftOut: 0 };
}

interface LedgerView {
  head(evaluationId: string): Promise<{ state: EvaluationState } | undefined>;
  tasks(evaluationId: string): Promise<LedgerTask[]>;
}

export class SampleQuery {
  readonly #manifestOf: (evaluationId: string) => Promise<Manifest>;
  readonly #views: UnitViews;
  readonly #lines: SampleLines;
  readonly #ledger: LedgerView;

  constructor(options: {
    manifestOf: (evaluationId: string) => Promise<Manifest>;
    views: UnitViews;
    lines: SampleLines;
    ledger: LedgerView;
  }) {
    this.#manifestOf = options.manifestOf;
    this.#views = options.views;
    this.#lines = options.lines;
    this.#ledger = options.ledger;
  }

  async sample(evaluationId: string, which: SampleChoice, attemptsOf: AttemptsOf): Promise<Sample> {
    const manifest = await this.#manifestOf(evaluationId);
    const unit = 'unit' in which ? which.unit : await this.#unitOf(manifest, which);
    if (unit >= manifest.units) throw new AppError('invalid', `${evaluationId}: ${noUnit(manifest, unit)}`);
    const selection = await selectSamples(manifest, { units: [unit] }, async () => new Map());
    const view = await this.#views.open(manifest, { isFresh: true });
    try {
      const scan = new SampleScan({ view, selection, matcher: sampleMatcher({}), withResults: true });
      for await (const { code, result, agentId, attemptId } of scan.units()) {
        const group = groupOfUnit(manifest.groups, unit);
        const whereabouts = isOpenCode(code) ? await this.#whereabouts(evaluationId, unit) : '';
        const origin = await this.#originOf(manifest, group, unit, view);
        const own = result
          ? sampleResultOf(manifest, result, agentId)
          : bareResultOf(manifest, unit, code, origin.sample ? String(origin.sample.id) : '');
        const { attempts, attemptsLeftOut } = await attemptsOf(unit).catch(withoutRedis);
        const resultOf = (id: string, isRefused: boolean): SampleAttempt['result'] =>
          result && id === attemptId ? 'counts' : isRefused || view.results.isVoid(id, unit) ? 'refused' : 'none';
        return cut({
          result: own,
          messages: origin.messages,
          target: origin.sample?.target ?? [],
          choices: origin.sample?.choices ?? [],
          metadata: origin.sample?.metadata ?? {},
          ...historyOf(result),
          attempts: attempts.map(({ isRefused, ...attempt }) => ({ ...attempt, result: resultOf(attempt.attemptId, isRefused) })),
          attemptsLeftOut,
          judgeCalls: result ? await judgeTimes(view, group, unit) : [],
          whereabouts: whereabouts || (result || isOpenCode(code) ? '' : noteOf(code)),
        });
      }
      throw new AppError('internal', `the store's result of unit ${unit} makes no sense`);
    } finally {
      view.release();
    }
  }

  /** The sample as its dataset has it, and what is made of it; nothing when the dataset is not there any more. */
  async #originOf(
    manifest: Manifest,
    group: Group,
    unit: number,
    view: UnitView,
  ): Promise<{ sample?: DatasetSample; messages: Sample['messages'] }> {
    try {
      const { sample, ordinal } = await this.#lines.sample(manifest, group, placeOf(group, unit).sample);
      if (group.judge) return { sample, messages: await this.#askedJudge(manifest, group, unit, { sample, ordinal }, view) };
      return { sample, messages: shownMessages(this.#lines.compiled(manifest, group).messages(sample, ordinal)) };
    } catch (error) {
      if (AppError.from(error).code === 'not_found') return { messages: [] };
      throw error;
    }
  }

  /** What a judge was sent about the answer that there is now; nothing where there is none. */
  async #askedJudge(
    manifest: Manifest,
    group: Group,
    unit: number,
    found: { sample: DatasetSample; ordinal: number },
    view: UnitView,
  ): Promise<Sample['messages']> {
    const judged = judgedUnitOf(manifest.groups, group, unit);
    for await (const { content } of view.results.results(judged, (u) => u === judged)) {
      const completion = readResult(manifest, judged, content)?.completion;
      if (completion === undefined) return [];
      return shownMessages(judgePromptOf(manifest, group, { ...found, answer: completion, samples: this.#lines }));
    }
    return [];
  }

  /** The one unit that the names mean; one error with everything that is missing. */
  async #unitOf(manifest: Manifest, which: Exclude<SampleChoice, { unit: number }>): Promise<number> {
    const { sampleId, benchmark = '', model = '', epoch } = which;
    if (sampleId === '') throw new AppError('invalid', 'sample: neither a unit nor a sample_id is named; name one of them');
    // Names that the evaluation does not have are told first.
    await selectSamples(manifest, { benchmark, model, ...(epoch ? { epochs: [epoch] } : {}) }, async () => new Map());
    let groups = manifest.groups.filter((g) => !g.judge && (!benchmark || g.benchmark === benchmark) && (!model || g.model === model));
    const places = new Map<number, number>();
    for (const benchmarkIndex of new Set(groups.map((g) => g.benchmarkIndex))) {
      const place = (await this.#lines.find(manifest, benchmarkIndex, new Set([sampleId]))).get(sampleId);
      if (place !== undefined) places.set(benchmarkIndex, place);
    }
    groups = groups.filter((g) => places.has(g.benchmarkIndex));
    const [group] = groups;
    if (!group)
      throw new AppError('not_found', `there is no sample ${quoted(sampleId)} in ${benchmark || 'this evaluation'}; list the samples`);
    const faults: Fault[] = [];
    const oneOf = (place: string, all: string[]): void => {
      const names = [...new Set(all)];
      if (names.length > 1) faults.push({ place, problem: `there are several; name one of ${names.slice(0, 20).join(', ')}` });
    };
    oneOf(
      'benchmark',
      groups.map((g) => g.benchmark),
    );
    oneOf(
      'model',
      groups.map((g) => g.model),
    );
    if (!epoch && group.epochs > 1) faults.push({ place: 'epoch', problem: `there are several; name one of 1 to ${group.epochs}` });
    if (faults.length > 0) throw invalid(`sample ${quoted(sampleId)}`, faults);
    return group.firstUnit + places.get(group.benchmarkIndex)! * group.epochs + (epoch || 1) - 1;
  }

  async #whereabouts(evaluationId: string, unit: number): Promise<string> {
    const head = await this.#ledger.head(evaluationId);
    if (!head || head.state === 'recovering') return 'is being recovered';
    const task = (await this.#ledger.tasks(evaluationId)).find((t) => t.first <= unit && unit < t.end);
    if (task?.state === 'doomed') return 'is being given up: its task kept crashing agents, or losing its lease';
    const since = task ? new Date(task.sinceMs).toISOString() : '';
    if (task?.state === 'leased') return `running on ${task.agentId} since ${since}`;
    if (head.state === 'paused') return 'paused';
    return task ? `waiting since ${since}` : 'waiting, not planned yet';
  }
}

const noteOf = (code: number): string => (UNIT_STATES[code] === 'dead' ? 'given up: its task kept crashing agents' : '');

function historyOf(
  result: UnitResult | undefined,
): Pick<Sample, 'failures' | 'startedAtMs' | 'workingMs' | 'logprobs' | 'limit' | 'truncated' | 'traceId'> {
  return {
    failures: (result?.failures ?? []).map((f) => ({
      startedAtMs: f.startedAt,
      durationMs: f.ms,
      errorClass: f.class,
      message: f.message,
      httpStatus: f.httpStatus ?? 0,
      waitedMs: f.waitedMs,
    })),
    startedAtMs: result?.timing.startedAt ?? 0,
    workingMs: result?.timing.workingMs ?? result?.timing.totalMs ?? 0,
    ...(result?.logprobs ? { logprobs: result.logprobs } : {}),
    limit: result?.limit ?? '',
    truncated: [],
    traceId: result?.traceId ?? '',
  };
}

/** Cuts texts at 1 MiB each and 3 MiB together, and names those that were cut. What matters most comes first. */
function cut(sample: Sample): Sample {
  const truncated = new Set<string>();
  let left = MAX_BYTES;
  const text = (name: string, value: string): string => {
    const most = Math.min(MAX_TEXT_BYTES, left);
    const bytes = Buffer.byteLength(value);
    left -= Math.min(bytes, most);
    if (bytes <= most) return value;
    truncated.add(name);
    // What is left of a letter at the cut falls away.
    return new TextDecoder().decode(Buffer.from(value).subarray(0, most), { stream: true });
  };
  const whole = <T>(name: string, value: T, none: T): T => {
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
    if (bytes <= Math.min(MAX_TEXT_BYTES, left)) {
      left -= bytes;
      return value;
    }
    truncated.add(name);
    return none;
  };
  const { result } = sample;
  const partOf = (part: ContentPart): ContentPart => ({ ...part, value: text('messages', part.value) });
  const cutSample: Sample = {
    ...sample,
    result: {
      ...result,
      completion: text('completion', result.completion),
      errorMessage: text('error_message', result.errorMessage),
      scores: result.scores.map((s) => ({
        ...s,
        value: text('value', s.value),
        answer: text('answer', s.answer),
        explanation: text('explanation', s.explanation),
        error: text('error', s.error),
      })),
    },
    messages: sample.messages.map((m) => ({ ...m, parts: m.parts.map(partOf) })),
    target: sample.target.map((t) => text('target', t)),
    choices: sample.choices.map((c) => text('choices', c)),
    metadata: whole('metadata', sample.metadata, {}),
    failures: whole('failures', sample.failures, []),
  };
  cutSample.result.reasoning = text('reasoning', result.reasoning);
  if (sample.logprobs) cutSample.logprobs = whole('logprobs', sample.logprobs, []);
  return { ...cutSample, truncated: [...truncated] };
}
