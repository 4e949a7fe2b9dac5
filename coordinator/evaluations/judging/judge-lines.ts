/** What judges are sent: a line of a dataset for each answer that is to be judged; where there is none, the unit's end without a call. */
import { AppError } from '../../../shared/domain/errors.ts';
import { historyText, judgedLine, judgeTextsOf } from '../../../shared/domain/judge-texts.ts';
import { answersOf, judgedUnitOf, placeOf, taskContextOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { compileBenchmark, type Prompt, type Sample } from '../../../shared/domain/sample.ts';
import { judgedScorersOf } from '../../../shared/domain/spec-judges.ts';
import type { NamedScorer } from '../../../shared/domain/spec-scorers.ts';
import { Breather } from '../../../shared/runtime/breather.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { createChain } from '../../../shared/scoring/filters/registry.ts';
import type { ModelGradedArgs } from '../../../shared/scoring/scorers/model-graded.ts';
import type { SampleLines } from '../reading/sample-lines.ts';
import { MAX_JUDGED_BYTES, type Answer, type Answers } from './answers.ts';

export interface JudgeLine {
  unit: number;
  epoch: number;
  ordinal: number;
  line: Buffer;
}

export interface JudgeWork {
  lines: JudgeLine[];
  /** Units that end without a call, with their results. */
  ended: { unit: number; content: Buffer }[];
}

export class JudgeLines {
  readonly #answers: Pick<Answers, 'of'>;
  readonly #samples: Pick<SampleLines, 'sample' | 'compiled'>;
  readonly #breather: Breather;

  constructor(answers: Pick<Answers, 'of'>, samples: Pick<SampleLines, 'sample' | 'compiled'>, clock?: Pick<Clock, 'monotonic' | 'soon'>) {
    this.#answers = answers;
    this.#samples = samples;
    this.#breather = new Breather(clock ? { clock } : {});
  }

  /** units: ascending, all of one group of judge calls. Throws AppError `unavailable` where they have to wait. */
  async of(manifest: Manifest, group: Group, units: readonly number[]): Promise<JudgeWork> {
    const { groups } = manifest;
    const source = answersOf(groups, group);
    const lineOf = lineMaker(manifest, group, this.#samples);
    const answers = await this.#answers.of(
      manifest,
      units.map((unit) => judgedUnitOf(groups, group, unit)),
    );
    const work: JudgeWork = { lines: [], ended: [] };
    for (const [i, unit] of units.entries()) {
      const { sample: place, epoch } = placeOf(group, unit);
      const { sample, ordinal } = await this.#samples.sample(manifest, source, place);
      const answer = answers[i]!;
      const told =
        'text' in answer ? await this.#breather.run(() => lineOrFault(() => lineOf(sample, ordinal, answer.text))) : faultOf(answer);
      if (typeof told === 'string') work.lines.push({ unit, epoch, ordinal, line: Buffer.from(told) });
      else work.ended.push({ unit, content: endOf(unit, sample.id, epoch, told) });
    }
    return work;
  }
}

/** What a judge is sent about an answer. Throws AppError invalid as its agent would. */
export function judgePromptOf(
  manifest: Manifest,
  group: Group,
  { sample, ordinal, answer, samples }: { sample: Sample; ordinal: number; answer: string; samples: Pick<SampleLines, 'compiled'> },
): Prompt {
  const judge = compileBenchmark(taskContextOf(manifest, group).benchmark);
  return judge.messages(judge.map(lineMaker(manifest, group, samples)(sample, ordinal, answer), 1), 1);
}

/** Makes an answer the line of a judge's dataset: what the scorer's filters leave of it, behind the chat or the input. */
function lineMaker(
  manifest: Manifest,
  group: Group,
  samples: Pick<SampleLines, 'compiled'>,
): (sample: Sample, ordinal: number, answer: string) => string {
  const scorer = scorerOf(manifest, group);
  const { instructions } = judgeTextsOf(scorer);
  const filter = createChain(scorer.filters);
  const hasHistory = (scorer.args as Partial<ModelGradedArgs>).include_history === true;
  const compiled = hasHistory ? samples.compiled(manifest, group) : undefined;
  return (sample, ordinal, answer) => {
    const history = compiled && historyText(compiled.messages(sample, ordinal).messages);
    if (history !== undefined && Buffer.byteLength(history) > MAX_JUDGED_BYTES)
      throw new AppError('resource_exhausted', tooLong('what came before the answer', Buffer.byteLength(history)));
    return judgedLine(sample, filter([answer], sample)[0]!, instructions, history);
  };
}

const scorerOf = ({ spec }: Manifest, group: Group): NamedScorer =>
  judgedScorersOf(spec.benchmarks[group.benchmarkIndex]!).find(({ id }) => id === group.judge!.scorer)!;

type Fault = NonNullable<UnitResult['error']>;

function lineOrFault(make: () => string): string | Fault {
  try {
    return make();
  } catch (error) {
    const { code, message } = AppError.from(error);
    return { class: code === 'resource_exhausted' ? 'too_large' : 'scorer_error', message };
  }
}

const faultOf = (answer: Exclude<Answer, { text: string }>): Fault =>
  'nothing' in answer
    ? { class: 'no_answer', message: `nothing to judge: ${answer.nothing}` }
    : { class: 'too_large', message: tooLong('the answer', answer.bytes) };

const tooLong = (what: string, bytes: number): string => `${what} has ${bytes} bytes; a judge is shown ${MAX_JUDGED_BYTES} at most`;

/** Neither wrong nor scored: nothing was judged. */
function endOf(unit: number, sampleId: string | number, epoch: number, error: Fault): Buffer {
  const result: UnitResult = {
    ...{ unit, sampleId, epoch, outcome: 'errored', scores: [], error },
    usage: { inputTokens: 0, outputTokens: 0 },
    timing: { startedAt: 0, modelMs: 0, totalMs: 0 },
    ...{ calls: 0, retries: 0 },
  };
  return Buffer.from(JSON.stringify(result));
}
