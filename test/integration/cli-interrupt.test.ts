/** Ctrl-C while a coordinator does not answer: the command ends at once, tells how to go on, and exits with 130. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { BUFFERED } from '../../shared/domain/durability.ts';
import { cliHome, sumsSpec, type CliHome } from '../support/cli.ts';
import { evaluation, EVALUATION_ID, startServer } from '../support/rpc.ts';

let cli: CliHome;
let server: RpcServer | undefined;
beforeEach(async () => {
  cli = await cliHome();
});
afterEach(async () => {
  await cli.dispose();
  await server?.stop();
});

/** A stream without an item. */
const streamOf = (wait: () => Promise<never>) =>
  async function* (): AsyncGenerator<never> {
    yield await wait();
  };

type Silent = 'upload' | 'submit' | 'get' | 'report' | 'cancel' | 'watch' | 'results';
const SPEC = 'sums.yaml';

test.each<[string, Silent, string[], RegExp]>([
  ['an upload', 'upload', ['run', SPEC], /The same command goes on\.\n$/],
  ['the search for the evaluation to go on with', 'get', ['run', SPEC], /The same command goes on\.\n$/],
  ['a submit', 'submit', ['submit', SPEC], /The same submit with {2}--key submit\/[\w-]+ {2}makes it once\.\n$/],
  ['a run', 'watch', ['run', SPEC], new RegExp(`Watch it: {2}assay watch ${EVALUATION_ID} .*\\nEnd it: {2}assay cancel ${EVALUATION_ID} `)],
  ['a watch', 'watch', ['watch', EVALUATION_ID], /Stopped watching/],
  ['results', 'results', ['results', EVALUATION_ID], /^$/],
  ['a report', 'report', ['report', EVALUATION_ID], /^$/],
  ['a cancel', 'cancel', ['cancel', EVALUATION_ID], /repeat it to be sure\.\n$/],
])('ends %s', async (_, silent, args, told) => {
  await sumsSpec(cli, { samples: 3 });
  const asked = Promise.withResolvers<void>();
  const never = (): Promise<never> => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const cases: Partial<EvaluationUseCases> = {
    hasContent: async () => silent !== 'upload',
    get: async () => evaluation(),
    submit: async () => ({ evaluation: evaluation(), existed: true, durability: BUFFERED }),
    [silent]: silent === 'watch' || silent === 'results' ? streamOf(never) : never,
  };
  server = await startServer(cases);
  const run = cli.start([...args, '--address', server.address]);
  await Promise.race([asked.promise, run.ended.then(({ stderr }) => expect.fail(stderr))]);
  run.process.kill('SIGINT');
  const { code, stdout, stderr } = await run.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(told);
});
