/**
 * `loglikelihood_choice`, `loglikelihood`, `loglikelihood_rolling`: nothing is generated; the model says how likely texts are after the
 * sample's prompt. One call of the endpoint for each text, one after the other on the sample's connection. What was rated before a call
 * failed is not asked again.
 */
import { ratedTexts, splitPrompt, type RatedText } from '../../shared/domain/likelihood-texts.ts';
import { textWindows } from '../../shared/domain/text-windows.ts';
import type { RollingArgs } from '../../shared/domain/solvers.ts';
import { solverOf } from '../../shared/domain/spec-defaults.ts';
import type { BenchmarkSpec } from '../../shared/domain/spec.ts';
import { likeliest, type Likelihood } from '../../shared/scoring/likelihoods.ts';
import { onlyText } from '../models/message-parts.ts';
import { ModelError, type Generation, type GenerateRequest, type Rating } from '../models/provider.ts';
import type { Caller, SolverKind } from './solver.ts';

export const likelihood: SolverKind = (benchmark) => ({
  operation: 'text_completion',
  sends: (request) =>
    partsOf(benchmark, ratedTexts(benchmark, request.unit!.sample), request).flatMap(({ parts, alone }) =>
      alone ? [...parts, alone] : parts,
    ),
  over: (provider) => {
    // Of one sample: a solver is put over the provider anew for each.
    const known = new Map<string, Rating>();
    return { generate: (request) => rateAll(benchmark, provider, request, known) };
  },
});

async function rateAll(
  benchmark: BenchmarkSpec,
  provider: Caller,
  request: GenerateRequest,
  known: Map<string, Rating>,
): Promise<Generation> {
  if (!provider.rate)
    throw new ModelError(
      'request',
      'no log-probabilities of a prompt: this provider has none; use openai with endpoint: completions, or mock',
    );
  const until = performance.now() + request.attemptTimeoutMs;
  const texts = ratedTexts(benchmark, request.unit!.sample);
  const usage = { inputTokens: 0, outputTokens: 0 };
  const likelihoods: Likelihood[] = [];
  let from: Pick<Rating, 'model' | 'fingerprint'> = {};
  const rate = async (key: string, part: Part & { isTarget: boolean | undefined }): Promise<Rating> => {
    const rating = known.get(key) ?? (await rated(provider, request, part, until));
    known.set(key, rating);
    usage.inputTokens += rating.usage.inputTokens;
    usage.outputTokens += rating.usage.outputTokens;
    if (rating.model !== undefined) from = rating;
    return rating;
  };
  for (const [place, { text, isTarget, parts, alone }] of partsOf(benchmark, texts, request).entries()) {
    const whole = { logLikelihood: 0, isGreedy: true, tokens: 0 };
    for (const [i, part] of parts.entries()) {
      const rating = await rate(`${place}.${i}`, { ...part, isTarget });
      whole.logLikelihood += rating.logLikelihood;
      whole.isGreedy &&= rating.isGreedy;
      whole.tokens += rating.tokens;
    }
    const unconditional = alone && (await rate(`${place} alone`, { ...alone, isTarget: undefined })).logLikelihood;
    likelihoods.push({ text, isTarget: isTarget ?? true, ...whole, ...(unconditional === undefined ? {} : { unconditional }) });
  }
  // Of several texts the likeliest is what the model chose.
  const best = likelihoods.length > 1 ? likeliest(likelihoods, ({ logLikelihood }) => logLikelihood) : undefined;
  const { model, fingerprint } = from;
  return {
    completion: best?.text ?? '',
    likelihoods,
    usage,
    ...(model === undefined ? {} : { model }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

interface Part {
  context: string;
  continuation: string;
}

interface RatedParts {
  text: string;
  isTarget: boolean | undefined;
  parts: Part[];
  /** The text behind nothing, where a scorer needs its likelihood too. */
  alone?: Part;
}

/** Each text with the calls that it takes: one, but for a rolling text that is too long for one. */
function partsOf(benchmark: BenchmarkSpec, texts: readonly RatedText[], { messages }: Pick<GenerateRequest, 'messages'>): RatedParts[] {
  const { name, args } = solverOf(benchmark);
  const prefix = (args['prefix'] as string | undefined) ?? '';
  if (name === 'loglikelihood_rolling') {
    const { max_characters: most = 6000 } = args as Partial<RollingArgs>;
    return texts.map(({ text }) => ({
      text,
      isTarget: undefined,
      parts: textWindows(text, most).map(({ context, text: piece }): Part => ({ context: context || prefix, continuation: piece })),
    }));
  }
  const prompt = messages.map(onlyText).join('\n\n');
  const isCompared = benchmark.scorers.some((scorer) => scorer.name === 'acc_mutual_info');
  return texts.map(({ text, continuation, isTarget }) => {
    const split = splitPrompt(prompt, continuation);
    const alone = isCompared ? { alone: { context: prefix, continuation } } : {};
    return { text, isTarget, parts: [{ ...split, context: split.context || prefix }], ...alone };
  });
}

async function rated(
  provider: Caller,
  { model, config, sample, signal }: GenerateRequest,
  part: Part & { isTarget: boolean | undefined },
  until: number,
): Promise<Rating> {
  const attemptTimeoutMs = Math.floor(until - performance.now());
  if (attemptTimeoutMs <= 0)
    throw new ModelError('timeout', 'not all texts were rated within the time of a call; the others are asked next');
  const { isTarget, ...texts } = part;
  return provider.rate!({ model, config, sample, signal, attemptTimeoutMs, ...texts, ...(isTarget === undefined ? {} : { isTarget }) });
}
