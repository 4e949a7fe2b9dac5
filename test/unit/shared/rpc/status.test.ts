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
});
