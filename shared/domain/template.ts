/**
 * Templates of prompts, inputs and targets: Liquid, kept to what is a pure function of its variables. No files, includes
 * or layouts, no clock, no chance; undefined variables and unknown filters are faults; time and memory of a rendering are bounded.
 */
import { Context, Liquid, type Template as ParsedTemplate } from 'liquidjs';
import { AppError } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** Characters of a template. */
const MAX_TEMPLATE_CHARS = 1_000_000;
const MI = 1024 * 1024;
/**
 * What one rendering may take grows with its variables, so that a short line cannot hold up a process, and one of 20 MiB passes.
 * Nothing else runs meanwhile.
 */
const renderMs = (chars: number): number => 500 + (50 * chars) / MI;
/** Characters and list items that it may make, all filters together; 96 Mi items of a range are what the engine survives. */
const renderItems = (chars: number): number => Math.min(MI + 4 * chars, 96 * MI);
/** Tags that read other templates. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];
/** How Liquid names a bound that is reached. */
const TOO_LONG = /^template render limit exceeded/;
const TOO_MUCH = /^memory alloc limit exceeded/;
/** Filters with a clock or with chance, and one whose pattern takes quadratic time. */
const IMPURE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string', 'sample', 'strip_html'];

export interface Template {
  /** Throws AppError invalid: an undefined variable, a filter that fails, a bound that is reached. */
  render(variables: Record<string, unknown>): string;
  /** Once for each value of one variable; all together have the bounds of one rendering. */
  renderEach(variables: Record<string, unknown>, name: string, values: readonly string[]): string[];
}

/** Parses a template once, for any number of renderings. Throws AppError invalid. */
export function compileTemplate(source: string): Template {
  const engine = engineOf();
  let parsed: ParsedTemplate[];
  try {
    parsed = engine.parse(source);
  } catch (error) {
    throw new AppError('invalid', `is no valid template: ${explain(error, engine, [])}`);
  }
  const renderEach = (variables: Record<string, unknown>, name?: string, values: readonly unknown[] = [undefined]): string[] => {
    const chars = charsOf([variables, values]);
    try {
      const bounds = new Context({}, engine.options, { sync: true, renderLimit: renderMs(chars), memoryLimit: renderItems(chars) });
      return values.map((value) => {
        const text = String(engine.renderSync(parsed, bounds.spawn(name === undefined ? variables : { ...variables, [name]: value })));
        // Liquid counts what filters make, not what is put out.
        bounds.memoryLimit.use(text.length);
        return text;
      });
    } catch (error) {
      throw new AppError('invalid', explain(error, engine, Object.keys(variables)), { cause: error });
    }
  };
  return { render: (variables) => renderEach(variables)[0]!, renderEach };
}

/** The variables that a template takes from outside, by their first names. Throws AppError invalid for one that is none. */
export function variablesIn(source: string): string[] {
  const engine = engineOf();
  try {
    return engine.globalVariablesSync(engine.parse(source));
  } catch (error) {
    throw new AppError('invalid', `is no valid template: ${explain(error, engine, [])}`);
  }
}

/** Whether an error comes from a rendering that hit its bounds of time or memory: the next one is likely to hit them as well. */
export function hitBounds(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (TOO_LONG.test(cause.message) || TOO_MUCH.test(cause.message)) return true;
  return false;
}

/** Characters of all texts within a value. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let chars = 0;
  for (const part of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) chars += charsOf(part);
  return chars;
}

/** One for all templates: they leave nothing in it, and to make one takes longer than to parse a template. */
let shared: Liquid | undefined;
const engineOf = (): Liquid => (shared ??= createEngine());

function createEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    // `{% if metadata.hint %}` may ask for what is not there.
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MAX_TEMPLATE_CHARS,
  });
  for (const tag of FILE_TAGS) delete engine.tags[tag];
  for (const filter of IMPURE_FILTERS) delete engine.filters[filter];
  return engine;
}

/** Liquid's message in one line, without the template's text around the fault, and with a remedy where one is known. */
function explain(error: unknown, engine: Liquid, variables: readonly string[]): string {
  const message = (error instanceof Error ? error.message.split('\n')[0]! : String(error)).replace(
    /, line:(\d+), col:(\d+)$/,
    ' (line $1, column $2 of the template)',
  );
  if (TOO_LONG.test(message)) return message.replace(TOO_LONG, 'takes too long; shorten its loops');
  if (TOO_MUCH.test(message))
    return message.replace(TOO_MUCH, 'makes too much text or too long a list for so short a sample; shorten its ranges and loops');
  const [, what, name] = /^undefined (variable|filter): ([^\s(]+)/.exec(message) ?? /^(tag) "([^"]+)" not found/.exec(message) ?? [];
  if (!what || !name) return message;
  const known = what === 'variable' ? variables : Object.keys(what === 'filter' ? engine.filters : engine.tags);
  if ([...FILE_TAGS, ...IMPURE_FILTERS].includes(name))
    return `${message}; it is left out here, so that a template gives the same text every time`;
  const near = nearestName(name, known);
  if (near) return `${message}; did you mean ${near}?`;
  return what === 'variable' ? `${message}; there are ${variables.join(', ')}` : message;
}
