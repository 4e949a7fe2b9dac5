/**
 * JSON Schema for the answers of models: the keywords of draft 2020-12 that say something about a value by itself, and draft 7's forms of
 * `items` and `definitions`. A schema is compiled once; what it asks for and is not known here is a fault then, for otherwise wrong answers
 * would pass. `format` and the like are notes, as the draft has it.
 *
 * Regular expressions are searched by RE2, in linear time; what it lacks (look-around, back references) is refused.
 */
import { AppError } from '../../domain/errors.ts';
import { isPlainObject } from '../../domain/plain-object.ts';
import { first, placeOf, spend, type Compiler, type Fault, type Judge } from './schema-judge.ts';
import { KEYWORDS } from './schema-keywords.ts';

/** Words that say nothing about what is valid, or that other keywords read. */
const NOTES = new Set([
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['format', 'contentEncoding', 'contentMediaType', 'then', 'else', 'minContains', 'maxContains'],
]);

/** A schema that refers to itself without going into the answer would never end. */
const MAX_DEPTH = 1000;

/** Throws AppError invalid for a schema that is none or has a keyword that is not known here. */
export function compileSchema(root: unknown): (value: unknown) => Fault {
  const known = new Map<object, Judge>();

  function compile(schema: unknown, place: string): Judge {
    if (typeof schema === 'boolean') return schema ? () => undefined : (_, run) => `${placeOf(run)} must not be there`;
    if (!isPlainObject(schema)) throw invalid(place, 'is no JSON Schema: that is an object, true or false');
    const before = known.get(schema);
    if (before) return before;
    const judges: Judge[] = [];
    const judge: Judge = (value, run) => {
      spend(run, 1);
      if (run.depth >= MAX_DEPTH) throw new Error(`the JSON Schema refers to itself, or goes, more than ${MAX_DEPTH} levels deep`);
      run.depth++;
      const fault = first(judges, (one) => one(value, run));
      run.depth--;
      return fault;
    };
    // Known before its parts are, which may refer to it.
    known.set(schema, judge);
    for (const [keyword, rule] of Object.entries(schema)) {
      const at = `${place}/${keyword}`;
      if (NOTES.has(keyword)) continue;
      const make = KEYWORDS.get(keyword);
      const compiler: Compiler = {
        inner: (one, ...more) => compile(one, [at, ...more].join('/')),
        siblings: schema,
        refuse: (problem) => {
          throw invalid(at, problem);
        },
      };
      if (keyword === '$ref') judges.push(compile(find(root, rule, compiler), String(rule)));
      else if (make) judges.push(make(rule as never, compiler));
      else compiler.refuse('is a keyword that is not known here; take it out');
    }
    return judge;
  }

  const judge = compile(root, '#');
  return (value) => judge(value, { path: [], steps: 0, depth: 0 });
}

/** What a reference within the schema leads to: # or #/a/b. */
function find(root: unknown, reference: unknown, { refuse }: Compiler): unknown {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference))
    return refuse('must be a place within the schema, such as #/$defs/name');
  let at = root;
  for (const part of reference.split('/').slice(1)) {
    const name = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return refuse(`is ${reference}, which is not in the schema`);
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const invalid = (place: string, problem: string): AppError => new AppError('invalid', `${place} ${problem}`);
