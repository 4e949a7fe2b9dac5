import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tracesWanted } from '../../../../shared/telemetry/start.ts';
import { currentTraceparent, parseTraceparent, startSpan, traceparentOf, withSpan } from '../../../../shared/telemetry/tracing.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });

describe('traceparent', () => {
  it('is read back as it was written, and passed on by a process that exports nothing', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.constantFrom('00', '01'), (trace, span, flags) => {
        fc.pre(!/^0+$/.test(trace) && !/^0+$/.test(span));
        const text = `00-${trace}-${span}-${flags}`;
        expect(traceparentOf(startSpan('execute', { parent: text }))).toBe(text);
      }),
    );
  });

  it('is nothing where it is malformed', () => {
    const bad = [
      '',
      'x',
      '00-0-0-00',
      `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
      `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`,
      `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
    ];
    expect(bad.map(parseTraceparent)).toEqual(bad.map(() => undefined));
    fc.assert(fc.property(fc.string(), (text) => parseTraceparent(text) === undefined));
  });
});

describe('withSpan', () => {
  it('gives the value, throws the error, and leaves no span active', async () => {
    await expect(withSpan('plan', {}, () => 5)).resolves.toBe(5);
    await expect(withSpan('plan', { links: ['bad', ''] }, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(currentTraceparent()).toBe('');
  });
});

describe('tracesWanted', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
    [{ OTEL_TRACES_EXPORTER: 'console' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, false],
    [{ OTEL_SDK_DISABLED: 'TRUE', OTEL_TRACES_EXPORTER: 'otlp' }, false],
  ])('%j: %s', (environment, wanted) => {
    expect(tracesWanted(environment)).toBe(wanted);
  });
});
