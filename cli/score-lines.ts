/** What `assay score` reads: the scorer, its filters, and lines of answers with what they are measured by. */
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import { nearestName } from '../shared/domain/nearest-name.ts';
import { FaultList } from '../shared/domain/fault-list.ts';
import { checkPlugin } from '../shared/domain/plugin-checks.ts';
import { faultsOf, inText } from '../shared/domain/spec-faults.ts';
import { chainSchema } from '../shared/domain/spec.ts';
import { createChain, type Filter } from '../shared/scoring/filters/registry.ts';
import { createScorer, isComputed, isJudged, isRemote, scorerArgs, scorerNames, type Scorer } from '../shared/scoring/registry.ts';
import { plainText } from './render/text.ts';

export interface Answer {
  output: string;
  target: string[];
  choices?: string[];
}

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

/** One line; `place` names it in faults, which are told all at once. */
export function parseAnswer(text: string, place: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('invalid', `${place}: is not valid JSON; write {"output": …, "target": …} on one line`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('invalid', `${place}: is no object; write {"output": …, "target": …}`);
  const { output, target, choices } = value as Record<string, unknown>;
  const faults: Fault[] = [];
  if (typeof output !== 'string') faults.push({ place: 'output', problem: `${wordFor(output)}; give it the model's answer as text` });
  const targets = typeof target === 'string' ? [target] : target;
  if (!isTexts(targets) || targets.length === 0)
    faults.push({ place: 'target', problem: `${wordFor(target)}; give it text, or a list of texts` });
  if (choices !== undefined && choices !== null && !isTexts(choices))
    faults.push({ place: 'choices', problem: `${wordFor(choices)}; give it a list of texts, or leave it out` });
  if (faults.length > 0) throw invalid(place, faults);
  return { output: output as string, target: targets as string[], ...(isTexts(choices) ? { choices } : {}) };
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((v) => typeof v === 'string');

const wordFor = (value: unknown): string =>
  value === undefined
    ? 'is missing'
    : Array.isArray(value)
      ? 'is not a list of texts'
      : value === null
        ? 'is null'
        : `is ${typeof value === 'object' ? 'an object' : `a ${typeof value}`}`;
