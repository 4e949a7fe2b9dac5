/** What the local agent serves, by the keys that the environment has; and whether that is enough for a spec. */
import type { EvaluationSpec, ModelSpec } from '../../shared/domain/spec.ts';
import { invalid, type Fault } from '../../shared/domain/errors.ts';
import { fittingModel, missingNeeds, routeOf, type Offer } from '../../shared/domain/routing.ts';
import { judgedScorersOf, judgesOf, withoutJudged } from '../../shared/domain/spec-judges.ts';
import { needsOf, ratedModelOf } from '../../shared/domain/spec-needs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** One entry of an agent's `models`, in the words of its YAML file (docs/agents.md). Keys are named, never copied. */
export interface ModelEntryText {
  match: string;
  provider: string;
  base_url?: string;
  api_key_env?: string;
  max_connections?: number;
  look_ahead?: number;
  endpoint?: string;
  options?: Record<string, unknown>;
}

/** `mock/*` always; `openai/*` and `anthropic/*` when the environment says how to reach them. Throws `invalid` that names the variables that are wrong. */
export function localModels(env: Env): ModelEntryText[] {
  const models: ModelEntryText[] = [{ match: 'mock/*', provider: 'mock', max_connections: 16 }];
  if (env['OPENAI_API_KEY'] || env['OPENAI_BASE_URL']) models.push(entry('openai', 'OPENAI', env));
  if (env['ANTHROPIC_API_KEY']) models.push(entry('anthropic', 'ANTHROPIC', env));
  const faults = models.flatMap(({ provider }) => (provider === 'mock' ? [] : variableFaults(provider.toUpperCase(), env)));
  if (faults.length > 0) throw invalid('the environment', faults);
  return models;
}

/** What the agent would refuse as well, but by the names of its own file, which nobody has written here. */
function variableFaults(prefix: string, env: Env): Fault[] {
  const url = env[`${prefix}_BASE_URL`];
  const parsed = url ? URL.parse(url) : undefined;
  const place = `${prefix}_BASE_URL`;
  const faults: Fault[] = [];
  if (parsed === null || (parsed && !/^https?:$/.test(parsed.protocol)))
    faults.push({
      place,
      problem: `${JSON.stringify(url!.slice(0, 200))} is not an http or https URL; write one like http://localhost:8000/v1`,
    });
  else if (parsed?.username || parsed?.password)
    faults.push({ place, problem: `has a user name or password in it; put the key into ${prefix}_API_KEY` });
  if (!/^[\x21-\x7e]*$/.test(env[`${prefix}_API_KEY`] ?? ''))
    faults.push({
      place: `${prefix}_API_KEY`,
      problem: 'has characters that no key has (spaces, line ends, non-ASCII); write the key alone',
    });
  return faults;
}

function entry(provider: string, prefix: string, env: Env): ModelEntryText {
  const baseUrl = env[`${prefix}_BASE_URL`];
  const key = `${prefix}_API_KEY`;
  return {
    match: `${provider}/*`,
    provider,
    max_connections: 16,
    ...(baseUrl ? { base_url: baseUrl } : {}),
    ...(env[key] ? { api_key_env: key } : {}),
  };
}

/** Throws `invalid` that names everything that the local agent cannot do for a spec: models, commands, URLs; each with its remedy. */
export function requireServed(specName: string, spec: EvaluationSpec, offer: Offer, agentFile: string | undefined): void {
  const asked = [...spec.models.map((model, i) => ({ model, place: `models[${i}].model` })), ...judgesIn(spec)];
  const unserved = asked.flatMap(({ model, place }): Fault[] => {
    const labels = { ...spec.route.labels, ...model.route?.labels };
    if (fittingModel(routeOf(model.model, labels), offer) >= 0) return [];
    return [
      {
        place,
        problem: `the local agent does not serve ${wanted(model, labels)}. ${remedy(model, labels, offer, agentFile)}`,
      },
    ];
  });
  const needs = spec.benchmarks.flatMap((benchmark, i): Fault[] =>
    missingNeeds(
      [...new Set(spec.models.flatMap((model) => needsOf(withoutJudged(benchmark), model, spec)))],
      offer.capabilities ?? [],
    ).map((need) => ({
      place: `benchmarks[${i}]`,
      problem: needProblem(need, agentFile),
    })),
  );
  if (unserved.length + needs.length > 0) throw invalid(specName, [...unserved, ...needs]);
}

/** Each judge that is no evaluated model once, and where the spec names it. */
function judgesIn(spec: EvaluationSpec): { model: ModelSpec; place: string }[] {
  const judges = spec.benchmarks.flatMap((benchmark, i) =>
    judgedScorersOf(benchmark).flatMap((scorer) =>
      spec.models
        .flatMap((model) => judgesOf(spec, scorer, model))
        .map((model) => {
          const role = Object.entries(spec.model_roles ?? {}).find(([, own]) => own === model)?.[0];
          return { model, place: role === undefined ? `benchmarks[${i}].scorers (${scorer.id})` : `model_roles.${role}` };
        }),
    ),
  );
  return judges.filter(({ model: { model } }, i) => {
    const isFirst = judges.findIndex((other) => other.model.model === model) === i;
    return isFirst && !spec.models.some((own) => own.model === model);
  });
}

function needProblem(need: string, agentFile: string | undefined): string {
  if (need.startsWith('sandbox:'))
    return `runs programs of the model, which needs a sandbox; describe an agent with \`sandbox: {kind: bubblewrap}\` in a file and name it with --agent FILE`;
  const rated = ratedModelOf(need);
  if (rated !== undefined)
    return `needs log-probabilities of prompts for ${rated}, which chat endpoints do not give; describe an agent in a file with \`endpoint: completions\` in its entry, and name it with --agent FILE`;
  const [, kind, name] = /^(command|url):(.*)$/s.exec(need) ?? [];
  if (kind === undefined) return `needs ${need}, which the local agent cannot do`;
  const inFile = agentFile === undefined ? '' : `, or to its \`${kind}s\` in ${agentFile}`;
  return kind === 'command'
    ? `needs the command ${name}, which is not allowed here; add --allow-command "${name}=PROGRAM ARGUMENTS…"${inFile}`
    : `calls ${name}, which is not allowed here; add --allow-url "${name}"${inFile}`;
}

const wanted = (model: ModelSpec, labels: Record<string, string>): string =>
  [model.model, ...Object.entries(labels).map(([k, v]) => `${k}=${v}`)].join(' ');

function remedy(model: ModelSpec, labels: Record<string, string>, offer: Offer, agentFile: string | undefined): string {
  if (agentFile) return `Add an entry with a fitting \`match\`${Object.keys(labels).length > 0 ? ' and the labels' : ''} to ${agentFile}`;
  if (fittingModel(routeOf(model.model, {}), offer) >= 0)
    return 'It has no labels: leave `route` out, or describe an agent that has them in a file and name it with --agent FILE';
  const [provider] = model.model.split('/');
  if (provider === 'none') return 'Allow the URL of the solver with --allow-url';
  if (provider === 'openai') return 'Set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint of your own';
  if (provider === 'anthropic') return 'Set ANTHROPIC_API_KEY';
  return 'Describe an agent that serves it in a file and name it with --agent FILE; without one there are mock/*, openai/* and anthropic/*';
}
