/** The scores of one completion: computed here, or asked for from a program or a URL. A scorer that fails takes its unit with it, and nothing else. */
import type { Score } from '../../shared/domain/result.ts';
import { inputText, type Sample } from '../../shared/domain/sample.ts';
import type { Filter } from '../../shared/scoring/filters/filter.ts';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import type { Verdict } from '../../shared/scoring/scorer.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';
import { attributeNames, setSpanAttributes, spanNames, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Context, ContextScorer } from './context-cache.ts';
import { wordsOf } from './sample-book.ts';

export interface ScoredCompletion {
  completion: string;
  /** Where the solver rated texts. */
  likelihoods?: Likelihood[] | undefined;
  sample: Sample;
  epoch: number;
  signal: AbortSignal;
  /** The execute span, '' without tracing. */
  traceparent: string;
}

/** In the scorers' order. Synchronous where all are computed here. Rejects only with the signal's reason. */
export function scoresOf({ scorers }: Context, scored: ScoredCompletion): Score[] | Promise<Score[]> {
  if (scorers.every((scorer) => 'score' in scorer)) return scorers.map((scorer) => computed(scorer, scored));
  return Promise.all(scorers.map(async (scorer) => ('score' in scorer ? computed(scorer, scored) : asked(scorer, scored))));
}

function computed(
  { id, filter, score }: Extract<ContextScorer, { score: unknown }>,
  { completion, likelihoods, sample }: ScoredCompletion,
): Score {
  try {
    const seen = likelihoods ? { choices: sample.choices, likelihoods, inputText: inputText(sample) } : sample;
    return scoreOf(id, score(filtered(filter, completion, sample), sample.target, seen));
  } catch (error) {
    return failed(id, error);
  }
}

/** A span of its own: it may take long, and the other side may go on with the trace. */
async function asked({ id, filter, judge }: Extract<ContextScorer, { judge: unknown }>, scored: ScoredCompletion): Promise<Score> {
  const { completion, sample, epoch, signal, traceparent } = scored;
  const { target, choices, input, metadata, id: sampleId } = sample;
  try {
    const output = filtered(filter, completion, sample);
    const request = { output, target, ...(choices ? { choices } : {}), input, metadata, sample_id: sampleId, epoch };
    return await withSpan(spanNames.score, { parent: traceparent, attributes: { [attributeNames.scorer]: id } }, async () => {
      const score = scoreOf(id, await judge(request, signal));
      setSpanAttributes({ [attributeNames.outcome]: score.number === null ? 'unscored' : 'scored' });
      return score;
    });
  } catch (error) {
    signal.throwIfAborted();
    return failed(id, error);
  }
}

/** A completion is one response; filters of a spec make one of one. */
const filtered = (filter: Filter | undefined, completion: string, sample: Sample): string =>
  filter ? filter([completion], sample)[0]! : completion;

const scoreOf = (scorer: string, verdict: Verdict): Score => ({ scorer, ...verdict, number: valueToNumber(verdict.value) });
const failed = (scorer: string, error: unknown): Score => ({ scorer, value: null, number: null, error: wordsOf(error) });
