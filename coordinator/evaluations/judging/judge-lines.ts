/** What judges are sent: a line of a dataset for each answer that is to be judged; where there is none, the unit's end without a call. */
import { judgedLine, judgeTextsOf } from '../../../shared/domain/judge-texts.ts';
import { answersOf, judgedUnitOf, placeOf, taskContextOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { compileBenchmark, type Prompt, type Sample } from '../../../shared/domain/sample.ts';
import { judgedScorersOf } from '../../../shared/domain/spec-judges.ts';
import type { NamedScorer } from '../../../shared/domain/spec-scorers.ts';
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
  readonly #samples: Pick<SampleLines, 'sample'>;

  constructor(answers: Pick<Answers, 'of'>, samples: Pick<SampleLines, 'sample'>) {
    this.#answers = answers;
    this.#samples = samples;
  }

  /** units: ascending, all of one group of judge calls. Throws AppError `unavailable` where they have to wait. */
  async of(manifest: Manifest, group: Group, units: readonly number[]): Promise<JudgeWork> {
    const { groups } = manifest;
    const source = answersOf(groups, group);
    const { instructions } = judgeTextsOf(scorerOf(manifest, group));
    const answers = await this.#answers.of(
      manifest,
      units.map((unit) => judgedUnitOf(groups, group, unit)),
    );
    const work: JudgeWork = { lines: [], ended: [] };
    for (const [i, unit] of units.entries()) {
      const { sample: place, epoch } = placeOf(group, unit);
      const { sample, ordinal } = await this.#samples.sample(manifest, source, place);
      const answer = answers[i]!;
      if ('text' in answer) work.lines.push({ unit, epoch, ordinal, line: Buffer.from(judgedLine(sample, answer.text, instructions)) });
      else work.ended.push({ unit, content: endOf(unit, sample.id, epoch, answer) });
    }
    return work;
  }
}

/** What a judge is sent about an answer. Throws AppError invalid as its agent would. */
export function judgePromptOf(manifest: Manifest, group: Group, sample: Sample, answer: string): Prompt {
  const { instructions } = judgeTextsOf(scorerOf(manifest, group));
  const judge = compileBenchmark(taskContextOf(manifest, group).benchmark);
  return judge.messages(judge.map(judgedLine(sample, answer, instructions), 1), 1);
}

const scorerOf = ({ spec }: Manifest, group: Group): NamedScorer =>
  judgedScorersOf(spec.benchmarks[group.benchmarkIndex]!).find(({ id }) => id === group.judge!.scorer)!;

/** Neither wrong nor scored: nothing was judged. */
function endOf(unit: number, sampleId: string | number, epoch: number, answer: Exclude<Answer, { text: string }>): Buffer {
  const error: UnitResult['error'] =
    'nothing' in answer
      ? { class: 'no_answer', message: `nothing to judge: ${answer.nothing}` }
      : { class: 'too_large', message: `the answer has ${answer.bytes} bytes; a judge is shown ${MAX_JUDGED_BYTES} at most` };
  const result: UnitResult = {
    ...{ unit, sampleId, epoch, outcome: 'errored', scores: [], error },
    usage: { inputTokens: 0, outputTokens: 0 },
    timing: { startedAt: 0, modelMs: 0, totalMs: 0 },
    ...{ calls: 0, retries: 0 },
  };
  return Buffer.from(JSON.stringify(result));
}
