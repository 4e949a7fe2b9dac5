/**
 * What a log says of itself, in Inspect's words (`EvalLog` without its samples), as far as it is kept: it travels with the log's first sample, so that
 * the samples can be exported and scored again. Logs of all versions have it: what is missing or of another form is left out, never a fault.
 */
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { isRemote, scorerArgs } from '../../shared/scoring/registry.ts';
import { createChain, notInSpecs } from '../../shared/scoring/filters/registry.ts';
import { filterSchema } from '../../shared/domain/spec-schema.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';

const maybe = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);
const text = maybe(z.string());
const int = maybe(z.int());
const number = maybe(z.number());
const flag = maybe(z.boolean());
const object = maybe(z.record(z.string(), z.unknown()));
const listOf = <T>(schema: z.ZodType<T>) => z.array(schema).catch([]);

const config = z
  .object({
    ...{ temperature: number, top_p: number, frequency_penalty: number, presence_penalty: number },
    ...{ max_tokens: int, seed: int, top_k: int, num_choices: int, top_logprobs: int, max_connections: int, timeout: int },
    ...{ logprobs: flag, system_message: text, stop_seqs: maybe(z.array(z.string())), extra_body: object },
  })
  .catch({});
const usage = z.object({
  input_tokens: z.int().nonnegative().catch(0),
  output_tokens: z.int().nonnegative().catch(0),
  reasoning_tokens: z.int().nonnegative().nullish().catch(0),
});

/** Of `eval`: what says where the samples came from. */
const origin = {
  ...{ eval_id: text, run_id: text, created: text, task_id: text, task_file: text, task_display_name: text, task_registry_name: text },
  ...{ task_attribs: object, task_args: object, task_args_passed: object, model_args: object, model_base_url: text },
  ...{ solver: text, solver_args: object, tags: maybe(z.array(z.string())), metadata: object },
  task_version: maybe(z.union([z.int(), z.string()])),
  revision: maybe(z.object({ type: z.literal('git'), origin: z.string(), commit: z.string(), dirty: flag })),
  packages: maybe(z.record(z.string(), z.string())),
  dataset: maybe(z.object({ name: text, location: text, samples: maybe(z.int().nonnegative()), shuffled: flag })),
};

export const headSchema = z.object({
  status: z.enum(['started', 'success', 'cancelled', 'error']).catch('success'),
  error: maybe(z.object({ message: z.string() })),
  eval: z
    .object({
      ...origin,
      model_generate_config: config,
      config: maybe(
        z.object({
          epochs_reducer: maybe(z.array(z.string())),
          limit: maybe(z.union([z.int(), z.tuple([z.int(), z.int()])])),
        }),
      ),
    })
    .catch({} as never),
  plan: maybe(
    z.object({
      steps: listOf(z.object({ solver: z.string(), params: z.record(z.string(), z.unknown()).catch({}) })),
      config,
    }),
  ),
  stats: maybe(z.object({ started_at: text, completed_at: text, model_usage: maybe(z.record(z.string(), usage)) })),
  /** By their names in scores: what is known here, with its arguments. Not in Inspect's logs, which have it in two places. */
  scorers: listOf(
    z.object({
      ...{ id: z.string(), name: z.string(), args: z.record(z.string(), z.unknown()) },
      filters: z.array(z.object({ name: z.string(), args: z.record(z.string(), z.unknown()) })),
    }),
  ),
  /** Those that are not known here, or not as they are in the log. */
  leftOut: maybe(z.array(z.object({ id: z.string(), why: z.string() }))),
  /** Names of metrics by the scorer's name in scores. */
  metrics: z.record(z.string(), z.array(z.string())).catch({}),
  numFewshot: maybe(z.int().nonnegative()),
  /** Between a prompt and a choice that is rated. */
  delimiter: text,
});

export type LogHead = z.infer<typeof headSchema>;

/** A scorer of a log that cannot score again here, and why. */
export type LeftOut = NonNullable<LogHead['leftOut']>[number];

/** Solvers with their arguments; what they leave to their defaults is not always there. */
const solversSchema = z.object({
  eval: z.object({ solver: text, solver_args: object }).catch({}),
  plan: maybe(z.object({ steps: listOf(z.object({ solver: z.string(), params: z.record(z.string(), z.unknown()).catch({}) })) })),
});

const named = z.looseObject({ name: z.string() });
const scorersSchema = z.object({
  eval: z
    .object({
      scorers: listOf(
        z.object({
          name: z.string(),
          options: z.record(z.string(), z.unknown()).nullish().catch(undefined),
          metrics: listOf(z.unknown()),
          metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
        }),
      ),
    })
    .catch({ scorers: [] }),
  results: z
    .object({
      scores: listOf(
        z.object({
          ...{ name: z.string(), scorer: z.string().optional().catch(undefined) },
          ...{ params: z.record(z.string(), z.unknown()).catch({}), metrics: z.record(z.string(), z.unknown()).catch({}) },
        }),
      ),
    })
    .nullish()
    .catch(undefined),
});

/** Of a log of Inspect, already known to be an object. */
export function headOf(log: unknown): LogHead {
  const { eval: spec, results } = scorersSchema.parse(log);
  const scored = results?.scores ?? [];
  const ids = [...new Set([...spec.scorers, ...scored].map(({ name }) => name))];
  const found = ids.map((id) => {
    const [own, score] = [spec.scorers.find((one) => one.name === id), scored.find((one) => one.name === id)];
    const name = bare(score?.scorer ?? id);
    const args = { ...(name === 'choice' ? choiceArgs(log) : {}), ...score?.params, ...own?.options };
    return scorerHere(id, name, args, own?.metadata?.['filters'] ?? []);
  });
  const metrics = Object.fromEntries(
    ids.map((id) => [
      id,
      [
        ...(spec.scorers.find((one) => one.name === id)?.metrics ?? []).flatMap((one) => {
          const { success, data } = named.safeParse(one);
          return success ? [bare(data.name)] : [];
        }),
        ...Object.keys(scored.find((one) => one.name === id)?.metrics ?? {}),
      ],
    ]),
  );
  return headSchema.parse({ ...(log as object), ...scorersAmong(found), metrics });
}

/** Inspect's `choice` reads as many letters as its solver asked for. */
function choiceArgs(log: unknown): { multiple_correct?: boolean } {
  const { eval: own, plan } = solversSchema.parse(log);
  const solvers = [...(plan?.steps ?? []), ...(own.solver === undefined ? [] : [{ solver: own.solver, params: own.solver_args ?? {} }])];
  const found = solvers.find(({ solver }) => bare(solver) === 'multiple_choice');
  return found ? { multiple_correct: found.params['multiple_correct'] === true } : {};
}

/** What a head says of scorers. */
export function scorersAmong(found: readonly (NamedScorer | LeftOut)[]): { scorers: NamedScorer[]; leftOut?: LeftOut[] } {
  const leftOut = found.filter((one): one is LeftOut => 'why' in one);
  return { scorers: found.filter((one): one is NamedScorer => !('why' in one)), ...(leftOut.length > 0 ? { leftOut } : {}) };
}

/** A scorer as it is here, or why there is none of this name that takes these arguments and filters. */
export function scorerHere(id: string, name: string, args: Record<string, unknown>, filters: unknown): NamedScorer | LeftOut {
  const schema = scorerArgs(name);
  if (isRemote(name)) return { id, why: `${name} is run by an agent` };
  if (!schema) return { id, why: `there is no scorer ${name} here` };
  const { error } = schema.safeParse(args);
  if (error) return { id, why: `${name} does not take its arguments here (${error.issues.map(issueText).join('; ')})` };
  const chain = z.array(filterSchema).safeParse(filters);
  if (!chain.success) return { id, why: 'its filters are no list of names, or of {name, args}' };
  const refused = chain.data.find((filter) => notInSpecs(filter.name) !== undefined);
  if (refused) return { id, why: `its filter ${refused.name} ${notInSpecs(refused.name)}` };
  try {
    createChain(chain.data);
  } catch (failure) {
    return { id, why: AppError.from(failure).message };
  }
  return { id, name, args, filters: chain.data };
}

const issueText = ({ path, message }: z.core.$ZodIssue): string => (path.length > 0 ? `${path.join('.')}: ${message}` : message);

/** Inspect's own things have its name before theirs. */
const bare = (name: string): string => name.replace(/^inspect_ai\//, '');
