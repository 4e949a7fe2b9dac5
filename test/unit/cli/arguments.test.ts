/** What is typed, read: filters, pairs, references, words; all faults at once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../../../cli/commands/update.ts';
import { choiceOf } from '../../../cli/commands/sample.ts';
import { parseRef, resolveRef } from '../../../cli/evaluation-ref.ts';
import { evaluationFilterOf, sampleFilterOf } from '../../../cli/filters.ts';
import { Faults } from '../../../cli/flags.ts';
import { labelled, ownerOf } from '../../../cli/labels.ts';
import { linesOf } from '../../../cli/lines.ts';
import { pagesOf } from '../../../cli/pages.ts';
import { parseAnswer } from '../../../cli/score-answer.ts';
import { scorerOf } from '../../../cli/score-lines.ts';
import { splitWords } from '../../../cli/words.ts';
import type { EvaluationSummary, Page, PageRequest } from '../../../shared/client/types.ts';
import { parseSpec } from '../../../shared/domain/spec.ts';
import { idOf, NOW_MS, summary } from '../../support/cli-samples.ts';
import { allOf } from '../../support/mock-evaluation.ts';

describe('filters', () => {
  test('of evaluations', () => {
    const faults = new Faults();
    const flags = {
      state: ['running,paused', 'FAILED'],
      name: 'gsm',
      tag: ['a', 'b'],
      meta: ['ci.branch=main', 'x=a=b'],
      owner: 'ada',
      since: '2d',
    };
    expect(evaluationFilterOf(flags, NOW_MS, faults)).toEqual({
      states: ['running', 'paused', 'failed'],
      name: 'gsm',
      tags: ['a', 'b'],
      metadata: { 'ci.branch': 'main', x: 'a=b' },
      owner: 'ada',
      createdFromMs: NOW_MS - 2 * 86_400_000,
    });
    expect(() => faults.throwIfAny()).not.toThrow();
    expect(evaluationFilterOf({}, NOW_MS, faults)).toEqual({});
  });

  test('tell all that is wrong with them', () => {
    const faults = new Faults();
    evaluationFilterOf({ state: ['runing'], meta: ['=x'], since: 'soon', until: 'later' }, NOW_MS, faults);
    expect(() => faults.throwIfAny()).toThrow(
      /4 faults:\n {2}--state: 'runing' is none of accepted.*did you mean running\?\n {2}--meta: '=x' is no pair; write NAME=VALUE\n {2}--since: .*\n {2}--until: /,
    );
  });

  test('of samples', () => {
    const faults = new Faults();
    const flags = {
      state: ['open', 'errored'],
      id: ['q-1'],
      unit: ['0', '7'],
      epoch: ['2'],
      class: ['timeout,rate_limit'],
      score: ['C'],
      scorer: 'match',
      text: 'x',
      meta: ['topic=a=b', 'level=2'],
    };
    expect(sampleFilterOf(flags, faults)).toEqual({
      states: ['pending', 'generated', 'errored'],
      sampleIds: ['q-1'],
      units: [0, 7],
      epochs: [2],
      errorClasses: ['timeout', 'rate_limit'],
      scoreValues: ['C'],
      scorer: 'match',
      text: 'x',
      metadata: { topic: 'a=b', level: '2' },
    });
    expect(() => faults.throwIfAny()).not.toThrow();
    sampleFilterOf({ state: ['scored'], unit: ['x'], epoch: ['0'], scorer: 'match' }, faults, ['errored']);
    expect(() => faults.throwIfAny()).toThrow(
      /4 faults.*--state: 'scored' is none of errored.*--unit.*--epoch: '0'.*--scorer: says whose --score is meant/s,
    );
  });
});

describe('one sample', () => {
  test.each([
    ['17', {}, { unit: 17 }],
    ['17', { id: true }, { sampleId: '17' }],
    ['17', { model: 'm' }, { sampleId: '17', model: 'm' }],
    ['q-17', { benchmark: 'b', epoch: '2' }, { sampleId: 'q-17', benchmark: 'b', epoch: 2 }],
  ])('%s %j', (which, flags, choice) => expect(choiceOf(which, flags)).toEqual(choice));
  test('a number that no unit has', () => expect(() => choiceOf('4294967296', {})).toThrow(/the unit: '4294967296' is no whole number/));
  test('an epoch that is none', () => expect(() => choiceOf('q', { epoch: '0' })).toThrow(/--epoch: '0' is no whole number from 1/));
});

describe('changes', () => {
  test('are what was named', () => {
    expect(changesOf({ priority: '1', maxSamples: '0', limit: ['time=300', 'tokens=5'], tag: ['a'], meta: ['x=1'] })).toEqual({
      priority: 1,
      maxSamples: 0,
      limits: { time: 300, tokens: 5 },
      tags: ['a'],
      metadata: { x: '1' },
    });
    expect(changesOf({ tag: [''], meta: [''], limit: [''] })).toEqual({ tags: [], metadata: {}, limits: {} });
  });

  test('have their faults told at once; none is a fault too', () => {
    expect(() => changesOf({ priority: '11', maxSamples: '-1', limit: ['tim=3', 'time=0', 'tokens=1.5'] })).toThrow(
      /5 faults.*--priority: '11'.*--max-samples: '-1'.*'tim' is no limit.*time is '0', must be a number of seconds above 0.*tokens is '1.5', must be a whole number/s,
    );
    expect(() => changesOf({})).toThrow(/nothing is to be changed; say what/);
  });
});

describe('an evaluation', () => {
  const listing = (ids: string[]) => ({
    list: (_filter: unknown, page?: PageRequest): Promise<Page<EvaluationSummary>> => {
      const from = Number(page?.token ?? 0);
      const size = Math.min(page?.size ?? 50, 2);
      return Promise.resolve({
        items: ids.slice(from, from + size).map((evaluationId) => summary({ evaluationId })),
        nextToken: from + size < ids.length ? String(from + size) : '',
      });
    },
  });
  const several = listing([idOf('c'), `ev_aaaaaab${'a'.repeat(19)}`, idOf('b'), idOf('a')]);

  test('is named by its id without a question', async () => {
    const none = { list: () => Promise.reject(new Error('asked')) };
    expect(await resolveRef(none, parseRef(idOf('a')))).toBe(idOf('a'));
  });
  test('is the last one', async () => expect(await resolveRef(several, parseRef('last'))).toBe(idOf('c')));
  test('is found by the beginning of its id on any page', async () =>
    expect(await resolveRef(several, parseRef('ev_bbbbbb'))).toBe(idOf('b')));
  test('is not guessed', async () => {
    await expect(resolveRef(several, parseRef('ev_aaaaaa'))).rejects.toThrow(
      /ev_aaaaaa begins 2 evaluations \(ev_aaaaaab.*, ev_aaaa.*\); write more of the id/,
    );
    await expect(resolveRef(several, parseRef('ev_dddddd'), 'team')).rejects.toThrow(
      /no evaluation in the namespace team begins with ev_dddddd; `assay list`/,
    );
    await expect(resolveRef(listing([]), parseRef('last'))).rejects.toMatchObject({ code: 'not_found' });
  });
  test.each(['ev_x', 'ev_aaaaa', 'EV_AAAAAA', 'ev_aaaaa1', 'first', ''])('%j is none', (text) =>
    expect(() => parseRef(text)).toThrow(/is no evaluation id; one looks like/),
  );
});

describe('pages', () => {
  const fetched = (sizes: number[]) => async (page: PageRequest) => {
    sizes.push(page.size!);
    const from = Number(page.token ?? 0);
    return {
      items: Array.from({ length: page.size! }, (_, i) => from + i),
      nextToken: from + page.size! < 5000 ? String(from + page.size!) : '',
    };
  };
  test('are read as far as they are wanted, none larger than the largest', async () => {
    const sizes: number[] = [];
    expect((await allOf(pagesOf(fetched(sizes), 2500))).flat()).toHaveLength(2500);
    expect(sizes).toEqual([1000, 1000, 500]);
    expect((await allOf(pagesOf(fetched([]), 1e9))).flat()).toHaveLength(5000);
  });
  test('that lead nowhere end', async () => {
    const stuck = async () => ({ items: [1], nextToken: 'again' });
    expect((await allOf(pagesOf(stuck, 100))).flat()).toEqual([1, 1]);
  });
});

describe('labels', () => {
  const spec = parseSpec({
    name: 'x',
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:x.jsonl' }, scorers: ['match'] }],
    models: [{ model: 'mock/x' }],
    tags: ['a'],
    metadata: { k: 1, l: 2 },
  });
  test('add to those of the spec', () => {
    expect(labelled(spec, { tag: ['b', 'a'], meta: ['k=v'] })).toMatchObject({ tags: ['a', 'b'], metadata: { k: 'v', l: 2 } });
    expect(labelled(spec, {})).toEqual(spec);
    expect(() => labelled(spec, { tag: [''], meta: ['k'] })).toThrow(/2 faults/);
  });
  test('the owner is the user unless another is named', () => {
    expect(ownerOf({ owner: 'ada' }, { USER: 'bob' })).toBe('ada');
    expect(ownerOf({ owner: '' }, { USER: 'bob' })).toBe('');
    expect(ownerOf({}, { LOGNAME: 'bob' })).toBe('bob');
    expect(() => ownerOf({ owner: 'x'.repeat(201) }, {})).toThrow(/--owner: has 201 characters/);
  });
});

describe('words of a command', () => {
  test.each([
    ['python3 grader.py', ['python3', 'grader.py']],
    ['sh -c \'echo  "x" $HOME\'', ['sh', '-c', 'echo  "x" $HOME']],
    ['a "b c" d\\ e ""', ['a', 'b c', 'd e', '']],
    ['  ', []],
  ])('%j', (text, words) => expect(splitWords(text)).toEqual(words));
  test.each(["a 'b", 'a "b', 'a\\'])('%j is refused', (text) => expect(() => splitWords(text)).toThrow(/without its end|backslash/));
  test('whatever is quoted comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const typed = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
        expect(splitWords(typed)).toEqual(words);
      }),
    );
  });
});

describe('lines', () => {
  const read = (chunks: Buffer[]) =>
    allOf(
      linesOf(
        (async function* () {
          yield* chunks;
        })(),
        'x',
      ),
    );
  test('are the same however the bytes come', async () => {
    const text = 'a\r\n数学\n\n👍 end';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(Buffer.byteLength(text))), async (cuts) => {
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(await read(chunks)).toEqual(['a', '数学', '', '👍 end'].map((line, i) => ({ number: i + 1, text: line })));
      }),
    );
  });
  test('a last one needs no end, and nothing has none', async () => {
    expect(await read([Buffer.from('a\n')])).toHaveLength(1);
    expect(await read([])).toEqual([]);
  });
  test('that never end are refused', async () => {
    const endless = Array.from({ length: 65 }, () => Buffer.alloc(1024 * 1024, 97));
    await expect(read(endless)).rejects.toThrow(/x line 1: is longer than 64 MiB/);
  });
});

describe('answers to be scored', () => {
  test('have an output and targets', () => {
    expect(parseAnswer('{"output": "a", "target": "b"}', 'x')).toEqual({ output: 'a', target: ['b'], metadata: {} });
    expect(parseAnswer('{"output": "", "target": ["b", "c"], "choices": ["d"], "id": 1}', 'x')).toEqual({
      output: '',
      target: ['b', 'c'],
      choices: ['d'],
      metadata: {},
    });
  });
  test.each([
    ['{', /x line 3: is not valid JSON/],
    ['[]', /is no object/],
    ['{"target": []}', /2 faults.*output: is missing.*target: is not a list of texts/s],
    ['{"output": 1, "target": [1], "choices": "a"}', /3 faults.*output: is a number.*choices: is a string/s],
    ['{"output": "a", "target": null}', /target: is null/],
  ])('%s is refused', (text, message) => expect(() => parseAnswer(text, 'x line 3')).toThrow(message));

  test('the scorer and its arguments', () => {
    expect(scorerOf('match', '{"numeric": true}')('is 42.', ['42'])).toMatchObject({ value: 'C' });
    expect(() => scorerOf('mtch', '{}')).toThrow(/--scorer: 'mtch' is no scorer; did you mean match\?/);
    expect(() => scorerOf('command', '{}')).toThrow(/is run by an agent/);
    expect(() => scorerOf('match', '{"numerc": 1, "location": 2}')).toThrow(/--args has 2 faults.*did you mean "numeric"/s);
    expect(() => scorerOf('match', '{')).toThrow(/--args: '\{' is no JSON/);
    expect(() => scorerOf('match', '[]')).toThrow(/must be one JSON object/);
  });
});
