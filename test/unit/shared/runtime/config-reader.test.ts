import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { readConfigFile } from '../../../../shared/runtime/config-file.ts';
import { ConfigReader, type ConfigSources } from '../../../../shared/runtime/config-reader.ts';

const reader = (sources: Partial<ConfigSources>): ConfigReader =>
  new ConfigReader({ what: 'test configuration', directory: '/cwd', ...sources });
const fileOf = (values: Record<string, unknown>): ConfigSources['file'] => ({ path: 'conf/a.yaml', values });

function faultsOf(read: (r: ConfigReader) => void, sources: Partial<ConfigSources>): string {
  const r = reader(sources);
  read(r);
  try {
    r.finish();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('invalid');
    return (error as AppError).message;
  }
  return '';
}

describe('ConfigReader', () => {
  it('prefers flags to variables to the file to the default', () => {
    const all = { flags: { maxTasks: '1' }, environment: { ASSAY_MAX_TASKS: '2' }, file: fileOf({ max_tasks: 3 }) };
    const read = (sources: Partial<ConfigSources>): number => reader(sources).int('max_tasks', { default: 4 });
    expect(read(all)).toBe(1);
    expect(read({ ...all, flags: { maxTasks: undefined } })).toBe(2);
    expect(read({ ...all, flags: {}, environment: { ASSAY_MAX_TASKS: '' } })).toBe(3);
    expect(read({ file: fileOf({ max_tasks: null }) })).toBe(4);
  });

  it('reads every kind', () => {
    const r = reader({
      flags: { wait: '1.5s', poll_ms: 1, quick: true, store: 'data', redis: 'unix:/run/r.sock' },
      environment: { ASSAY_ADDRESSES: 'a:1, b:2,,', ASSAY_TLS: 'off', ASSAY_LEVEL: 'warn' },
      file: fileOf({ poll_ms: 250, spool: '../spool', names: ['x', 7], name: 12 }),
    });
    expect(r.ms('wait')).toBe(1_500);
    expect(r.ms('poll_ms')).toBe(250);
    expect(r.boolean('quick')).toBe(true);
    expect(r.boolean('tls', { default: true })).toBe(false);
    expect(r.path('store')).toBe('/cwd/data');
    expect(r.path('spool')).toBe(join(process.cwd(), 'spool'));
    expect(r.url('redis', { schemes: ['redis', 'unix'] })).toBe('unix:/run/r.sock');
    expect(r.list('addresses')).toEqual(['a:1', 'b:2']);
    expect(r.list('names')).toEqual(['x', '7']);
    expect(r.oneOf('level', ['info', 'warn'], { default: 'info' })).toBe('warn');
    expect(r.string('name')).toBe('12');
    expect(r.string('absent')).toBeUndefined();
    r.finish();
  });

  it('tells every fault at once, each with place, value and remedy', () => {
    const message = faultsOf(
      (r) => {
        r.int('slots', { min: 1, max: 64 });
        r.ms('lease');
        r.boolean('tls');
        r.oneOf('level', ['info', 'warn']);
        r.list('addresses');
        r.url('redis', { schemes: ['redis', 'rediss'] });
        r.string('store', { required: 'name it by --store DIR' });
        r.string('token', { secret: true });
        r.fault('lease', 'must be three heartbeats at least');
      },
      {
        flags: { slots: '65', level: 'loud' },
        environment: { ASSAY_LEASE: '30', ASSAY_REDIS: 'http://u:hunter2@h/' },
        file: fileOf({ tls: 'maybe', addresses: {}, slotz: 1, unheard_of: 2, token: ['hunter3'] }),
      },
    );
    expect(message.split('\n').map((line) => line.trim())).toEqual([
      'test configuration has 11 faults:',
      '--slots: "65" is not such a whole number; write one from 1 to 64',
      'ASSAY_LEASE: "30" is not such a duration; write one from 0 ms to 2147483647 ms with its unit, such as 500ms, 30s, 5m',
      'conf/a.yaml: tls: "maybe" is neither yes nor no; write true or false',
      '--level: "loud" is not known; write one of info, warn',
      'conf/a.yaml: addresses: {} is no list of texts; write one or several, separated by commas',
      'ASSAY_REDIS: "http://u:***@h/" is not such a URL; write one that starts with redis: or rediss:',
      'store: is missing; name it by --store DIR',
      'conf/a.yaml: token: its value is no text; write one',
      'lease: must be three heartbeats at least',
      'conf/a.yaml: slotz: is not known here; did you mean slots?',
      'conf/a.yaml: unheard_of: is not known here; known are addresses, lease, level, redis, slots, store, tls, token',
    ]);
  });

  it('gives a whole number exactly or a fault, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.integer().map(String), fc.double().map(String)), (text) => {
        const r = reader({ flags: { n: text } });
        const value = r.int('n', { min: -1e9, max: 1e9 });
        if (value === undefined) expect(() => r.finish()).toThrow(AppError);
        else expect(Number(text)).toBe(value);
      }),
    );
  });
});

describe('readConfigFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-config-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function read(text: string): Promise<unknown> {
    const path = join(folder, 'c.yaml');
    await writeFile(path, text);
    return (await readConfigFile(path)).values;
  }

  it('reads a mapping, and an empty file as an empty one', async () => {
    expect(await read('a: 1\nb: [x]\n')).toEqual({ a: 1, b: ['x'] });
    expect(await read('# nothing\n')).toEqual({});
  });

  it('refuses what is no mapping, broken or absent, with its place', async () => {
    await expect(read('- a\n')).rejects.toThrow(/c\.yaml: is no mapping/);
    await expect(read('a: 1\nb: [unclosed\n')).rejects.toThrow(/c\.yaml:\d+: .*mend the YAML/);
    await expect(read('a: 1\na: 2\n')).rejects.toThrow(/c\.yaml:2: Map keys must be unique/);
    await expect(readConfigFile(join(folder, 'absent.yaml'))).rejects.toThrow(/absent\.yaml: cannot be read/);
  });

  it('does not quote the file in a fault', async () => {
    await expect(read('token: "hunter2\n')).rejects.not.toThrow(/hunter2/);
  });
});
