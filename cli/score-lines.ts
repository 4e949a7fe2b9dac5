/** What `assay score` is told: the scorer, its filters, and the metrics of all lines. */
import { AppError, invalid } from '../shared/domain/errors.ts';
import { checkCorpusMetrics } from '../shared/domain/corpus-checks.ts';
import { nearestName } from '../shared/domain/nearest-name.ts';
import { FaultList } from '../shared/domain/fault-list.ts';
import { checkMetrics, checkPlugin } from '../shared/domain/plugin-checks.ts';
import { faultsOf, inText } from '../shared/domain/spec-faults.ts';
import { chainSchema } from '../shared/domain/spec.ts';
import { metricSchema } from '../shared/domain/spec-schema.ts';
import { createChain, type Filter } from '../shared/scoring/filters/registry.ts';
import { LIKELIHOOD_METRICS } from '../shared/scoring/metrics/perplexities.ts';
import type { MetricSpec } from '../shared/scoring/metrics/registry.ts';
import { createScorer, isComputed, isJudged, isRemote, scorerArgs, scorerNames, type Scorer } from '../shared/scoring/registry.ts';
import { plainText } from './render/text.ts';

export interface Judging {
  scorer: Scorer;
  /** What is done to an output before it; absent: nothing. */
  chain: Filter | undefined;
}

/** The scorer and the filters of a command line, as they are typed. Throws `invalid` with the faults of both. */
export function judgingOf({ scorer, args = '{}', filters }: { scorer: string; args?: string; filters?: string }): Judging {
  const problems: AppError[] = [];
  const attempt = <T>(make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      problems.push(AppError.from(error));
      return undefined;
    }
  };
  const made = {
    scorer: attempt(() => scorerOf(scorer, args))!,
    chain: filters === undefined ? undefined : attempt(() => chainOf(filters)),
  };
  if (problems.length === 0) return made;
  const messages = problems.map(({ message }) => message).join('\n');
  throw new AppError('invalid', messages, { faults: problems.flatMap(({ faults }) => faults) });
}

/** The scorer alone. */
export function scorerOf(name: string, argsText: string): Scorer {
  const here = scorerNames().filter(isComputed);
  if (isJudged(name))
    throw new AppError(
      'invalid',
      `the scorer ${name} asks a model, which is a call for every answer; run an evaluation with it: assay run SPEC. What a judge has said already is read again by the scorer grade`,
    );
  if (isRemote(name))
    throw new AppError(
      'invalid',
      `the scorer ${name} is run by an agent, which ${name === 'code_execution' ? 'has a sandbox' : 'allows its program or URL'}; run an evaluation with it: assay run SPEC ${name === 'code_execution' ? '--agent FILE, with `sandbox` in that file' : '--allow-command … or --allow-url …'}`,
    );
  const schema = here.includes(name) ? scorerArgs(name) : undefined;
  if (!schema) {
    const near = nearestName(name, here);
    throw new AppError(
      'invalid',
      `--scorer: '${plainText(name).slice(0, 80)}' is no scorer; ${near ? `did you mean ${near}?` : `there are ${here.join(', ')}`}`,
    );
  }
  const args = argsOf(argsText);
  const parsed = schema.safeParse(args);
  if (!parsed.success) throw invalid('--args', faultsOf(parsed.error.issues, args, schema));
  return createScorer({ name, args });
}

/** A chain of filters as a spec has it. */
function chainOf(text: string): Filter {
  const value = jsonOf('--filters', text, `one list, for example '${CHAIN_EXAMPLE}'`);
  if (!Array.isArray(value)) throw new AppError('invalid', `--filters: must be one list, for example '${CHAIN_EXAMPLE}'`);
  const parsed = chainSchema.safeParse(value);
  if (!parsed.success) throw invalid('--filters', faultsOf(parsed.error.issues, value, chainSchema));
  const faults = new FaultList();
  parsed.data.forEach((filter, i) => checkPlugin(filter, 'filter', [i], faults));
  if (faults.list.length > 0)
    throw invalid(
      '--filters',
      faults.list.map((fault) => inText(fault, value)),
    );
  return createChain(parsed.data);
}

/** Metrics as they are typed: names with commas between them, or the list that a spec has. Throws `invalid`. */
export function metricsOf(text: string, scorer: string, args = '{}'): MetricSpec[] {
  const value = text.trimStart().startsWith('[')
    ? jsonOf('--metrics', text, `one list, for example '${METRICS_EXAMPLE}'`)
    : text.split(',').map((name) => name.trim());
  const schema = metricSchema.array().min(1);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid('--metrics', faultsOf(parsed.error.issues, value, schema));
  const faults = new FaultList();
  checkMetrics(parsed.data, [], faults);
  parsed.data.forEach((metric, i) => {
    const name = typeof metric === 'string' ? metric : metric.name;
    if ((LIKELIHOOD_METRICS as readonly string[]).includes(name) && scorer !== 'loglikelihood')
      faults.add([i], `is "${name}", which is made of log-likelihoods; score by loglikelihood, or take it out`);
  });
  checkCorpusMetrics({ scorers: [{ name: scorer, args: argsOf(args) }], metrics: parsed.data }, [], faults);
  if (faults.list.length > 0)
    throw invalid(
      '--metrics',
      faults.list.map((fault) => inText(fault, value)),
    );
  return parsed.data;
}

const METRICS_EXAMPLE = '["accuracy", {"name": "grouped", "args": {"group_key": "subject"}}]';

const CHAIN_EXAMPLE = '["strip_reasoning", {"name": "regex", "args": {"regex_pattern": "(\\\\d+)"}}]';

function argsOf(text: string): Record<string, unknown> {
  const value = jsonOf('--args', text, `one object, for example '{"numeric": true}'`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('invalid', `--args: must be one JSON object, for example '{"numeric": true}'`);
  return value as Record<string, unknown>;
}

/** The value of a flag; `form` says what to write instead. */
function jsonOf(flag: string, text: string, form: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError('invalid', `${flag}: '${plainText(text).slice(0, 80)}' is no JSON; write ${form}`);
  }
}
