/** What `run` does once there is a coordinator: upload, submit or resume, follow, report. */
import type { KeyObject } from 'node:crypto';
import type { Report } from '../shared/client/types.ts';
import type { Durability } from '../shared/domain/durability.ts';
import { invalid } from '../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE, evaluationIdOf } from '../shared/domain/ids.ts';
import { signedSpec } from '../shared/domain/spec-signature.ts';
import { specDigestOf, type EvaluationSpec } from '../shared/domain/spec.ts';
import { attributeNames, SpanKind, spanNames, withSpan } from '../shared/telemetry/tracing.ts';
import { exitCodeOfState, EXIT, Interrupted } from './exit.ts';
import { follow } from './follow.ts';
import { nextRunKey } from './next-key.ts';
import type { Reached } from './reach.ts';
import { reportDocument } from './render/json.ts';
import { lookOf } from './render/look.ts';
import { rendererFor } from './render/renderer.ts';
import { reportTable } from './render/report-table.ts';
import { closedOf } from './render/progress-view.ts';
import { plainText, plural } from './render/text.ts';
import type { Shell } from './shell.ts';
import { uploadDatasets, type SpecFile } from './spec-file.ts';
import { missedThresholds, type Threshold } from './thresholds.ts';

export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
  thresholds: readonly Threshold[];
}

/** Whose an evaluation is. */
export interface Belonging {
  namespace: string;
  owner?: string;
}

export interface Submitted {
  evaluationId: string;
  existed: boolean;
  state: string;
  /** How Redis holds it; absent: the coordinator is too old to say. */
  durability?: Durability;
}

/** Uploads the datasets and submits under a key. `keyOf` gets the complete spec and its digest. */
export async function submitSpec(
  { client }: Reached,
  file: SpecFile,
  { namespace, owner = '' }: Belonging,
  shell: Shell,
  quiet: boolean,
  keyOf: (specDigest: string) => Promise<string>,
  signKey?: KeyObject,
): Promise<Submitted> {
  const say = quiet ? () => undefined : shell.say;
  const plain = await uploadDatasets(client, file, { namespace, onUpload: (path) => say(`uploading ${path}`) });
  const digest = specDigestOf(plain);
  const idempotencyKey = await keyOf(digest);
  const work = { digest, evaluation: evaluationIdOf(namespace, idempotencyKey), namespace };
  const spec = signKey ? signedSpec(plain, work, signKey) : plain;
  return withSpan(spanNames.submit, { kind: SpanKind.CLIENT, attributes: { 'rpc.system.name': 'grpc' } }, async (span) => {
    const { evaluation, existed, durability } = await client.submit({ spec, idempotencyKey, namespace, ...(owner ? { owner } : {}) });
    span.setAttribute(attributeNames.evaluationId, evaluation.evaluationId);
    const { evaluationId, counts } = evaluation;
    say(
      existed
        ? `going on with ${evaluationId}: ${closedOf(counts)} of ${plural(counts.total, 'unit')} are done`
        : `submitted ${evaluationId}: ${plural(counts.total, 'unit')}`,
    );
    return { evaluationId, existed, state: evaluation.state, ...(durability ? { durability } : {}) };
  });
}

/** Submits or resumes, follows to the end, prints the report; returns the exit code. */
export async function evaluate(
  reached: Reached,
  file: SpecFile,
  shell: Shell,
  options: OutputOptions & { namespace?: string; owner?: string; resumeHint: string },
): Promise<number> {
  const { namespace = DEFAULT_NAMESPACE, owner = '' } = options;
  const submitted = submitSpec(reached, file, { namespace, owner }, shell, options.quiet ?? false, (digest) =>
    nextRunKey(reached.client, digest, namespace),
  );
  const { evaluationId } = await withHint(submitted, 'Stopped before it was accepted for certain. The same command goes on.');
  return followAndReport(reached, evaluationId, shell, { ...options, resumeHint: options.resumeHint.replaceAll('{id}', evaluationId) });
}

/** Follows an evaluation to its end and prints its report; returns the exit code. */
export async function followAndReport(
  reached: Reached,
  evaluationId: string,
  shell: Shell,
  options: OutputOptions & { cursor?: string; resumeHint: string },
): Promise<number> {
  const { client, stack } = reached;
  const renderer = rendererFor(shell.stderr, shell.env, options.quiet);
  const followed = follow({
    client,
    evaluationId,
    renderer,
    ...(options.cursor ? { cursor: options.cursor } : {}),
    ...(stack ? { hint: stack.hint, agentError: () => stack.agentError() } : {}),
  });
  await withHint(followed, options.resumeHint);
  return printReport(await client.report(evaluationId), shell, options);
}

/** Settles as `work` does; an interruption of it tells `hint`: how to go on. */
export async function withHint<T>(work: Promise<T>, hint: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Interrupted ? new Interrupted(hint) : error;
  }
}

/** Prints a report as table or document, says which thresholds it misses, and returns the exit code that it means. */
export async function printReport(report: Report, shell: Shell, { json, thresholds }: OutputOptions): Promise<number> {
  await shell.print(json ? reportDocument(report) : reportTable(report, lookOf(shell)));
  const code = exitCodeOfState(report.state);
  if (code !== EXIT.ok) {
    const why = report.state === 'failed' ? `: ${whyFailed(report)}. The reasons: assay results ${report.evaluationId}` : '';
    shell.say(`assay: ${report.evaluationId} ${report.state}${why}`);
    return code;
  }
  const missed = missedThresholds(report.results, thresholds);
  if (missed.length === 0) return EXIT.ok;
  shell.say(`assay: below the threshold:\n${missed.map((m) => `  ${plainText(m)}`).join('\n')}`);
  return EXIT.belowThreshold;
}

const whyFailed = ({ units }: Report): string =>
  units.scored === 0 ? 'no unit was scored' : `${units.errored} of ${units.total} units errored, more than fail_on_error bears`;

/** Throws `invalid` when a threshold asks for a metric that a benchmark does not compute. */
export function requireMetrics(file: string, spec: EvaluationSpec, thresholds: readonly Threshold[]): void {
  const faults = spec.benchmarks.flatMap((b, i) =>
    thresholds
      .filter((t) => !b.metrics.some((metric) => (typeof metric === 'string' ? metric : metric.name) === t.metric))
      .map((t) => ({ place: `benchmarks[${i}].metrics`, problem: `has no ${t.metric}, which --threshold asks for; add it` })),
  );
  if (faults.length > 0) throw invalid(file, faults);
}
