/** The file of identities, as it is written while a coordinator runs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readIdentitiesFile } from '../../../../coordinator/identities-config.ts';
import { IdentitiesFile, type IdentitySettings } from '../../../../coordinator/identity/identities-file.ts';
import { recordingLogger } from '../../../support/rpc.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

const rule = (name: string): string => `certificates: [{dns: ${name}, scopes: [read], namespaces: [a]}]\n`;
const tls = { clientCa: Buffer.from('') };

let folder: string;
let path: string;
let file: IdentitiesFile;
let taken: string[][];
let log: ReturnType<typeof recordingLogger>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-identities-'));
  path = join(folder, 'identities.yaml');
  await writeFile(path, rule('one'));
  taken = [];
  log = recordingLogger();
  const { settings } = await readIdentitiesFile(path, tls);
  const onChange = async ({ certificates }: IdentitySettings): Promise<void> => void taken.push(certificates.map(({ san }) => san));
  file = new IdentitiesFile({
    settings,
    read: (at) => readIdentitiesFile(at, tls),
    onChange,
    clock: new SteppedClock(),
    logger: log.logger,
  });
});
afterEach(() => rm(folder, { recursive: true }));

const look = async (times = 4): Promise<void> => {
  for (let i = 0; i < times; i++) await file.look();
};
const errors = () => log.lines.filter(({ level }) => level === 'error');

test('is taken once it has looked the same twice, and not again', async () => {
  await look();
  expect(taken).toEqual([]);
  await writeFile(path, rule('two'));
  await look(1);
  expect(taken).toEqual([]);
  await look(5);
  expect(taken).toEqual([['two']]);
  await writeFile(path, `# the same\n${rule('two')}`);
  await look();
  await writeFile(path, '');
  await look();
  expect(taken).toEqual([['two'], []]);
});

test('with a fault, or gone, is refused as a whole with one line; mended, it is taken', async () => {
  await look();
  await writeFile(path, `${rule('two')}nonsense: 1\nmore: 2\n`);
  await look();
  expect(taken).toEqual([]);
  expect(errors()).toHaveLength(1);
  expect(errors()[0]!.message).toContain('refused, those before stay');
  expect(JSON.stringify(errors()[0]!.fields)).toContain('nonsense');
  await rm(path);
  await look();
  expect(errors()).toHaveLength(2);
  await writeFile(path, rule('one'));
  await look();
  expect(taken).toEqual([]);
  await writeFile(path, rule('three'));
  await look();
  expect([taken, errors().length]).toEqual([[['three']], 2]);
});
