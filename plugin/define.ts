/** Plug-ins as their authors write them, and both ends checked: what comes from the agent, and what the author returns. */
import { RequestError } from './errors.ts';
import type { PluginContext, Score, Scorer, ScorerRequest, ScoreValue, Solution, Solver, SolverRequest } from './types.ts';

/** A scorer with its types; gives it back as it is. */
export const defineScorer = (scorer: Scorer): Scorer => scorer;

/** A solver with its types; gives it back as it is. */
export const defineSolver = (solver: Solver): Solver => solver;

/** Scores what an agent has sent. Throws RequestError if it is no request, TypeError if the scorer returned no score. */
export async function score(scorer: Scorer, request: unknown, context: PluginContext): Promise<Score> {
  checked(request, SCORER_REQUEST);
  const returned = await scorer(request as unknown as ScorerRequest, context);
  const given: Score = isObject(returned) ? returned : { value: returned };
  const { value, answer, explanation } = given;
  if (!isScoreValue(value))
    throw new TypeError(`the scorer's value is ${shown(value)}; return 'C', 'I', 'P', 'N', a finite number, or null for no verdict`);
  checkTexts('scorer', { answer, explanation });
  return { value, ...(answer === undefined ? {} : { answer }), ...(explanation === undefined ? {} : { explanation }) };
}

/** Answers what an agent has sent. Throws RequestError if it is no request, TypeError if the solver returned no solution. */
export async function solve(solver: Solver, request: unknown, context: PluginContext): Promise<Solution> {
  checked(request, SOLVER_REQUEST);
  const returned = await solver(request as unknown as SolverRequest, context);
  const given: Solution = typeof returned === 'string' ? { completion: returned } : returned;
  if (!isObject(given) || typeof given.completion !== 'string')
    throw new TypeError(`the solver returned ${shown(given)}; return a text, or an object with the text \`completion\``);
  const { completion, reasoning, stop_reason, usage } = given;
  checkTexts('solver', { reasoning, stop_reason });
  if (usage !== undefined && !(isObject(usage) && [usage.input_tokens, usage.output_tokens, usage.reasoning_tokens ?? 0].every(isCount)))
    throw new TypeError("the solver's usage must have input_tokens and output_tokens, whole numbers from 0 on");
  return {
    completion,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(stop_reason === undefined ? {} : { stop_reason }),
    ...(usage === undefined ? {} : { usage }),
  };
}

type Kind = 'a text' | 'a list' | 'a list of texts' | 'an object' | 'a number';
type Fields = Readonly<Record<string, Kind>>;

const SCORER_REQUEST: Fields = { output: 'a text', target: 'a list of texts', metadata: 'an object', args: 'an object' };
const SOLVER_REQUEST: Fields = { sample: 'an object', messages: 'a list', model: 'a text', generate_config: 'an object', unit: 'a number' };

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  'a text': (value) => typeof value === 'string',
  'a list': Array.isArray,
  'a list of texts': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'an object': isObject,
  'a number': (value) => typeof value === 'number',
};

/** All faults at once. */
function checked(request: unknown, fields: Fields): asserts request is Record<string, unknown> {
  if (!isObject(request)) throw new RequestError(`the request is ${shown(request)}; send one JSON object`);
  const faults = Object.entries(fields)
    .filter(([name, kind]) => !IS[kind]((request as Record<string, unknown>)[name]))
    .map(([name, kind]) => `${name} must be ${kind}`);
  if (faults.length > 0) throw new RequestError(`the request is not what the protocol says: ${faults.join('; ')}`);
}

function checkTexts(what: string, texts: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(texts))
    if (value !== undefined && typeof value !== 'string')
      throw new TypeError(`the ${what}'s ${name} is ${shown(value)}; return a text, or nothing`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isScoreValue = (value: unknown): value is ScoreValue =>
  value === null || (typeof value === 'number' ? Number.isFinite(value) : ['C', 'I', 'P', 'N'].includes(value as string));

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** A value in a message: its kind for what may be long or private. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 20))}`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
