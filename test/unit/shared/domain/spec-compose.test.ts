import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { mergePlain } from '../../../../shared/domain/plain-object.ts';
import { composeSpec, type SpecSource } from '../../../../shared/domain/spec-compose.ts';
import { applySetting, parseSetting } from '../../../../shared/domain/spec-set.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';
import type { EvaluationSpec } from '../../../../shared/domain/spec.ts';

const BASE = `name: base
benchmarks:
  - benchmark: b
    dataset: {uri: "file:t.jsonl"}
    prompt: {num_fewshot: 1, fewshot: {uri: "file:../shots.jsonl"}}
    scorers: [match]
models: [{model: mock/a}, {model: mock/b}]
retry: {max_retries: 3, attempt_timeout: 9}
metadata: {team: x, note: y}
`;

/** Composes the file `main.yaml` of a set of files in folders. */
function compose(files: Record<string, string>, settings: string[] = []): Promise<EvaluationSpec> {
  const source = (name: string): SpecSource => {
    const text = files[name];
    if (text === undefined) throw new AppError('invalid', `there is no file ${name}; correct the path`);
    const folder = name.split('/').slice(0, -1);
    return { name, text, relocate: (path) => (path.startsWith('/') ? path : [...folder, path].join('/')) };
  };
  // oxlint-disable-next-line typescript/require-await -- what it throws must be a rejection
  const load = async (reference: string, from: SpecSource): Promise<SpecSource> =>
    source([...from.name.split('/').slice(0, -1), reference].join('/'));
  return composeSpec(source('main.yaml'), { load, settings });
}
const faultOf = async (files: Record<string, string>, settings: string[] = []): Promise<string> =>
  compose(files, settings).then(
    () => 'no fault',
    (error: unknown) => {
      expect(error).toBeInstanceOf(AppError);
      return (error as AppError).message;
    },
  );

describe('extends', () => {
  it('merges objects, replaces the rest, and takes out with null', async () => {
    const spec = await compose({
      'main.yaml':
        'extends: bases/base.yaml\nname: mine\nmodels: [{model: mock/c}]\nretry: {max_retries: 5}\nmetadata: {note: null, own: 1}\n',
      'bases/base.yaml': BASE,
    });
    expect(spec).toMatchObject({ name: 'mine', models: [{ model: 'mock/c' }], retry: { max_retries: 5, attempt_timeout: 9 } });
    expect(spec.metadata).toEqual({ team: 'x', own: 1 });
    expect(spec.benchmarks[0]!.dataset.uri).toBe('file:bases/t.jsonl');
    expect(spec.benchmarks[0]!.prompt.fewshot!.uri).toBe('file:bases/../shots.jsonl');
    expect(spec).not.toHaveProperty('extends');
  });

  it('takes several, each with bases of its own, the last one winning', async () => {
    const spec = await compose({
      'main.yaml': 'extends: [a.yaml, b.yaml]\n',
      'a.yaml': BASE,
      'b.yaml': 'extends: c.yaml\npriority: 2\n',
      'c.yaml': 'priority: 1\nname: c\n',
    });
    expect(spec).toMatchObject({ name: 'c', priority: 2 });
  });

  it('leaves a spec without bases as it is', async () => {
    const text = BASE.replace('note: y', 'note: null');
    expect(await compose({ 'main.yaml': text })).toEqual(parseSpecText(text, 'main.yaml'));
  });

  it('names the file, line and column that a fault comes from', async () => {
    const message = await faultOf({
      'main.yaml': 'extends: base.yaml\nname: mine\nmodels:\n  - model: mocka\n',
      'base.yaml': BASE.replace('max_retries', 'max_retrys').replace('[match]', '[mtach]'),
    });
    expect(message.split('\n').map((line) => line.trim())).toEqual([
      'spec has 3 faults:',
      'base.yaml:6:15 benchmarks[0].scorers[0]: is "mtach", but there is no such scorer; did you mean "match"?',
      'base.yaml:8:9 retry.max_retrys: there is no field "max_retrys" here; did you mean "max_retries"?',
      'main.yaml:4:5 models[0].model: is "mocka", must be provider/name without spaces, such as openai/gpt-4o-mini',
    ]);
    // A list replaced what a base had: what is missing in it is missing here.
    expect(
      await faultOf({ 'main.yaml': 'extends: base.yaml\nbenchmarks:\n  - benchmark: z\n    scorers: [match]\n', 'base.yaml': BASE }),
    ).toBe('spec: main.yaml:3:5 benchmarks[0].dataset: is missing; give it an object with named fields');
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ 'main.yaml': 'extends: main.yaml\n' }, /main.yaml:1:1 extends: comes back to main.yaml \(main.yaml → main.yaml\)/],
    [
      { 'main.yaml': 'extends: a.yaml\n', 'a.yaml': 'extends: [b.yaml]\n', 'b.yaml': 'extends: a.yaml\n' },
      /b.yaml:1:1 extends: comes back to a.yaml/,
    ],
    [{ 'main.yaml': 'name: x\nextends: no.yaml\n' }, /main.yaml:2:1 extends: there is no file no.yaml/],
    [{ 'main.yaml': 'extends: 5\n' }, /extends: is 5, must be the name of a file/],
    [{ 'main.yaml': 'extends: []\n' }, /extends: is a list, must be the name/],
    [{ 'main.yaml': 'extends: a.yaml\n', 'a.yaml': 'x: [\n' }, /a.yaml:2:1: is no valid YAML/],
    [
      Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i === 0 ? 'main.yaml' : `${i}.yaml`, `extends: ${i + 1}.yaml\n`])),
      /10 files deep/,
    ],
    [
      Object.fromEntries(
        Array.from({ length: 9 }, (_, i) => [
          i === 0 ? 'main.yaml' : `${i}.yaml`,
          i < 8 ? `extends: [${i + 1}.yaml, ${i + 1}.yaml]\n` : 'name: x\n',
        ]),
      ),
      /more than 100 files/,
    ],
  ])('says what is wrong: %#', async (files, message) => {
    expect(await faultOf(files)).toMatch(message);
  });
});

describe('settings', () => {
  it('set what was, what was not, and take out', async () => {
    const spec = await compose({ 'main.yaml': BASE }, [
      'models[1].generate_config.temperature=0.2',
      'epochs={count: 2, reducers: [max]}',
      'metadata["a.b"]=x',
      'metadata.note=null',
      'benchmarks[0].scorers[1]=includes',
      'models[0]=null',
      'name="007"',
    ]);
    expect(spec.models).toMatchObject([{ model: 'mock/b', generate_config: { temperature: 0.2 } }]);
    expect(spec.benchmarks[0]!.scorers.map((scorer) => scorer.name)).toEqual(['match', 'includes']);
    expect(spec).toMatchObject({ name: '007', epochs: { count: 2 }, metadata: { team: 'x', 'a.b': 'x' } });
    expect(spec.metadata).not.toHaveProperty('note');
  });

  it.each([
    ['noequals', '--set noequals: is no PATH=VALUE'],
    ['=5', '--set: is no PATH=VALUE'],
    ['a..b=5', '--set a..b: is no PATH=VALUE (it cannot be read from character 2 on)'],
    ['a[x]=5', 'is no PATH=VALUE'],
    ['[0]=5', 'is no PATH=VALUE'],
    ['name=', '--set name: has no value after the ='],
    ['name=[1', '--set name: has a value that is no YAML; put it into quotes'],
    ['epohcs=2', '--set epohcs: there is no field "epohcs" here; did you mean "epochs"?'],
    ['epochs=0', '--set epochs: is 0, must be at least 1'],
    ['epochs={count: 0, reducers: [max]}', '--set epochs epochs.count: is 0, must be at least 1'],
    ['models[5].model=mock/c', '--set models[5].model: takes item 5 of models, which has 2; the next one is models[2]'],
    ['models.model=mock/c', 'takes "model" of models, which is a list; say which item, as in models[0].model'],
    [
      'benchmarks[0].scorers[0].args.numeric=true',
      'goes into benchmarks[0].scorers[0], which is "match" and has nothing inside; set it whole',
    ],
    ['__proto__.x=1', '__proto__: there is no field "__proto__" here'],
  ])('say what is wrong with %s', async (setting, message) => {
    const told = (await faultOf({ 'main.yaml': BASE }, [setting])).replace(/^spec: /, '');
    expect(told).toContain(message);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  const key = fc.oneof(fc.constantFrom('a', 'b', 'c-d', '__proto__', 'constructor'), fc.string({ minLength: 1 }));
  const path = fc.tuple(key, fc.array(key, { maxLength: 4 })).map(([first, rest]) => [first, ...rest]);
  const isPlain = (name: string): boolean => /^[^.[\]="'\s]+$/.test(name);

  it('what is set is there, and all else stays', () => {
    fc.assert(
      fc.property(path, fc.jsonValue(), (keys, value) => {
        fc.pre(value !== null && isPlain(keys[0]!));
        const written = keys.map((name, i) => (isPlain(name) ? `${i > 0 ? '.' : ''}${name}` : `[${JSON.stringify(name)}]`)).join('');
        const setting = parseSetting(`${written}=${JSON.stringify(value)}`);
        expect(setting.path).toEqual(keys);
        const root: Record<string, unknown> = { other: { kept: 1 } };
        fc.pre(keys[0] !== 'other');
        applySetting(root, setting);
        const found = keys.reduce<unknown>((inner, name) => {
          expect(Object.hasOwn(inner as object, name)).toBe(true);
          return Object.getOwnPropertyDescriptor(inner, name)!.value as unknown;
        }, root);
        expect(JSON.stringify(found)).toBe(JSON.stringify(setting.value));
        expect(root['other']).toEqual({ kept: 1 });
        expect(({} as Record<string, unknown>)['kept']).toBeUndefined();
      }),
    );
  });

  it('throw nothing but AppError, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom('a', '.', '[', ']', '0', '=', '"', '{', ':', ' ')).map((t) => t.join('')),
        ),
        (text) => {
          try {
            applySetting({ a: [{ a: 1 }] }, parseSetting(text));
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('mergePlain', () => {
  it('keeps its arguments, and what is merged last wins', () => {
    const value = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue());
    fc.assert(
      fc.property(value, value, (base, over) => {
        const before = JSON.stringify([base, over]);
        const merged = mergePlain(base, over) as Record<string, unknown>;
        expect(JSON.stringify([base, over])).toBe(before);
        for (const [name, own] of Object.entries(over)) {
          if (own === null) expect(Object.hasOwn(merged, name)).toBe(false);
          else if (typeof own !== 'object') expect(Object.getOwnPropertyDescriptor(merged, name)!.value).toBe(own);
        }
        for (const name of Object.keys(base)) if (!Object.hasOwn(over, name)) expect(Object.hasOwn(merged, name)).toBe(true);
      }),
    );
  });
});
