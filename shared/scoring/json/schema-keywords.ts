/** The keywords of JSON Schema about lists, objects, and values that several schemas are for; `schema-values.ts` has the rest. */
import { isPlainObject } from '../../domain/plain-object.ts';
import { first, must, within, type Compiler, type Fault, type Judge, type Keyword, type Run } from './schema-judge.ts';
import { regexOf, textOf, VALUE_KEYWORDS } from './schema-values.ts';

/** The first fault of the items that a judge is for. */
const faultOfItems = (judgeAt: (at: number) => Judge | undefined, value: unknown, run: Run): Fault =>
  Array.isArray(value)
    ? first(value.entries(), ([at, item]) => {
        const judge = judgeAt(at);
        return judge && within(judge, item, at, run);
      })
    : undefined;

/** The first fault of the members that judges are for. */
const faultOfMembers = (judgesOf: (key: string) => readonly Judge[], value: unknown, run: Run): Fault =>
  isPlainObject(value)
    ? first(Object.entries(value), ([key, member]) => first(judgesOf(key), (judge) => within(judge, member, key, run)))
    : undefined;

function listOf(rule: unknown, { inner, refuse }: Compiler): Judge[] {
  if (!Array.isArray(rule) || rule.length === 0) return refuse('must be a list of schemas');
  return rule.map((schema, i) => inner(schema, i));
}

function mapOf(rule: unknown, { inner, refuse }: Compiler): Map<string, Judge> {
  if (!isPlainObject(rule)) return refuse('must be an object of schemas by name');
  return new Map(Object.entries(rule).map(([name, schema]) => [name, inner(schema, name)]));
}

function namesOf(rule: unknown, { refuse }: Compiler): string[] {
  if (!Array.isArray(rule) || !rule.every((name) => typeof name === 'string')) return refuse('must be a list of names');
  return rule;
}

const passing = (judges: readonly Judge[], value: unknown, run: Run): number =>
  judges.filter((judge) => judge(value, run) === undefined).length;

/** Members that neither `properties` nor `patternProperties` beside it are for. */
function isOther({ siblings, refuse }: Compiler): (key: string, run: Run) => boolean {
  const named = isPlainObject(siblings['properties']) ? siblings['properties'] : {};
  const patterns = isPlainObject(siblings['patternProperties']) ? Object.keys(siblings['patternProperties']) : [];
  const regexes = patterns.map((pattern) => regexOf(pattern, { refuse }));
  return (key, run) => !Object.hasOwn(named, key) && !regexes.some((fits) => fits(key, run));
}

const NONE: readonly Judge[] = [];
const pass: Judge = () => undefined;

const TABLE: Record<string, Keyword> = {
  ...VALUE_KEYWORDS,

  $defs: (rule, compiler) => (mapOf(rule, compiler), pass),
  definitions: (rule, compiler) => (mapOf(rule, compiler), pass),

  items: (rule: unknown, compiler) => {
    if (Array.isArray(rule)) return TABLE['prefixItems']!(rule as never, compiler);
    const judge = compiler.inner(rule);
    const { prefixItems } = compiler.siblings;
    const before = Array.isArray(prefixItems) ? prefixItems.length : 0;
    return (value, run) => faultOfItems((at) => (at < before ? undefined : judge), value, run);
  },
  prefixItems: (rule, compiler) => {
    const judges = listOf(rule, compiler);
    return (value, run) => faultOfItems((at) => judges[at], value, run);
  },
  additionalItems: (rule, compiler) => {
    const judge = compiler.inner(rule);
    const { items: listed } = compiler.siblings;
    // Without a list of schemas for the first items it has no say.
    return Array.isArray(listed) ? (value, run) => faultOfItems((at) => (at < listed.length ? undefined : judge), value, run) : pass;
  },
  contains: (rule, { inner, siblings: { minContains = 1, maxContains = Infinity }, refuse }) => {
    const judge = inner(rule);
    if (typeof minContains !== 'number' || typeof maxContains !== 'number') return refuse('has bounds beside it that are no numbers');
    return (value, run) => {
      if (!Array.isArray(value)) return undefined;
      const count = value.filter((item, at) => within(judge, item, at, run) === undefined).length;
      return count >= minContains && count <= maxContains ? undefined : must(run, 'contain what is asked for');
    };
  },
  uniqueItems: (rule: unknown) => (value, run) =>
    rule !== true || !Array.isArray(value) || new Set(value.map((item) => textOf(item, run))).size === value.length
      ? undefined
      : must(run, 'have no item twice'),

  properties: (rule, compiler) => {
    const judges = new Map(Array.from(mapOf(rule, compiler), ([name, judge]) => [name, [judge]]));
    return (value, run) => faultOfMembers((key) => judges.get(key) ?? NONE, value, run);
  },
  patternProperties: (rule, compiler) => {
    const judges = Array.from(mapOf(rule, compiler), ([pattern, judge]) => ({ fits: regexOf(pattern, compiler), judge }));
    return (value, run) => faultOfMembers((key) => judges.filter(({ fits }) => fits(key, run)).map(({ judge }) => judge), value, run);
  },
  additionalProperties: (rule, compiler) => {
    const judges = [compiler.inner(rule)];
    const applies = isOther(compiler);
    return (value, run) => faultOfMembers((key) => (applies(key, run) ? judges : NONE), value, run);
  },
  propertyNames: (rule, { inner }) => {
    const judge = inner(rule);
    return (value, run) => (isPlainObject(value) ? first(Object.keys(value), (key) => within(judge, key, key, run)) : undefined);
  },
  required: (rule, compiler) => {
    const names = namesOf(rule, compiler);
    return (value, run) => {
      const missing = isPlainObject(value) ? names.find((name) => !Object.hasOwn(value, name)) : undefined;
      return missing === undefined ? undefined : must(run, `have the member ${JSON.stringify(missing)}`);
    };
  },
  dependentRequired: (rule: unknown, compiler) => {
    if (!isPlainObject(rule)) return compiler.refuse('must be an object of lists of names');
    const judges = Object.entries(rule).map(([name, names]) => ({ name, judge: TABLE['required']!(names as never, compiler) }));
    return (value, run) =>
      isPlainObject(value) ? first(judges, ({ name, judge }) => (Object.hasOwn(value, name) ? judge(value, run) : undefined)) : undefined;
  },

  allOf: (rule, compiler) => {
    const judges = listOf(rule, compiler);
    return (value, run) => first(judges, (judge) => judge(value, run));
  },
  anyOf: (rule, compiler) => {
    const judges = listOf(rule, compiler);
    return (value, run) =>
      judges.some((judge) => judge(value, run) === undefined) ? undefined : must(run, 'fit one of the schemas of anyOf');
  },
  oneOf: (rule, compiler) => {
    const judges = listOf(rule, compiler);
    return (value, run) => (passing(judges, value, run) === 1 ? undefined : must(run, 'fit exactly one of the schemas of oneOf'));
  },
  not: (rule, { inner }) => {
    const judge = inner(rule);
    return (value, run) => (judge(value, run) === undefined ? must(run, 'not fit the schema of not') : undefined);
  },
  if: (rule, { inner, siblings }) => {
    const condition = inner(rule);
    const [yes, no] = [inner(siblings['then'] ?? true), inner(siblings['else'] ?? true)];
    return (value, run) => (condition(value, run) === undefined ? yes : no)(value, run);
  },
};

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(Object.entries(TABLE));
