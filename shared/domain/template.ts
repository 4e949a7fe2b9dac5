/**
 * Templates of prompts, inputs and targets: Liquid, kept to what is a pure function of its variables. No files, includes
 * or layouts, no clock, no chance; undefined variables and unknown filters are faults; time and memory of a rendering are bounded.
 */
import { Liquid, type Template as ParsedTemplate } from 'liquidjs';
import { AppError } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** Characters of a template. */
const MAX_TEMPLATE_CHARS = 1_000_000;
/** Milliseconds of one rendering; 64 MiB through several filters take about two seconds. */
const MAX_RENDER_MS = 10_000;
/** Characters (and list items) that the filters of one rendering may make. A 64 MiB input passes a dozen filters. */
const MAX_RENDER_CHARS = 1024 * 1024 * 1024;
/** Tags that read other templates. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];
/** Filters with a clock or with chance, and one whose pattern takes quadratic time. */
const IMPURE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string', 'sample', 'strip_html'];

export interface Template {
  /** Throws AppError invalid: an undefined variable, a filter that fails, a bound that is reached. */
  render(variables: Record<string, unknown>): string;
}

/** Parses a template once, for any number of renderings. Throws AppError invalid. */
export function compileTemplate(source: string): Template {
  const engine = createEngine();
  let parsed: ParsedTemplate[];
  try {
    parsed = engine.parse(source);
  } catch (error) {
    throw new AppError('invalid', `is no valid template: ${explain(error, engine, [])}`);
  }
  return {
    render(variables) {
      try {
        return String(engine.renderSync(parsed, variables));
      } catch (error) {
        throw new AppError('invalid', explain(error, engine, Object.keys(variables)));
      }
    },
  };
}

function createEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    // `{% if metadata.hint %}` may ask for what is not there.
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MAX_TEMPLATE_CHARS,
    renderLimit: MAX_RENDER_MS,
    memoryLimit: MAX_RENDER_CHARS,
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
  const [, what, name] = /^undefined (variable|filter): ([^\s(]+)/.exec(message) ?? /^(tag) "([^"]+)" not found/.exec(message) ?? [];
  if (!what || !name) return message;
  const known = what === 'variable' ? variables : Object.keys(what === 'filter' ? engine.filters : engine.tags);
  if ([...FILE_TAGS, ...IMPURE_FILTERS].includes(name))
    return `${message}; it is left out here, so that a template gives the same text every time`;
  const near = nearestName(name, known);
  if (near) return `${message}; did you mean ${near}?`;
  return what === 'variable' ? `${message}; there are ${variables.join(', ')}` : message;
}
