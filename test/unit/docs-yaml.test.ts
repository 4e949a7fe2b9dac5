/** Every YAML of the pages is what it says it is: a spec or a part of one, an agent's settings, or at least YAML. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAgentConfig } from '../../agent/config.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { composeSpec, type SpecSource } from '../../shared/domain/spec-compose.ts';
import { documents, type Block } from '../support/documents.ts';

const BENCHMARK = '  - benchmark: x\n    dataset: {uri: "file:a.jsonl"}\n    scorers: [match]\n';
const MODELS = 'models: [{model: mock/a}]\n';
const OF_SPEC = new Set([
  'name',
  'extends',
  'benchmarks',
  'models',
  'epochs',
  'limits',
  'route',
  'priority',
  'fail_on_error',
  'retry_on_error',
  'concurrency',
  'cache',
  'retry',
]);
const OF_BENCHMARK = new Set(['dataset', 'prompt', 'solver', 'scorers', 'generate_config', 'metrics']);
const OF_AGENT = new Set(['addresses', 'commands', 'urls', 'sandbox', 'policy']);
/** What a page's settings need and a test has not: keys, files, programs. */
const ELSEWHERE = /cannot be read|is not set|no program that can be run|cannot be started|no \$CREDENTIALS_DIRECTORY/;

const blocks = documents()
  .flatMap((page) => page.blocks)
  .filter((block) => block.language === 'yaml');

function kindOf({ text }: Block): 'agent' | 'spec' | 'benchmark' | 'other' {
  const value = parse(text) as Record<string, unknown>;
  const keys = Object.keys(value);
  const models = value['models'] as { match?: string }[] | undefined;
  if (keys.some((key) => OF_AGENT.has(key)) || models?.some(({ match }) => match !== undefined)) return 'agent';
  if (keys.every((key) => OF_BENCHMARK.has(key))) return 'benchmark';
  return keys.some((key) => OF_SPEC.has(key)) && !keys.includes('services') ? 'spec' : 'other';
}

const of = (kind: ReturnType<typeof kindOf>): (readonly [string, Block])[] =>
  blocks.filter((block) => kindOf(block) === kind).map((block) => [block.place, block] as const);

describe('specs', () => {
  const base: SpecSource = { name: 'base.yaml', text: `name: base\nbenchmarks:\n${BENCHMARK}${MODELS}` };
  const compose = (text: string) => composeSpec({ name: 'page.md', text }, { load: () => Promise.resolve(base) });

  it('are there', () => {
    expect(of('spec').length).toBeGreaterThan(10);
    expect(of('benchmark').length).toBeGreaterThan(4);
  });

  it.each(of('spec'))('%s', async (_, { text }) => {
    // A part gets what a spec needs besides.
    const keys = Object.keys(parse(text) as object);
    const whole = keys.includes('extends')
      ? text
      : [
          keys.includes('name') ? '' : 'name: x\n',
          keys.includes('benchmarks') ? '' : `benchmarks:\n${BENCHMARK}`,
          keys.includes('models') ? '' : MODELS,
          text,
        ].join('');
    expect((await compose(whole)).benchmarks.length).toBeGreaterThan(0);
  });

  it.each(of('benchmark'))('%s (of a benchmark)', async (_, { text }) => {
    const own = Object.keys(parse(text) as object);
    const needed = [
      own.includes('dataset') ? '' : '    dataset: {uri: "file:a.jsonl"}\n',
      own.includes('scorers') ? '' : '    scorers: [match]\n',
    ].join('');
    const spec = await compose(`name: x\nbenchmarks:\n  - benchmark: x\n${needed}${text.replace(/^(?=.)/gm, '    ')}${MODELS}`);
    expect(spec.benchmarks.length).toBe(1);
  });
});

describe("agents' settings", () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-docs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are there', () => {
    expect(of('agent').length).toBeGreaterThan(5);
  });

  it.each(of('agent'))('%s', (_, { text }) => {
    const path = join(folder, 'agent.yaml');
    writeFileSync(path, text);
    const values = { addresses: ['127.0.0.1:4510'], models: [{ match: 'mock/*' }], ...(parse(text) as Record<string, unknown>) };
    let faults: readonly string[] = [];
    try {
      readAgentConfig({ file: { path, values }, environment: { PATH: process.env['PATH'] } });
    } catch (error) {
      faults = AppError.from(error).faults.map(({ place, problem }) => `${place}: ${problem}`);
      expect(faults).not.toEqual([]);
    }
    expect(faults.filter((fault) => !ELSEWHERE.test(fault))).toEqual([]);
  });
});

it('nothing else is taken for something else', () => {
  // Identities of a coordinator, which starts with them in identities.test.ts; alerts, which alerts-config.test.ts reads; a service of compose.
  expect(of('other').map(([place]) => place.replace(/:\d+$/, ''))).toEqual(['docs/access.md', 'docs/alerts.md', 'docs/install.md']);
});
