/** A benchmark and model as Inspect AI's `EvalLog`, version 2. Pure. */
import { VERSION } from '../../shared/domain/version.ts';
import type { ExportedLog, ExportedSample } from './log.ts';

/** Of the log: everything but its samples. */
export function inspectHeader(log: ExportedLog): { version: number; status: string; eval: object; plan: object } & Record<string, unknown> {
  return {
    version: 2,
    status: log.status,
    eval: evalOf(log),
    plan: planOf(log),
    results: resultsOf(log),
    stats: statsOf(log),
    ...(log.status === 'error' ? { error: errorOf(log.error || 'the evaluation failed') } : {}),
    invalidated: false,
    tags: [],
    metadata: {},
  };
}

function evalOf(log: ExportedLog): object {
  const { id, benchmark, model, scorers, epochs, reducers, limit, specDigest } = log;
  return {
    eval_id: `${id}/${benchmark}/${model}`,
    run_id: id,
    created: log.created,
    task: benchmark,
    task_id: benchmark,
    task_version: 0,
    task_attribs: {},
    task_args: {},
    task_args_passed: {},
    solver: log.solver.name,
    solver_args: log.solver.args,
    tags: log.tags,
    dataset: log.dataset,
    model,
    model_generate_config: log.config,
    model_args: {},
    ...(log.roles
      ? { model_roles: Object.fromEntries(Object.entries(log.roles).map(([name, role]) => [name, { ...role, args: {} }])) }
      : {}),
    config: { epochs, epochs_reducer: reducers, ...(limit === undefined ? {} : { limit }) },
    packages: { assay: VERSION },
    ...log.origin,
    metadata: {
      ...log.metadata,
      ...(specDigest === undefined
        ? {}
        : { assay: { evaluation: id, name: log.name, spec_digest: specDigest, dataset_digest: log.datasetDigest } }),
    },
    scorers: scorers.map(({ id: name, args, filters }) => ({ name, options: args, metadata: filters.length > 0 ? { filters } : {} })),
  };
}

const planOf = ({ steps, config }: ExportedLog): object => ({
  name: 'plan',
  steps: steps.map(({ solver, params }) => ({ solver, params, params_passed: params })),
  config,
});

/** Of the whole, units are counted, as in Inspect (samples times epochs); of a score, samples. */
function resultsOf({ rows, scorers, samples: total, epochs, completed }: ExportedLog): object {
  return {
    total_samples: total * epochs,
    completed_samples: completed,
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
        unscored_samples: total - scored,
        params: own?.args ?? {},
        metrics: Object.fromEntries([...plain, ...grouped]),
      };
    }),
  };
}

function statsOf({ started, finished, usage }: ExportedLog): object {
  return {
    started_at: started,
    completed_at: finished,
    model_usage: Object.fromEntries(Object.entries(usage).map(([model, used]) => [model, usageOf(used)])),
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
export function inspectSample({ id, model }: ExportedLog, sample: ExportedSample): Record<string, unknown> {
  const { result, startedAtMs, truncated } = sample;
  const { usage } = result;
  const { model: returned = model, promptDigest, fingerprint, cached } = result.provenance ?? {};
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
    input: sample.input ?? (messages.length === 1 && typeof only!.content === 'string' && only!.role === 'user' ? only!.content : messages),
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
    model_usage: { [model]: used },
    role_usage: {},
    attachments: {},
    ...(startedAtMs > 0 ? { started_at: new Date(startedAtMs).toISOString() } : {}),
    total_time: result.totalMs / 1000,
    ...(sample.workingMs > 0 ? { working_time: sample.workingMs / 1000 } : {}),
    uuid: `${id}-${result.unit}`,
    ...(result.state === 'errored' ? { error: errorOf([result.errorClass, result.errorMessage].filter(Boolean).join(': ')) } : {}),
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

type Parts = ExportedSample['messages'][number]['parts'];

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
