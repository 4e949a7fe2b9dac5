/** A benchmark and model as Inspect AI's `EvalLog`, version 2. Pure. */
import type { Sample } from '../../shared/client/types.ts';
import { generateConfigOf, solverOf } from '../../shared/domain/spec-defaults.ts';
import { epochsOf } from '../../shared/domain/spec-defaults.ts';
import type { GenerateConfig } from '../../shared/domain/spec.ts';
import { VERSION } from '../../shared/domain/version.ts';
import type { ExportedGroup } from './group.ts';

const STATUS = { succeeded: 'success', failed: 'error', cancelled: 'cancelled' } as const;

/** Of the log: everything but its samples. */
export function inspectHeader(
  group: ExportedGroup,
): { version: number; status: string; eval: object; plan: object } & Record<string, unknown> {
  const { report } = group;
  const { state } = report;
  return {
    version: 2,
    status: STATUS[state as keyof typeof STATUS] ?? 'error',
    eval: evalOf(group),
    plan: planOf(group),
    results: resultsOf(group),
    stats: statsOf(group),
    ...(state === 'failed' ? { error: errorOf(group.evaluation.reason || 'the evaluation failed') } : {}),
    invalidated: false,
    tags: [],
    metadata: {},
  };
}

function evalOf({ evaluation, spec, report, benchmark, model, units, epochs, scorers }: ExportedGroup): object {
  const { dataset } = benchmark;
  return {
    eval_id: `${report.evaluationId}/${benchmark.benchmark}/${model.model}`,
    run_id: report.evaluationId,
    created: report.timing.createdAt,
    task: benchmark.benchmark,
    task_id: benchmark.benchmark,
    task_version: 0,
    task_attribs: {},
    task_args: {},
    task_args_passed: {},
    solver: solverOf(benchmark).name,
    solver_args: solverOf(benchmark).args,
    tags: spec.tags,
    dataset: {
      name: benchmark.benchmark,
      // A dataset that stands in the spec would stand here once more.
      location: dataset.uri.startsWith('inline:') ? 'inline' : dataset.uri,
      samples: units / epochs,
      shuffled: dataset.shuffle !== undefined,
    },
    model: model.model,
    model_generate_config: configOf(generateConfigOf(benchmark, model)),
    model_args: {},
    config: { epochs, epochs_reducer: epochsOf(spec).reducers, ...(dataset.limit === undefined ? {} : { limit: dataset.limit }) },
    packages: { assay: VERSION },
    metadata: {
      ...spec.metadata,
      assay: { evaluation: report.evaluationId, name: evaluation.name, spec_digest: report.specDigest, dataset_digest: dataset.digest },
    },
    scorers: scorers.map(({ id, args, filters }) => ({ name: id, options: args, metadata: filters.length > 0 ? { filters } : {} })),
  };
}

const planOf = ({ benchmark, model }: ExportedGroup): object => {
  const { name, args } = solverOf(benchmark);
  const { system_message: system } = benchmark.prompt;
  const steps = [...(system === undefined ? [] : [['system_message', { template: system }] as const]), [name, args] as const];
  return {
    name: 'plan',
    steps: steps.map(([solver, params]) => ({ solver, params, params_passed: params })),
    config: configOf(generateConfigOf(benchmark, model)),
  };
};

/** The names are Inspect's already. */
const configOf = (config: GenerateConfig): object => config;

function resultsOf({ rows, scorers, units, epochs }: ExportedGroup): object {
  return {
    total_samples: units / epochs,
    completed_samples: Math.max(0, ...rows.map((row) => row.samples ?? row.counts.scored)),
    scores: rows.map(({ scorer, reducer, metrics, samples, counts, groups = [] }) => {
      const scored = samples ?? counts.scored;
      const own = scorers.find(({ id }) => id === scorer);
      const plain = Object.entries(metrics).map(([name, value]) => [name, { name, value, params: {} }] as const);
      const grouped = groups.flatMap(({ key, groups: members }) =>
        members.flatMap(({ group, metrics: of }) =>
          Object.entries(of).map(
            ([name, value]) => [`${name} ${key}=${group}`, { name, value, params: {}, group: `${key}=${group}` }] as const,
          ),
        ),
      );
      return {
        name: scorer,
        scorer: own?.name ?? scorer,
        reducer,
        scored_samples: scored,
        unscored_samples: units / epochs - scored,
        params: own?.args ?? {},
        metrics: Object.fromEntries([...plain, ...grouped]),
      };
    }),
  };
}

function statsOf({ report, model }: ExportedGroup): object {
  const usage = report.usageByModel[model.model];
  return {
    started_at: report.timing.firstSampleStartedAt ?? report.timing.createdAt,
    completed_at: report.timing.finishedAt,
    model_usage: usage ? { [model.model]: usageOf(usage) } : {},
    role_usage: {},
    connection_limit_history: [],
  };
}

function usageOf(usage: { inputTokens: number; outputTokens: number; reasoningTokens: number }): object {
  const [input, output, reasoning] = [usage.inputTokens, usage.outputTokens, usage.reasoningTokens].map(Math.round) as [
    number,
    number,
    number,
  ];
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    ...(reasoning > 0 ? { reasoning_tokens: reasoning } : {}),
  };
}

const errorOf = (message: string): object => ({ message, traceback: '', traceback_ansi: '' });

/** One unit as `EvalSample`. A score without a verdict is left out, as JSON has no NaN. */
export function inspectSample({ report, model }: ExportedGroup, sample: Sample): Record<string, unknown> {
  const { result, startedAtMs, truncated } = sample;
  const { usage } = result;
  const { model: returned = model.model, promptDigest, fingerprint, cached } = result.provenance ?? {};
  const provenance = {
    ...(promptDigest === undefined ? {} : { prompt_digest: promptDigest }),
    ...(fingerprint === undefined ? {} : { system_fingerprint: fingerprint }),
    ...(cached ? { cached } : {}),
  };
  const messages = sample.messages.map(({ role, parts }) => ({ role, content: contentOf(parts) }));
  const answer = {
    role: 'assistant',
    source: 'generate',
    model: returned,
    content: result.reasoning
      ? [
          { type: 'reasoning', reasoning: result.reasoning, redacted: false },
          { type: 'text', text: result.completion },
        ]
      : result.completion,
  };
  const isAnswered = result.state !== 'errored' || result.completion !== '';
  const used = usageOf(usage);
  const [only] = messages;
  return {
    id: result.sampleId,
    epoch: result.epoch,
    input: messages.length === 1 && typeof only!.content === 'string' && only!.role === 'user' ? only!.content : messages,
    ...(sample.choices.length > 0 ? { choices: sample.choices } : {}),
    target: sample.target.length === 1 ? sample.target[0] : sample.target,
    messages: isAnswered ? [...messages, answer] : messages,
    output: {
      // As the endpoint called it.
      model: returned,
      choices: isAnswered ? [{ message: answer, stop_reason: stopReasonOf(result.stopReason) }] : [],
      completion: result.completion,
      usage: used,
      time: result.modelMs / 1000,
      ...(Object.keys(provenance).length > 0 ? { metadata: provenance } : {}),
      ...(isAnswered ? {} : { error: result.errorMessage }),
    },
    scores: Object.fromEntries(
      result.scores.flatMap(({ scorer, value, number, answer: own, explanation }) =>
        number === null
          ? []
          : [
              [
                scorer,
                { value: valueOf(value, number), ...(own ? { answer: own } : {}), ...(explanation ? { explanation } : {}), history: [] },
              ],
            ],
      ),
    ),
    metadata: { ...sample.metadata, ...(truncated.length > 0 ? { assay_truncated: truncated } : {}) },
    store: {},
    events: [],
    model_usage: { [model.model]: used },
    role_usage: {},
    attachments: {},
    ...(startedAtMs > 0 ? { started_at: new Date(startedAtMs).toISOString() } : {}),
    total_time: result.totalMs / 1000,
    ...(sample.workingMs > 0 ? { working_time: sample.workingMs / 1000 } : {}),
    uuid: `${report.evaluationId}-${result.unit}`,
    ...(result.state === 'errored' ? { error: errorOf(`${result.errorClass}: ${result.errorMessage}`) } : {}),
  };
}

/** The summary of a sample that stands in an `.eval` file; long texts are cut. */
export function inspectSummary(sample: Record<string, unknown>): object {
  const { id, epoch, input, target, scores, started_at, total_time, working_time, uuid, model_usage, error } = sample;
  return {
    ...{ id, epoch, target, scores, uuid, total_time, model_usage, role_usage: {}, metadata: {}, completed: true },
    input: typeof input === 'string' ? input.slice(0, 1000).toWellFormed() : 'messages',
    ...(started_at === undefined ? {} : { started_at }),
    ...(working_time === undefined ? {} : { working_time }),
    ...(error === undefined ? {} : { error: (error as { message: string }).message }),
  };
}

type Parts = Sample['messages'][number]['parts'];

const contentOf = (parts: Parts): string | object[] =>
  parts.length === 1 && parts[0]!.kind === 'text'
    ? parts[0]!.value
    : parts.map(({ kind, value }) => {
        if (kind === 'text') return { type: 'text', text: value };
        if (kind === 'image') return { type: 'image', image: value, detail: 'auto' };
        return { type: 'audio', audio: value, format: /wav/.test(value.slice(0, 40)) ? 'wav' : 'mp3' };
      });

const STOP_REASONS = new Map([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'max_tokens'],
  ['max_tokens', 'max_tokens'],
  ['content_filter', 'content_filter'],
  ['refusal', 'content_filter'],
]);
const stopReasonOf = (reason: string): string => STOP_REASONS.get(reason) ?? 'unknown';

/** A number as a number, C and I as they are. */
const valueOf = (value: string, number: number): string | number => (/^[CIPN]$/.test(value) ? value : number);
