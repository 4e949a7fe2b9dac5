import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import type { Shot } from '../../../../shared/domain/manifest.ts';
import { compileBenchmark, shotOf, type CompiledBenchmark, type Sample } from '../../../../shared/domain/sample.ts';
import { benchmarkSchema } from '../../../../shared/domain/spec.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';

const compile = (rest: Record<string, unknown> = {}, fewshot: Shot[] = []): CompiledBenchmark =>
  compileBenchmark(benchmarkSchema.parse({ benchmark: 'b', dataset: { uri: 'file:a.jsonl' }, scorers: ['match'], ...rest }), fewshot);
const map = (record: unknown, fields: Record<string, unknown> = {}, dataset: Record<string, unknown> = {}): Sample =>
  compile({ dataset: { uri: 'file:a.jsonl', fields, ...dataset } }).map(JSON.stringify(record), 3);
const user = (content: unknown) => ({ role: 'user', content });
const question = { input: 'q?', target: 'B', choices: ['red', 'blue', 'green'] };

describe('fields', () => {
  it('are paths, through lists as well', () => {
    const record = { a: { text: ['x', 'y'] }, target: 't', 'b[0]': 'by name', b: ['by path'] };
    expect(map(record, { input: 'a.text[1]' }).input).toBe('y');
    expect(map(record, { input: 'a.text.0' }).input).toBe('x');
    expect(map(record, { input: 'b[0]' }).input).toBe('by name');
    for (const input of ['a.text[2]', 'a.text.length', 'a.text[-1]', 'a.constructor', '__proto__', 'target.length'])
      expect(() => map(record, { input })).toThrow(/has no field/);
  });

  it('are templates over the line', () => {
    const record = { context: 'c', q: 'q', answers: ['a'], key: 4, options: { a: 'x', b: 'y' }, list: ['x', 1] };
    expect(
      map(record, {
        input: '{{ context }}: {{ q }}',
        target: '{{ answers | first | upcase }}',
        id: 'k-{{ key }}',
        choices: '{{ list | json }}',
      }),
    ).toEqual({ id: 'k-4', input: 'c: q', target: ['A'], choices: ['x', '1'], metadata: {} });
    expect(() => map(record, { input: '{{ nope }}', target: 'q' })).toThrow(/^dataset.fields.input: undefined variable: nope/);
    for (const choices of ['{{ q }}', '{{ options | json }}', '{{ "[[[[1]]]]" }}'])
      expect(() => map(record, { input: 'q', target: 'q', choices })).toThrow(/makes no list of text/);
  });

  it('are harmless under any name', () => {
    const line = '{"input": "q", "target": "t", "__proto__": {"x": 1}, "metadata": {"__proto__": {"polluted": 1}}}';
    const sample = compile().map(line, 1);
    expect(sample.metadata['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(compile({ dataset: { uri: 'file:a', fields: { metadata: ['__proto__'] } } }).map(line, 1).metadata).toEqual(
      Object.fromEntries([['__proto__', { x: 1 }]]),
    );
  });

  it('say what JSON lacks, and refuse half characters in ids', () => {
    expect(() => compile().map('{"input": NaN, "target": 1}', 1)).toThrow(/JSON knows no NaN; write null/);
    expect(map({ ...question, id: 'a\ud800' }).id).toBe(3);
    expect(() => map({ ...question, k: 'a\ud800' }, { id: 'k' })).toThrow(/has half a character in the field "k"/);
    expect(map({ ...question, id: '../../etc/passwd' }).id).toBe('../../etc/passwd');
  });
});

describe('messages as input', () => {
  const chat = [
    { role: 'developer', content: 'own' },
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'two' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'three' },
        { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } },
      ],
    },
  ];

  it('are read from both forms', () => {
    const parts = [
      { type: 'text', text: 'a' },
      'b',
      { type: 'image', image: 'data:image/png;base64,AAAA' },
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      { type: 'audio', audio: 'data:audio/mpeg;base64,UklGRg==', format: 'mp3' },
    ];
    expect(map({ input: [{ role: 'user', content: parts }], target: 't' }).input).toEqual([
      user([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
        { type: 'image', url: 'data:image/png;base64,AAAA' },
        { type: 'audio', data: 'UklGRg==', format: 'wav' },
        { type: 'audio', data: 'UklGRg==', format: 'mp3' },
      ]),
    ]);
  });

  it('stay as they are by default, and a template makes the last text', () => {
    const sample = map({ input: chat, target: 't' });
    const image = { type: 'image', url: 'https://x/y.png', detail: 'low' };
    const head = [{ role: 'system', content: 'own' }, user('one'), { role: 'assistant', content: 'two' }];
    expect(compile().messages(sample, 1)).toEqual({ messages: [...head, user([{ type: 'text', text: 'three' }, image])] });
    expect(compile({ prompt: { template: 'Q: {{ input }}', system_message: 'spec' } }).messages(sample, 1).messages).toEqual([
      { role: 'system', content: 'spec' },
      ...head,
      user([{ type: 'text', text: 'Q: three' }, image]),
    ]);
    const templated = map({ input: chat, target: 't' }, {}, { input_template: '{{ input }}!' });
    expect(templated.input.at(-1)).toEqual(user([{ type: 'text', text: 'three!' }, image]));
    expect(sample.input).toHaveLength(4);
  });

  it.each<[unknown, RegExp]>([
    [[{ role: 'tool', content: 'x' }], /^input\[0\].role is "tool", must be system, user or assistant/],
    [[{ role: 'user' }], /^input\[0\].content is missing, must be text or a list of parts/],
    [[{ role: 'assistant', content: 'x' }], /^input has no message of the role user/],
    [[{ role: 'user', content: [{ type: 'video', video: 'x' }] }], /^input\[0\].content\[0\].type is "video"/],
    [[{ role: 'user', content: [{ type: 'image', image: '/etc/passwd' }] }], /must be an https URL or a data URL/],
    [[{ role: 'user', content: [{ type: 'audio', audio: 'a.wav', format: 'wav' }] }], /must be sound as base64/],
    [[{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'flac' } }] }], /no known format/],
    [
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '', tool_calls: [{}] },
      ],
      /^input\[1\].tool_calls cannot be sent/,
    ],
  ])('are refused where they are wrong: %j', (input, message) => {
    expect(() => map({ input, target: 't' })).toThrow(message);
  });

  it('throw nothing but AppError', () => {
    const part = fc.record({
      type: fc.constantFrom('text', 'image', 'audio', 'x'),
      text: fc.jsonValue(),
      image: fc.jsonValue(),
      audio: fc.jsonValue(),
    });
    const message = fc.record({ role: fc.constantFrom('user', 'system', 'x'), content: fc.oneof(fc.jsonValue(), fc.array(part)) });
    fc.assert(
      fc.property(fc.array(fc.oneof(message, fc.jsonValue())), (input) => {
        try {
          expect(compile().messages(map({ input, target: 't' }), 1).messages.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

describe('examples', () => {
  const shots: Shot[] = [1, 2, 3].map((n) => ({ ordinal: n, user: `q${n}`, target: `a${n}` }));
  const sample = map({ input: 'mine', target: 't' });

  it('stand as text in front of the prompt', () => {
    const benchmark = compile({ prompt: { num_fewshot: 2, template: 'Q: {{ input }}' } }, shots);
    expect(benchmark.messages(sample, 9).messages).toEqual([user('q1 a1\n\nq2 a2\n\nQ: mine')]);
    // A sample is never its own example.
    expect(benchmark.messages(sample, 1).messages).toEqual([user('q2 a2\n\nq3 a3\n\nQ: mine')]);
    expect(benchmark.messages(sample, 3).messages).toEqual([user('q1 a1\n\nq2 a2\n\nQ: mine')]);
  });

  it('stand as turns, and begin as the answer does', () => {
    const prompt = { num_fewshot: 1, fewshot: { as_multiturn: true }, system_message: 's', gen_prefix: 'So:' };
    const benchmark = compile({ prompt }, shots);
    expect(benchmark.messages(sample, 1)).toEqual({
      messages: [{ role: 'system', content: 's' }, user('q2'), { role: 'assistant', content: 'So: a2' }, user('mine')],
      prefill: 'So:',
    });
    const chat = map({ input: [{ role: 'system', content: 'own' }, user('x')], target: 't' });
    expect(benchmark.messages(chat, 9).messages.map((message) => message.content)).toEqual(['s', 'own', 'q1', 'So: a1', 'x']);
  });

  it('stand in the system message, behind what it says', () => {
    const inSystem = { num_fewshot: 2, fewshot: { in_system_message: true } };
    const system = (prompt: object, ordinal: number): unknown =>
      compile({ prompt }, shots)
        .messages(sample, ordinal)
        .messages.map(({ role, content }) => `${role}: ${content as string}`);
    expect(system(inSystem, 9)).toEqual(['system: q1 a1\n\nq2 a2', 'user: mine']);
    expect(system({ ...inSystem, system_message: 'Be brief.' }, 9)).toEqual(['system: Be brief.\n\nq1 a1\n\nq2 a2', 'user: mine']);
    // A sample is never its own example there either.
    expect(system(inSystem, 1)).toEqual(['system: q2 a2\n\nq3 a3', 'user: mine']);
    expect(system({ ...inSystem, num_fewshot: 0 }, 9)).toEqual(['user: mine']);
    const drawn = { num_fewshot: 1, fewshot: { in_system_message: true, sampler: 'lm_eval' } };
    expect(new Set([1, 2, 3, 4, 5, 6].map((ordinal) => String(system(drawn, ordinal)))).size).toBeGreaterThan(1);
  });

  it('by a template are shown as it makes them, with nothing behind', () => {
    const prompt = { num_fewshot: 2, gen_prefix: 'So:', fewshot: { template: '{{ input }}', delimiter: '\n' } };
    const own = shots.map(({ user: text, ordinal }) => ({ ordinal: ordinal!, user: text, target: '' }));
    expect(compile({ prompt }, own).messages(sample, 9).messages).toEqual([user('q1\nq2\nmine')]);
  });

  it('are made of lines as prompts are', () => {
    const own = compile({ prompt: { template: 'Q: {{ input }}', num_fewshot: 1 } });
    expect(shotOf(own, '{"input": "q", "target": ["a", "b"]}', 5)).toEqual({ ordinal: 5, user: 'Q: q', target: 'a' });
    const other = compile({ prompt: { num_fewshot: 1, fewshot: { uri: 'file:shots.jsonl' } }, solver: 'multiple_choice' });
    const shot = shotOf(other, JSON.stringify(question), 5);
    expect(shot).toMatchObject({ target: 'ANSWER: B' });
    expect(shot.ordinal).toBeUndefined();
    expect(shotOf(own, JSON.stringify({ input: [user('q')], target: 'a' }), 1).user).toBe('Q: q');
    expect(() => shotOf(own, JSON.stringify({ input: [user('q'), user('r')], target: 'a' }), 1)).toThrow(/cannot be an example/);
  });
});

describe('multiple choice', () => {
  const ask = (args: Record<string, unknown>, record: unknown = question, rest: Record<string, unknown> = {}): unknown =>
    compile({ solver: { name: 'multiple_choice', args }, scorers: ['choice'], ...rest })
      .messages(map(record), 1)
      .messages.at(-1)!.content;

  it('letters the choices and asks for a line that its scorer reads', () => {
    expect(ask({})).toMatch(/ANSWER: \$LETTER'.* A, B, C\.\n\nq\?\n\nA\) red\nB\) blue\nC\) green$/s);
    expect(ask({ cot: true })).toMatch(/step by step/);
    expect(ask({ multiple_correct: true })).toMatch(/\$LETTERS.*one or more/s);
    expect(new Set([ask({}), ask({ cot: true }), ask({ multiple_correct: true }), ask({ cot: true, multiple_correct: true })]).size).toBe(
      4,
    );
    expect(createScorer({ name: 'choice', args: {} })('Blue.\nANSWER: B', ['B'], { choices: question.choices }).value).toBe('C');
    expect(ask({}, question, { prompt: { template: 'Q: {{ input }}' } })).toMatch(/\n\nQ: q\?\n\n/);
    const many = { ...question, target: '2', choices: Array.from({ length: 28 }, (_, i) => `c${i}`) };
    expect(ask({}, many)).toMatch(/Z\) c25\n1\) c26\n2\) c27$/);
  });

  it('takes an index as its target by a template', () => {
    const dataset = { uri: 'file:a.jsonl', target_template: "{{ 'ABCDEFGH' | slice: target }}" };
    const sample = compile({ dataset }).map(JSON.stringify({ ...question, target: 2 }), 1);
    expect(sample.target).toEqual(['C']);
  });

  it('has all letters of a target in an example', () => {
    const shot = (target: unknown, rest: Record<string, unknown>): string => {
      const benchmark = compile({ solver: 'multiple_choice', ...rest });
      return benchmark.shot(benchmark.map(JSON.stringify({ ...question, target }), 1), 1).target;
    };
    expect(shot('B', { scorers: ['choice'] })).toBe('ANSWER: B');
    expect(shot(['A', 'C'], { scorers: ['choice'] })).toBe('ANSWER: A,C');
    expect(shot('AC', { solver: { name: 'multiple_choice', args: { multiple_correct: true } } })).toBe('ANSWER: A,C');
    // Any of them is right for other scorers.
    expect(shot(['A', 'C'], { scorers: ['includes'] })).toBe('ANSWER: A');
  });

  it('takes a template of its own', () => {
    expect(ask({ template: '{{ question }}|{{ letters | join: "," }}|{{ choices | join: "/" }}|{{ options }}|{{ id }}' })).toBe(
      'q?|A,B,C|red/blue/green|A) red\nB) blue\nC) green|3',
    );
  });

  it('says what a line lacks', () => {
    expect(() => ask({}, { input: 'q', target: 'A' })).toThrow(/has no choices, which the solver multiple_choice needs/);
    expect(() => ask({}, { ...question, target: 'blue' })).toThrow(/has the target "blue", which names no choice; there are A, B, C/);
    expect(() => ask({}, { ...question, target: 'D' })).toThrow(/names no choice/);
    expect(ask({}, { ...question, target: 'blue' }, { scorers: ['includes'] })).toMatch(/blue/);
  });

  it('is compiled once for any number of samples', () => {
    const benchmark = compile({ prompt: { template: 'Q: {{ input }}' }, solver: 'multiple_choice', scorers: ['choice'] });
    const line = JSON.stringify(question);
    const prompts = new Set<unknown>();
    for (let i = 1; i <= 5000; i++) prompts.add(benchmark.messages(benchmark.map(line, i), i).messages[0]!.content);
    expect(prompts.size).toBe(1);
  });
});
