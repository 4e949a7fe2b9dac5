import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressProblem, connectionOf } from '../../../cli/connection.ts';
import { isLocal } from '../../../shared/rpc/channel.ts';
import { exitCodeOfState, explainFailure, Interrupted, OutputClosed } from '../../../cli/exit.ts';
import { missedThresholds, parseThresholds } from '../../../cli/thresholds.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { emptyCounts } from '../../../shared/domain/states.ts';
import { makeCertificate } from '../../support/certificate.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-cli-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('connection', () => {
  test('no address means everything inside', () => expect(connectionOf({}, {})).toBeUndefined());

  test('several addresses, token from the environment, no TLS on this host', () => {
    expect(connectionOf({ address: 'localhost:1, unix:/tmp/s' }, { ASSAY_TOKEN: 't' })).toEqual({
      addresses: ['localhost:1', 'unix:/tmp/s'],
      tls: false,
      token: 't',
    });
  });

  test('TLS elsewhere, unless it is switched off', () => {
    expect(connectionOf({ address: 'eval.example.org:4510' }, {})).toMatchObject({ tls: true });
    expect(connectionOf({ address: 'eval.example.org:4510', tls: false }, {})).toMatchObject({ tls: false });
  });

  test('a token file goes before the variable and is trimmed', async () => {
    await writeFile(join(dir, 'token'), 'secret\n', { mode: 0o600 });
    expect(connectionOf({ address: '[::1]:2', tokenFile: join(dir, 'token') }, { ASSAY_TOKEN: 't' })).toMatchObject({ token: 'secret' });
  });

  test('a certificate to show needs its key', async () => {
    const { certPath, keyPath } = await makeCertificate();
    const other = await makeCertificate();
    const flags = { address: 'a:1', tlsClientCert: certPath, tlsClientKey: keyPath };
    const { tlsCert, tlsFiles } = connectionOf(flags, {})!;
    expect(tlsFiles!.current().material.cert).toEqual(tlsCert);
    expect(() => connectionOf({ address: 'a:1', tlsClientCert: certPath }, {})).toThrow(
      '--tls-client-cert: is given without --tls-client-key',
    );
    expect(() => connectionOf({ address: 'a:1', tlsClientKey: keyPath }, { ASSAY_TLS_CLIENT_KEY: keyPath })).toThrow(
      'ASSAY_TLS_CLIENT_KEY: is',
    );
    expect(() => connectionOf({ ...flags, tlsClientKey: other.keyPath }, {})).toThrow('the key is not that of the certificate');
  });

  test('all faults at once, each with its place', async () => {
    await writeFile(join(dir, 'ca'), 'no certificate');
    const wrong = () => connectionOf({ address: 'http://x,nonsense,a:99999', tokenFile: join(dir, 'none'), tlsCa: join(dir, 'ca') }, {});
    expect(wrong).toThrow(
      /5 faults[^]*is a URL[^]*'nonsense' is no address[^]*outside 1 … 65535[^]*--token-file: .*no such file[^]*--tls-ca: .*no PEM/,
    );
  });

  test.each(['a:1', 'a.b:65535', '[::1]:80', 'unix:/x', '127.0.0.1:4510'])('%s is an address', (a) =>
    expect(addressProblem(a)).toBeUndefined(),
  );
  test.each(['a', 'a:0', 'a:65536', '::1:80', 'a:b', 'unix:', 'a:1/x', ''])('%s is none', (a) => expect(addressProblem(a)).toBeDefined());
  test('what is local', () => {
    expect(['localhost:1', '127.1.2.3:1', '[::1]:1', 'unix:/x'].every(isLocal)).toBe(true);
    expect(['10.0.0.1:1', 'localhost.evil:1', '128.0.0.1:1'].some(isLocal)).toBe(false);
  });
});

describe('thresholds', () => {
  const row = (accuracy?: number) => ({
    benchmark: 'b',
    model: 'm',
    scorer: 's',
    metrics: accuracy === undefined ? {} : { accuracy },
    counts: emptyCounts(),
    reducer: 'mean',
  });

  test('are reached, missed, and missed without a value', () => {
    const thresholds = parseThresholds(['accuracy=0.5']);
    expect(missedThresholds([row(0.5), row(0.9)], thresholds)).toEqual([]);
    expect(missedThresholds([row(0.4999), row()], thresholds)).toEqual(['b · m · s: accuracy 0.4999 < 0.5', 'b · m · s: has no accuracy']);
  });

  test.each(['accuracy', 'accuracy=', 'accuracy=x', 'stderr=1', '=1', 'accuracy=NaN', 'accuracy=1=2'])('%s is refused', (text) => {
    expect(() => parseThresholds([text])).toThrow(/--threshold: .*METRIC=NUMBER/);
  });
});

describe('exit codes', () => {
  test('of states', () => expect((['succeeded', 'failed', 'cancelled', 'running'] as const).map(exitCodeOfState)).toEqual([0, 1, 4, 0]));

  test.each([
    [new AppError('invalid', 'x'), 2],
    [new AppError('not_found', 'x'), 2],
    [new AppError('unavailable', 'x'), 1],
    [new AppError('cancelled', 'x'), 4],
    [new Error('x'), 1],
    [new Interrupted('x'), 130],
    [new OutputClosed(), 0],
  ])('of %s', (error, code) => expect(explainFailure(error, false).code).toBe(code));

  test('stack traces only on demand', () => {
    const error = new AppError('internal', 'broken', { cause: new Error('deep') });
    expect(explainFailure(error, false).text).toBe('assay: broken');
    expect(explainFailure(error, true).text).toMatch(/^assay: broken\n[^]*at [^]*caused by Error: deep/);
  });
});
