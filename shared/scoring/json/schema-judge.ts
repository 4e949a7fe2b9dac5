/** What the keywords of a JSON Schema are made into. */

/** The first thing that is wrong with a value, in words; undefined: it is valid. */
export type Fault = string | undefined;
export type Judge = (value: unknown, run: Run) => Fault;

/** One validation under way. */
export interface Run {
  /** Where in the answer the value lies. */
  readonly path: (string | number)[];
  steps: number;
  depth: number;
}

/** What a keyword may ask for while it is compiled. */
export interface Compiler {
  /** A schema inside the schema, at a place below the keyword. */
  inner(schema: unknown, ...place: (string | number)[]): Judge;
  /** The members of the schema that the keyword is one of: some keywords work together. */
  readonly siblings: Record<string, unknown>;
  refuse(problem: string): never;
}

/** Gets its rule and gives a judge. */
export type Keyword = (rule: never, compiler: Compiler) => Judge;

/** References can make a small schema look at a value again and again; a million looks are about a second. */
const MAX_STEPS = 1_000_000;

/** Counts work. Throws when it becomes too much. */
export function spend(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > MAX_STEPS) throw new Error(`the JSON Schema needs more than ${MAX_STEPS} steps for this answer`);
}

export const placeOf = ({ path }: Run): string => (path.length === 0 ? 'the answer' : path.join('.'));

export const must = (run: Run, what: string): string => `${placeOf(run)} must ${what}`;

/** Judges a part of a value. */
export function within(judge: Judge, value: unknown, place: string | number, run: Run): Fault {
  run.path.push(place);
  const fault = judge(value, run);
  run.path.pop();
  return fault;
}

/** The fault of the first that has one. */
export function first<Item>(items: Iterable<Item>, faultOf: (item: Item) => Fault): Fault {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
