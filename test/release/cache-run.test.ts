/** Completions that the embedded mode keeps between two runs, under ASSAY_HOME. */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../shared/client/types.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 15;
const endpoint = new ModelEndpoint(async ({ prompt, model }) =>
  chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`),
);

let cli: CliHome;
beforeAll(async () => {
  cli = await cliHome();
  await endpoint.start();
});
afterAll(async () => {
  await endpoint.stop();
  await cli.dispose();
});

test('assay run finds what the run before has kept', async () => {
  const spec = mockSpec(digestOf(sums(SAMPLES)), { models: [{ model: 'openai/one' }], cache: true });
  const [benchmark] = spec['benchmarks'] as [{ dataset: object }];
  await writeFile(join(cli.dir, 'sums.jsonl'), sums(SAMPLES));
  const benchmarks = [{ ...benchmark, dataset: { uri: 'file:sums.jsonl', fields: { id: 'id' } } }];
  await writeFile(join(cli.dir, 'cached.yaml'), stringify({ ...spec, benchmarks }));
  const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];
  await writeFile(join(cli.dir, 'agent.yaml'), stringify({ models }));
  const once = async (): Promise<Report> => {
    const ending = await cli.run(['run', 'cached.yaml', '--agent', 'agent.yaml', '--json']);
    expect(ending).toMatchObject({ code: 0 });
    return JSON.parse(ending.stdout) as Report;
  };
  const [one, two] = [await once(), await once()];
  expect([one.usage.calls, two.usage.calls]).toEqual([SAMPLES, 0]);
  expect(two.results).toEqual(one.results);
  expect(two.cache).toMatchObject({ hits: SAMPLES });
  expect((await stat(join(cli.home.dir, 'cache'))).isDirectory()).toBe(true);
});
