/** The commands as a person uses them one after the other, on a fleet of real processes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliHome, sumsSpec, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';

let fleet: Fleet;
let cli: CliHome;
let address: string;
beforeAll(async () => {
  fleet = await Fleet.start();
  cli = await cliHome();
  ({ address } = await fleet.coordinator());
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
});

/** Within this process, which is what most commands cost; those that start or follow work are processes. */
async function ok(...args: string[]): Promise<string> {
  const command = ['submit', 'requeue', 'results'].includes(args[0]!) ? cli.run : cli.inside;
  const { code, stdout, stderr } = await command([...args, '--address', address]);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}
const until = (what: () => Promise<string>, pattern: RegExp): Promise<void> =>
  expect.poll(what, { timeout: 60_000, interval: 200 }).toMatch(pattern);

test('an evaluation waits for its agent, is changed, paused, resumed, read, requeued and deleted', { timeout: 240_000 }, async () => {
  const spec = await sumsSpec(cli, {
    samples: 30,
    mock: { accuracy: 1, error_rate: { server_error: 0.3 }, seed: 5 },
    extra: 'retry: {max_retries: 0}\n',
  });
  expect(await ok('validate', spec)).toMatch(/sums\.yaml is valid: 30 units[^]*no connected agent could work on:\n {2}model=mock\/one/);
  const id = (await ok('submit', spec, '--tag', 'nightly', '--meta', 'ci.branch=main', '--owner', 'ada', '--quiet')).trim();

  // Nobody works yet.
  expect(await ok('list', '--tag', 'nightly', '--meta', 'ci.branch=main', '--owner', 'ada', '-o', 'name')).toBe(`${id}\n`);
  expect(await ok('list', '--tag', 'weekly', '-o', 'name')).toBe('');
  await until(() => ok('routes', '--without-agent'), /model=mock\/one +no agent +30/);
  expect(await ok('update', id, '--priority', '1', '--tag', 'changed')).toMatch(/tags +changed\n[^]*priority +1 /);
  expect(await ok('pause', 'last', '--reason', 'not yet')).toBe('paused\n');
  expect(await ok('show', id.slice(0, 12))).toMatch(/^sums {2}paused {2}ev_/);
  expect(await ok('skip', id, '--id', 's0', '--id', 's1')).toBe('2\n');
  expect(await ok('resume', '--state', 'paused', '--yes')).toMatch(new RegExp(`^${id} running\n$`));

  await fleet.agent('north', [address], { models: [{ match: 'mock/*', provider: 'mock' }] });
  const watched = await cli.run(['watch', id, '--address', address]);
  expect({ code: watched.code, stderr: watched.stderr }).toMatchObject({ code: 0 });
  expect(watched.stdout).toMatch(/benchmark +model +scorer +accuracy/);

  const errored = (await ok('samples', id, '--state', 'errored', '-o', 'name', '--limit', '100')).trim().split('\n').filter(Boolean);
  expect(errored.length).toBeGreaterThan(0);
  expect(await ok('sample', id, errored[0]!)).toMatch(/errored[^]*\nuser\n {2}What is \d+ \+ \d+\?\n[^]*\nerror\n {2}server_error/);
  expect(await ok('samples', id, '--state', 'cancelled', '-o', 'name')).toBe('0\n1\n');
  const csv = (await ok('results', id, '--format', 'csv')).trim().split('\r\n');
  expect(csv[0]).toContain(',score_match,');
  // What was never run has no result.
  expect(csv).toHaveLength(1 + 28);

  await until(() => ok('agents'), /north +ready/);
  expect(await ok('agent', 'drain', 'north', '--reason', 'test')).toMatch(/^north drained\n$/);
  expect(await ok('agent', 'show', 'north')).toMatch(/reason +test/);
  expect(await ok('agent', 'undrain', 'north')).toMatch(/^north ready/);
  expect(await ok('cluster', '--once')).toMatch(/1 coordinator {2}1 agent connected/);

  expect(await ok('requeue', id)).toBe(`${errored.length}\n`);
  await until(() => ok('show', id), /^sums {2}succeeded/);
  expect(await ok('report', id)).toMatch(/30 units = /);
  expect(await ok('delete', id, '--yes')).toBe('deleted\n');
  expect((await cli.run(['show', id, '--address', address])).code).toBe(2);
});
