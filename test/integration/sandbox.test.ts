/** What agents say of their sandbox before they start, what is no sandbox, and that programs stay in one: all by test/release/sandbox-escapes.test.ts. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Sandbox } from '../../agent/sandbox/sandbox.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Doctor } from '../support/doctor.ts';
import { EscapeHost } from '../support/escape-host.ts';
import { KEPT, WRONG } from '../support/escapes.ts';
import { bubblewrap, mustHave, PATH } from '../support/sandbox.ts';

const host = await EscapeHost.open();

const dir = mkdtempSync(join(tmpdir(), 'assay-sandboxes-'));
let doctor: Doctor;
beforeAll(async () => {
  doctor = await Doctor.open();
});
afterAll(async () => {
  await host?.close();
  await doctor.close();
  rmSync(dir, { recursive: true, force: true });
});

/** An agent's configuration with this sandbox. */
function configOf(name: string, own: object): string {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, stringify({ addresses: ['127.0.0.1:1'], name, spool: join(dir, name), models: [{ match: 'mock/*' }], sandbox: own }));
  return file;
}
/** A program in the place of bubblewrap. */
function standIn(name: string, body: string): string {
  const file = join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(dir, 0o755);
  chmodSync(file, 0o755);
  return file;
}
const refusal = (own: { bubblewrap?: string | undefined; python?: string }): Promise<string> =>
  Sandbox.open({ kind: 'bubblewrap', bubblewrap, python: '/usr/bin/python3', maxRuns: 2, ...own }, { clock: systemClock }).then(
    () => 'it was opened',
    (error: unknown) => AppError.from(error).message,
  );

test('in a continuous integration none of this is skipped', () => {
  expect([{}, { CI: 'false' }, { CI: 'true' }, { CI: '1', ASSAY_SETUP_SANDBOX: 'none' }].map(mustHave)).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(host !== undefined || !mustHave(process.env)).toBe(true);
});

test.skipIf(!host)('doctor tells that it holds, by what --check of the agent says', async () => {
  const { findings } = await doctor.findings(['--agent-config', configOf('whole', { kind: 'bubblewrap' })], { PATH });
  expect(findings).toContainEqual(expect.objectContaining({ level: 'ok', subject: 'sandbox' }));
});

test('doctor tells what is missing, and how to get it', async () => {
  const { findings } = await doctor.findings(['--agent-config', configOf('without', { kind: 'bubblewrap', bubblewrap: './nothing' })]);
  const [said] = findings.filter(({ subject }) => subject === 'sandbox');
  expect(said).toMatchObject({ level: 'fault', says: expect.stringContaining('no code is run here') as string });
  expect(JSON.stringify(said)).toContain('apt-get install bubblewrap');
});

test('what does not hold is not used', async () => {
  expect(await refusal({ bubblewrap: undefined })).toMatch(/no bwrap in PATH; install bubblewrap/);
  expect(await refusal({ bubblewrap: standIn('refused', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1') })).toMatch(
    /No permissions to create new namespace; user namespaces must be open to this user/,
  );
  expect(await refusal({ bubblewrap: standIn('broken', 'exit 3') })).toMatch(/the sandbox did not start: it ended at once/);
  expect(await refusal({ bubblewrap: standIn('any', 'exit 0'), python: '/usr/bin/no-python' })).toMatch(
    /no-python is not there.*install Python 3/,
  );
});

test.skipIf(!host)('a program that only looks like bubblewrap is found out', async () => {
  // It runs what it is told to, without any wall.
  const open = standIn('open', 'while [ "$1" != -- ]; do shift; done; shift; cd /tmp; exec "$@"');
  const words = await refusal({ bubblewrap: open });
  for (const part of ['shows files of the host', 'shows processes of the host', 'reaches the network']) expect(words).toContain(part);
  expect(words).toMatch(/; nothing is run in it$/);
});

test.skipIf(!host || process.arch !== 'x64')('a program is kept from all that it tries', async () => {
  const names = KEPT.map((_, i) => `try_${i}`);
  const program = KEPT.map(([, body], i) => `def try_${i}(n):\n${body}\n`).join('');
  const all = `def check(candidate):
    escaped = []
    for place, one in enumerate((${names.join(', ')})):
        try: kept = one(1) == 2
        except Exception: kept = False
        if not kept: escaped.append(place)
    assert not escaped, escaped`;
  expect(await host!.run('', { program, prompt: '', test: all, entryPoint: names[0] })).toEqual({ passed: true, why: '' });
  expect(host!.harm()).toEqual([]);
});

/** The more telling ones of those that want a run of their own. */
const SAMPLE = [
  'a wrong answer',
  'an endless loop that no signal ends',
  'a fork bomb',
  '2 GB by many processes',
  'os._exit(0) while it is loaded',
  'lines that look like a verdict, on every descriptor',
  'an equal of everything',
  'the guest’s own functions replaced',
];
test.skipIf(!host).each(WRONG.filter(([name]) => SAMPLE.includes(name)))('%s fails', async (_, body, why, more) => {
  expect(await host!.run(body, more)).toEqual({ passed: false, why: expect.stringMatching(why) as string });
  expect(host!.harm()).toEqual([]);
});
