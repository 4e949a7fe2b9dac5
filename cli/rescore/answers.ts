/** Answers that models have given already, with what they are measured by: of an evaluation, or of a file of results. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Sample } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import type { SourceRef } from '../compare/source.ts';
import { resolveRef } from '../evaluation-ref.ts';
import { samplesOf, unitGroupsOf } from '../export/group.ts';
import type { LeftOut } from '../import/log-head.ts';
import { likelihoodsIn, sampleFactsSchema, type SampleFacts } from '../import/sample-facts.ts';
import { linesOf } from '../lines.ts';
import { saidOf, type Said } from './said.ts';
import { readResultLine } from '../import/result-line.ts';

export interface StoredAnswer {
  benchmark: string;
  model: string;
  sampleId: string;
  epoch: number;
  /** Undefined: the model gave none. */
  output: string | undefined;
  target: string[];
  choices: string[] | undefined;
  /** What it was scored with, as far as that is here; absent in a file whose log did not say. */
  scorers?: readonly NamedScorer[];
  /** What else it was scored with: not here, and why. */
  leftOut?: readonly LeftOut[];
  scores: { scorer: string; number: number | null }[];
  /** It failed, and has an answer nevertheless: it is scored, and stays errored, as in Inspect. */
  failure?: { errorClass: string; errorMessage: string };
  /** What is no matter of scores; it stands in the lines that are written as well. */
  facts: SampleFacts;
  /** What judges said of it, by the scorers that ask them. */
  said?: readonly Said[];
  /** In messages. */
  place: string;
}

/** Only these; what is absent is not asked. */
export interface WantedAnswers {
  benchmark?: string | undefined;
  model?: string | undefined;
}

const text = z.string();
const nameable = text.max(10_000);
const lineSchema = sampleFactsSchema.extend({
  benchmark: nameable,
  model: nameable,
  sampleId: z.coerce.string(),
  epoch: z.int().min(1).default(1),
  output: text,
  target: z.union([text, z.array(text).min(1)]),
  choices: z.array(text).nullish(),
  state: text.optional(),
  ...{ errorClass: text.default(''), errorMessage: text.default('') },
  scores: z.array(z.object({ scorer: nameable, number: z.number().nullable() })).default([]),
});

export async function* answersOf(
  source: SourceRef,
  client: AssayClient | undefined,
  wanted: WantedAnswers,
  namespace?: string,
): AsyncGenerator<StoredAnswer> {
  const isWanted = (names: { benchmark: string; model: string }): boolean =>
    (['benchmark', 'model'] as const).every((key) => wanted[key] === undefined || wanted[key] === names[key]);
  const answers = 'path' in source ? answersOfFile(source) : answersOfEvaluation(client!, source, isWanted, namespace);
  for await (const answer of answers) if (isWanted(answer)) yield answer;
}

/** Units that were run, in order; of a running evaluation those that are closed now. */
async function* answersOfEvaluation(
  client: AssayClient,
  { ref }: Extract<SourceRef, { ref: unknown }>,
  isWanted: (names: { benchmark: string; model: string }) => boolean,
  namespace?: string,
): AsyncGenerator<StoredAnswer> {
  const evaluation = await client.get(await resolveRef(client, ref, namespace));
  for (const group of unitGroupsOf(evaluation)) {
    const names = { benchmark: group.benchmark.benchmark, model: group.model.model };
    if (!isWanted(names)) continue;
    const said = saidOf(client, evaluation, group);
    for await (const sample of samplesOf(client, group)) {
      const { result, target, choices, truncated } = sample;
      const { sampleId, epoch, completion, scores, errorClass, unit } = result;
      const place = `unit ${unit} of ${evaluation.evaluationId}`;
      if (truncated.includes('target') || truncated.includes('choices'))
        throw new AppError('failed_precondition', `${place}: its target is too long to be read back; score it where its dataset is`);
      yield {
        ...names,
        ...{ sampleId, epoch, target, scores, place },
        output: errorClass === '' || errorClass === 'scorer_error' ? completion : undefined,
        choices: choices.length > 0 ? choices : undefined,
        scorers: group.scorers,
        facts: factsOf(sample),
        said: await said(unit),
      };
    }
  }
}

/** Lines as `assay import` and `assay rescore` write them. */
async function* answersOfFile({ typed, path }: Extract<SourceRef, { path: string }>): AsyncGenerator<StoredAnswer> {
  const input = createReadStream(path);
  // A log says by what it was scored with its first sample.
  const scorersOf = new Map<string, Map<string, NamedScorer[]>>();
  const leftOutOf = new Map<string, readonly LeftOut[]>();
  try {
    for await (const { number, text: line } of linesOf(input, typed)) {
      if (line.trim() === '') continue;
      const place = `${typed} line ${number}`;
      const { benchmark, model, sampleId, epoch, output, target, choices, state, scores, errorClass, errorMessage, ...facts } =
        readResultLine(lineSchema, line, place);
      const gaveNone = state === 'errored' && output === '';
      const key = JSON.stringify([benchmark, model]);
      const { scorers: known = [], leftOut = [] } = facts.log ?? {};
      if (leftOut.length > 0) leftOutOf.set(key, leftOut);
      if (known.length + leftOut.length > 0) scorersOf.set(key, new Map([[ALL, known]]));
      const scorers = scorersFor(scorersOf.get(key), facts.filter);
      yield {
        ...{ benchmark, model, sampleId, epoch, scores, place, facts },
        ...{ output: gaveNone ? undefined : output, choices: choices ?? undefined },
        target: typeof target === 'string' ? [target] : target,
        ...(state === 'errored' && !gaveNone && errorClass !== 'scorer_error' ? { failure: { errorClass, errorMessage } } : {}),
        ...(scorers ? { scorers } : {}),
        ...(leftOutOf.has(key) ? { leftOut: leftOutOf.get(key)! } : {}),
      };
    }
  } finally {
    input.destroy();
  }
}

const ALL = '*';

/** Of a line that has the scores of one chain of filters: its scorers. The same list each time, for they are made once. */
function scorersFor(known: Map<string, NamedScorer[]> | undefined, filter: string = ALL): readonly NamedScorer[] | undefined {
  if (!known || known.has(filter)) return known?.get(filter);
  const own = known.get(ALL)!.filter(({ id }) => (id.includes(',') ? id.slice(id.indexOf(',') + 1) : 'none') === filter);
  // A file with very many names for filters is none of lm-eval.
  if (known.size < 100) known.set(filter, own);
  return own;
}

function factsOf({ result, messages, metadata, startedAtMs, workingMs, logprobs }: Sample): SampleFacts {
  const likelihoods = likelihoodsIn(logprobs);
  const { inputTokens, outputTokens, reasoningTokens } = result.usage;
  return {
    ...{ messages: messages as SampleFacts['messages'], metadata, startedAtMs, workingMs },
    ...{ modelMs: result.modelMs, totalMs: result.totalMs, stopReason: result.stopReason },
    ...(result.reasoning ? { reasoning: result.reasoning } : {}),
    usage: { inputTokens, outputTokens, reasoningTokens },
    ...(likelihoods ? { likelihoods } : {}),
  };
}
