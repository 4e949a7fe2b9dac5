import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { createLogger, type Logger } from '../../../../shared/telemetry/logger.ts';

function capture(): { logger: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  let text = '';
  const logger = createLogger({
    name: 'agent',
    level: 'debug',
    fields: { agentId: 'ag_1' },
    destination: { write: (line: string) => void (text += line) },
  });
  return {
    logger,
    text: () => text,
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('logger', () => {
  it('writes one JSON document a line with level, time, name and fields', () => {
    const { logger, lines } = capture();
    logger.child({ part: 'work' }).info({ taskId: 't' }, 'granted');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        name: 'agent',
        pid: process.pid,
        agentId: 'ag_1',
        part: 'work',
        taskId: 't',
        msg: 'granted',
      },
    ]);
  });

  it('hides content and secrets by name at any depth, in any spelling', () => {
    const { logger, text } = capture();
    logger.info({
      apiKey: 'K1',
      api_key: 'K2',
      a: { b: [{ Authorization: 'K3', prompt: 'K4' }], completion: 'K5', input: 'K6', content: Buffer.from('K7') },
      unit: 3,
    });
    logger.info({ headers: { cookie: 'K8' } });
    expect(text()).not.toMatch(/K\d/);
    expect(text()).toContain('"unit":3');
  });

  it('hides what looks like a key wherever it stands', () => {
    const { logger, text } = capture();
    logger.warn(
      { err: new Error('401: Incorrect API key provided: sk-proj-abcdef123456'), jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmVk' },
      'sent Bearer abcdef123456 to redis://user:hunter22@host/0',
    );
    expect(text()).not.toMatch(/abcdef123456|hunter22|c2lnbmVk|eyJz/);
    expect(text()).toContain('redis://user:[hidden]@host/0');
  });

  it.each([
    'http://collector:8080/v1/traces',
    'cannot reach https://host.example.org:65535.',
    'http://[::1]:8080/health?a=b',
    'http://[fe80::1]/health, ops@example.org',
    'see http://h:8080/: refused, http://h:9090/x',
    'http://h:12345:',
  ])('leaves a host and its port: %s', (said) => {
    const { logger, lines } = capture();
    logger.info({ url: said, next: 'a@b' }, said);
    expect(lines()[0]).toMatchObject({ url: said, msg: said });
  });

  it.each([
    ...['redis://u:12345/secret@host', 'redis://u:8080?secret@host', 'redis://u:8080#secret@h/0', 'redis://:12345secret@host'],
    ...['redis://u:123456secret@host', 'redis://u:12345%2Fsecret@host', 'redis://u:1234.secret@host', 'http://[::1]:secret1@host'],
    ...['http://[x]:secret12@host'],
  ])('hides a password that begins like a port: %s', (said) => {
    const { logger, text } = capture();
    logger.info({ url: said }, `${said} and on`);
    expect(text()).not.toContain('secret');
  });

  it('survives cycles of errors, big integers and deep values', () => {
    const { logger, lines } = capture();
    const error = new Error('outer', { cause: new Error('inner') }) as Error & { response?: unknown };
    error.response = { headers: { authorization: 'K1' } };
    const deep: Record<string, unknown> = {};
    deep.self = deep;
    logger.error({ err: error, n: 5n, deep }, 'failed');
    expect(lines()[0]).toMatchObject({ n: '5', err: { type: 'Error', message: expect.stringContaining('outer') } });
    expect(JSON.stringify(lines())).not.toContain('K1');
  });

  it('writes an expected error by its code, without a stack', () => {
    const { logger, lines } = capture();
    logger.warn({ err: new AppError('unavailable', 'no Redis answers') });
    expect(lines()[0]!.err).toEqual({ type: 'AppError', code: 'unavailable', message: 'no Redis answers' });
  });
});
