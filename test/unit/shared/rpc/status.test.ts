import fc from 'fast-check';
import { status as Status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { APP_CODES, AppError } from '../../../../shared/domain/errors.ts';
import { errorFromStatus, statusOf, statusToSend } from '../../../../shared/rpc/status.ts';

const unheard = (): void => undefined;

describe('the table', () => {
  test.each(APP_CODES.filter((code) => code !== 'cancelled'))('%s goes there and back', (code) => {
    expect(errorFromStatus({ code: statusOf(code), details: 'x' }).code).toBe(code);
  });
  test('a cancel is one only if it was ours; broken connections are unavailable', () => {
    expect(errorFromStatus({ code: Status.CANCELLED, details: 'x' }, true).code).toBe('cancelled');
    for (const [code, details] of [
      [Status.CANCELLED, ''],
      [Status.UNKNOWN, ''],
      [Status.ABORTED, ''],
      [Status.INTERNAL, 'Received RST_STREAM with code 2'],
    ] as const) {
      expect(errorFromStatus({ code, details }).code).toBe('unavailable');
    }
    expect(errorFromStatus(new Error('socket hang up')).code).toBe('unavailable');
  });
});

describe('what is sent', () => {
  test('always fits a header, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom(1, 150), (text, times) => {
        const { details } = statusToSend(new AppError('invalid', text.repeat(times)), unheard);
        expect(encodeURI(details).length).toBeLessThan(8000);
      }),
      { numRuns: 30 },
    );
    expect(statusToSend(new AppError('invalid', 'half a pair: \ud800'), unheard).details).toBe('half a pair: \ufffd');
    expect(statusToSend(new AppError('invalid', 'short'), unheard)).toMatchObject({ code: Status.INVALID_ARGUMENT, details: 'short' });
  });
  test('of an internal error only the reference', () => {
    const heard: unknown[] = [];
    const error = new TypeError('the password is hunter2');
    const { code, details } = statusToSend(error, (reference, cause) => heard.push(reference, cause));
    expect(code).toBe(Status.INTERNAL);
    expect(details).not.toContain('hunter2');
    expect(details).toContain(heard[0] as string);
    expect(heard[1]).toBe(error);
  });

  test('of what has words of a server behind us, what may be told and the reference', () => {
    const heard: unknown[] = [];
    const outward = 'Redis: it is full';
    const error = new AppError('unavailable', 'Redis: OOM at 10.0.0.9, key assay:{e}:x', { outward, retryAfterMs: 5, reason: 'X' });
    const sent = statusToSend(error, (reference, cause) => heard.push(reference, cause));
    expect(sent.code).toBe(Status.UNAVAILABLE);
    expect(sent.details).toBe(`Redis: it is full (reference ${heard[0] as string} in the coordinator's log)`);
    expect(JSON.stringify(sent.metadata.toJSON())).not.toMatch(/10\.0\.0\.9|assay:/);
    expect(errorFromStatus(sent)).toMatchObject({ code: 'unavailable', retryAfterMs: 5, reason: 'X' });
    expect(heard[1]).toBe(error);
  });
});

describe('the details', () => {
  const over = (error: AppError): AppError => errorFromStatus(statusToSend(error, unheard));

  test('give a client back what the coordinator said', () => {
    const faults = [
      { place: 'epochs', problem: 'is 0' },
      { place: '', problem: 'is odd' },
    ];
    const error = new AppError('invalid', 'two faults', { faults, reason: 'ODD', details: { got: '1' } });
    expect(over(error)).toMatchObject({ code: 'invalid', message: 'two faults', faults, reason: 'ODD', details: { got: '1' } });
    // The code is reason enough, and is not repeated.
    expect(over(new AppError('not_found', 'x'))).toMatchObject({ reason: undefined, details: {}, faults: [], retryAfterMs: undefined });
  });

  test('say when to come again, a second later if nobody knows better', () => {
    expect(over(new AppError('unavailable', 'x')).retryAfterMs).toBe(1000);
    expect(over(new AppError('resource_exhausted', 'x', { retryAfterMs: 2500 })).retryAfterMs).toBe(2500);
    expect(over(new AppError('deadline', 'x', { retryAfterMs: 2500 })).retryAfterMs).toBeUndefined();
  });

  test('of an internal error say nothing of it', () => {
    const error = new AppError('internal', 'the password is hunter2', { details: { secret: 'hunter2' }, reason: 'HUNTER2' });
    const status = statusToSend(error, unheard);
    expect(String(status.metadata.get('grpc-status-details-bin')[0])).not.toMatch(/hunter2/i);
  });

  test('fit the trailer whatever is in them, and say how many faults do not', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const faults = fc.array(fc.record({ place: text, problem: text }), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(text, faults, fc.dictionary(text, text), (message, all, details) => {
        const status = statusToSend(new AppError('invalid', message.repeat(20), { faults: all, details }), unheard);
        const [bin] = status.metadata.get('grpc-status-details-bin') as [Buffer];
        expect(encodeURI(status.details).length + (bin.length * 4) / 3).toBeLessThan(7700);
        const told = errorFromStatus(status).faults;
        const cut = Number(/^(\d+) more faults? (?:is|are) not listed$/.exec(told.at(-1)?.problem ?? '')?.[1] ?? 0);
        expect(told.length - (cut > 0 ? 1 : 0) + cut).toBe(all.length);
      }),
      { numRuns: 50 },
    );
  });

  test('a message that was cut is whole again from its faults', () => {
    const faults = Array.from({ length: 40 }, (_, i) => ({ place: `benchmarks[${i}]`, problem: 'is wrong, write something else here' }));
    const lines = faults.map((f) => `  ${f.place}: ${f.problem}`);
    const told = over(new AppError('invalid', `spec has 40 faults:\n${lines.join('\n')}`, { faults }));
    expect(told.message.split('\n')).toEqual(['spec has 40 faults:', ...lines]);
  });

  test('of a stranger, or damaged, are left out', () => {
    const status = statusToSend(new AppError('invalid', 'x', { faults: [{ place: 'a', problem: 'b' }] }), unheard);
    status.metadata.set('grpc-status-details-bin', Buffer.from('rubbish'));
    expect(errorFromStatus(status)).toMatchObject({ code: 'invalid', faults: [] });
  });
});
