import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { LogReader, type LogBatch, type LogRequest } from '../../../../coordinator/evaluations/logs/log-reader.ts';
import { LogTails } from '../../../../coordinator/evaluations/logs/log-tail.ts';
import { LogWriter } from '../../../../coordinator/evaluations/logs/log-writer.ts';
import { releaseLines } from '../../../../coordinator/evaluations/logs/release-lines.ts';
import { bytesOfLine, linesIn } from '../../../../coordinator/evaluations/logs/stored-lines.ts';
import type { ReleaseAnswer, ReleaseItem } from '../../../../coordinator/ledger/types.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { evaluationIdOf, taskIdOf } from '../../../../shared/domain/ids.ts';
import { LINE_LEVELS, type LogLine } from '../../../../shared/domain/log-line.ts';
import type { EvaluationState } from '../../../../shared/domain/states.ts';
import type { Logger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemoryLogs } from '../../../support/memory-logs.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

const ID = evaluationIdOf('', 'k');
const KEEP = 1 << 20;
const lineOf = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  ...{ timeMs: 5, level: 'info', text, agentId: 'ag_1', agent: 'gpu-1', taskId: taskIdOf(ID, 3), attemptId: 'a'.repeat(32) },
  ...more,
});
const numbered = (from: number, end: number, pad = 0): LogLine[] =>
  Array.from({ length: end - from }, (_, i) => lineOf(`${from + i}`.padEnd(pad, '.')));

let logs: MemoryLogs;
let clock: FakeClock;
let warnings: string[];
let state: EvaluationState;
let counts: Record<string, number>;
let freeBytes: number;
const instruments = {
  logLinesTotal: { add: (n: number, labels?: Record<string, unknown>) => void (counts[String(labels?.['outcome'])]! += n) },
} as never;
beforeEach(() => {
  [logs, clock, warnings, state] = [new MemoryLogs(), new FakeClock(), [], 'running'];
  counts = { kept: 0, left_out: 0, lost: 0 };
  freeBytes = 1e9;
});
const counted = (): Record<string, number> => ({ ...counts });
const writerOf = (keepLogBytes = KEEP): LogWriter =>
  new LogWriter({
    store: { logs, space: async () => ({ freeBytes }) },
    clock,
    instruments,
    limits: { keepLogBytes, storeHeadroomBytes: 1000 },
    logger: { warn: (_: object, text: string) => warnings.push(text) } as unknown as Logger,
  });
const readerOf = (writer: LogWriter): LogReader => {
  const parts = { store: { logs }, writer, clock, headOf: async () => ({ state }) };
  return new LogReader({ ...parts, tails: new LogTails(parts) });
};
const read = (writer: LogWriter, request: LogRequest = {}): Promise<LogBatch[]> =>
  allOf(readerOf(writer).read(ID, request, new AbortController().signal));
const texts = (batches: readonly LogBatch[]): string[] => batches.flatMap(({ lines }) => lines.map(({ text }) => text));

test('a line comes out of the store as it went in; what cannot be read is left out', () => {
  const line = fc.record<LogLine>(
    {
      timeMs: fc.maxSafeNat(),
      level: fc.constantFrom(...LINE_LEVELS),
      text: fc.string({ unit: 'grapheme' }),
      agentId: fc.constantFrom('', 'ag_1'),
      agent: fc.string(),
      taskId: fc.constantFrom('', taskIdOf(ID, 0), taskIdOf(ID, 17)),
      attemptId: fc.constantFrom('', 'a'.repeat(32)),
      unit: fc.nat(),
    },
    { requiredKeys: ['timeMs', 'level', 'text', 'agentId', 'agent', 'taskId', 'attemptId'] },
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const bytes = Buffer.concat([...lines.map(bytesOfLine), Buffer.from('no JSON\n{"time":1}\n')]);
      expect(linesIn(bytes, ID)).toEqual(lines);
    }),
    { numRuns: 50 },
  );
});

describe('lines of an evaluation', () => {
  test('what comes together is one piece; a reader sees at once what is not written yet', async () => {
    const writer = writerOf();
    writer.add(ID, numbered(0, 3));
    writer.add(ID, numbered(3, 5));
    expect(texts(await read(writer))).toEqual(['0', '1', '2', '3', '4']);
    expect(await logs.pieces(ID)).toHaveLength(1);
    writer.add(ID, numbered(5, 6));
    await writer.stop();
    expect(texts(await read(writer))).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('several coordinators write under consecutive numbers, and lose nothing', async () => {
    const writers = [writerOf(), writerOf(), writerOf()];
    for (let round = 0; round < 5; round++) {
      writers.forEach((writer, i) => writer.add(ID, [lineOf(`${i} ${round}`)]));
      await Promise.all(writers.map((writer) => writer.flush(ID)));
    }
    expect((await logs.pieces(ID)).map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    const all = texts(await read(writers[0]!));
    for (const i of [0, 1, 2])
      expect(all.filter((text) => text.startsWith(`${i} `))).toEqual([0, 1, 2, 3, 4].map((round) => `${i} ${round}`));
  });

  test('a reader goes on behind any cursor, and gets each line once', async () => {
    const writer = writerOf();
    for (const end of [1, 700, 1900]) {
      const from = end === 1 ? 0 : end === 700 ? 1 : 700;
      writer.add(ID, numbered(from, end));
      await writer.flush(ID);
    }
    const batches = await read(writer);
    expect(texts(batches)).toEqual(Array.from({ length: 1900 }, (_, i) => String(i)));
    expect(batches.length).toBeGreaterThan(4);
    for (const [i, { cursor }] of batches.entries()) {
      const rest = texts(await read(writer, { cursor }));
      expect([...texts(batches.slice(0, i + 1)), ...rest]).toEqual(texts(batches));
    }
  });

  test('filters and the last ones', async () => {
    const writer = writerOf();
    writer.add(ID, numbered(0, 10));
    await writer.flush(ID);
    writer.add(ID, [
      lineOf('late', { timeMs: 99 }),
      lineOf('bad', { level: 'error', agent: 'gpu-2', taskId: taskIdOf(ID, 4) }),
      lineOf('Rate LIMIT'),
    ]);
    clock.time += 250;
    expect(texts(await read(writer, { tail: 4 }))).toEqual(['9', 'late', 'bad', 'Rate LIMIT']);
    expect(texts(await read(writer, { tail: 500 }))).toHaveLength(13);
    expect(texts(await read(writer, { minLevel: 'warn' }))).toEqual(['bad']);
    expect(texts(await read(writer, { agent: 'gpu-2' }))).toEqual(['bad']);
    expect(texts(await read(writer, { agent: 'ag_1', sinceMs: 6 }))).toEqual(['late']);
    expect(texts(await read(writer, { taskId: taskIdOf(ID, 4) }))).toEqual(['bad']);
    expect(texts(await read(writer, { text: 'rate limit' }))).toEqual(['Rate LIMIT']);
  });

  test('the first quarter and the newest are kept, and a reader hears of what is gone', async () => {
    const keep = 64 << 10;
    const writer = writerOf(keep);
    for (let i = 0; i < 200; i++) {
      writer.add(ID, numbered(i, i + 1, 1000));
      await writer.flush(ID);
    }
    const pieces = await logs.pieces(ID);
    expect(pieces.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(keep);
    const batches = await read(writer);
    const kept = texts(batches).map((text) => Number.parseInt(text, 10));
    const gap = kept.findIndex((number, i) => number !== i);
    expect(gap).toBeGreaterThan(5);
    expect(kept.slice(gap)).toEqual(Array.from({ length: kept.length - gap }, (_, i) => 200 - (kept.length - gap) + i));
    expect(batches.flatMap(({ leftOut, lines }) => (leftOut ? [Number.parseInt(lines[0]!.text, 10)] : []))).toEqual([kept[gap]]);
  });

  test('what waits is bounded, and a line says how many were left out', async () => {
    const writer = writerOf();
    for (let i = 0; i < 10; i++) writer.add(ID, numbered(0, 100, 1000));
    const all = texts(await read(writer));
    const [, count] = /^(\d+) lines? w\w+ left out/.exec(all.at(-1)!) ?? [];
    expect(all.length - 1 + Number(count)).toBe(1000);
    expect(all.length).toBeLessThan(520);
    expect(counted()).toEqual({ kept: all.length - 1, left_out: Number(count), lost: 0 });
  });

  test('a store that takes nothing holds up nobody; one that has lost the evaluation is not complained of', async () => {
    const writer = writerOf();
    logs.failure = new AppError('unavailable', 'no space left');
    for (let i = 0; i < 3; i++) {
      writer.add(ID, numbered(0, 1));
      await writer.flush(ID);
    }
    expect(warnings).toEqual(['log lines were not kept']);
    expect(counted()).toEqual({ kept: 0, left_out: 0, lost: 3 });
    logs.failure = new AppError('not_found', 'removed');
    clock.time += 1e6;
    writer.add(ID, numbered(0, 1));
    await writer.flush(ID);
    logs.failure = undefined;
    writer.add(ID, numbered(7, 8));
    await writer.stop();
    expect(warnings).toHaveLength(1);
    expect(texts(await read(writer))).toEqual(['7']);
  });

  test('what of the store is kept for results is not taken', async () => {
    const writer = writerOf();
    freeBytes = 999;
    writer.add(ID, numbered(0, 1));
    await writer.flush(ID);
    freeBytes = 1000;
    writer.add(ID, numbered(1, 2));
    expect(texts(await read(writer))).toEqual(['1']);
    expect(warnings).toHaveLength(1);
  });

  test('a coordinator that keeps none takes none', async () => {
    const writer = writerOf(0);
    writer.add(ID, numbered(0, 3));
    expect(await read(writer)).toEqual([]);
  });

  test('a follower gets what is there, what comes here and elsewhere, and ends some seconds after the evaluation', async () => {
    const [here, elsewhere] = [writerOf(), writerOf()];
    here.add(ID, numbered(0, 2));
    const got: string[] = [];
    for await (const batch of readerOf(here).read(ID, { follow: true, tail: 1 }, new AbortController().signal)) {
      got.push(...texts([batch]));
      if (got.length === 1) here.add(ID, numbered(2, 3));
      if (got.length === 2) elsewhere.add(ID, numbered(3, 4));
      if (got.length === 3) {
        state = 'succeeded';
        here.add(ID, [lineOf('late')]);
      }
    }
    expect(got).toEqual(['1', '2', '3', 'late']);
  });

  test('many readers make no more pieces than few', async () => {
    const writer = writerOf();
    for (let i = 0; i < 20; i++) {
      writer.add(ID, numbered(i, i + 1));
      await read(writer);
    }
    expect(await logs.pieces(ID)).toHaveLength(1);
    await writer.stop();
    expect(await logs.pieces(ID)).toHaveLength(2);
  });

  test('many followers look as often as one, and a look that fails ends them all', async () => {
    const writer = writerOf();
    let looks = 0;
    let failure: AppError | undefined;
    const parts = {
      store: { logs },
      writer,
      clock,
      headOf: async () => {
        looks++;
        if (failure) throw failure;
        return { state };
      },
    };
    const tails = new LogTails(parts);
    const reader = new LogReader({ ...parts, headOf: async () => ({ state }), tails });
    const got = Array.from({ length: 50 }, () => [] as string[]);
    const following = got.map(async (own) => {
      for await (const batch of reader.read(ID, { follow: true }, new AbortController().signal)) own.push(...texts([batch]));
    });
    const settled = Promise.allSettled(following);
    for (let i = 0; i < 5; i++) {
      writer.add(ID, numbered(i, i + 1));
      await writer.flush(ID);
      await waitFor(() => got.every((own) => own.length === i + 1), { what: 'the line at all followers' });
    }
    const [looksBefore, startedAt] = [looks, clock.time];
    await waitFor(() => clock.time > startedAt + 20_000, { what: 'some looks' });
    expect(looks - looksBefore).toBeLessThan((clock.time - startedAt) / 1000 + 3);
    failure = new AppError('unavailable', 'Redis is away');
    const reasons = (await settled).map((end) => end.status === 'rejected' && (end.reason as AppError).message);
    expect(new Set(reasons)).toEqual(new Set(['Redis is away']));
  });

  test('a follower that goes away ends', async () => {
    const writer = writerOf();
    const over = new AbortController();
    const following = allOf(readerOf(writer).read(ID, { follow: true }, over.signal));
    over.abort(new Error('gone'));
    await expect(following).rejects.toThrow('gone');
  });
});

test('a coordinator speaks for agents that cannot any more', () => {
  const attemptId = 'a'.repeat(32);
  const items: ReleaseItem[] = [
    { sequence: 1, kind: 'lost', attemptId },
    { sequence: 2, kind: 'crash', attemptId, evidence: { agent: 'gpu-1' } },
    { sequence: 3, kind: 'crashed', attemptId, evidence: { agent: 'gpu-1' } },
    { sequence: 4, kind: 'lost', attemptId, evidence: { agent: 'gpu-1', exit: 'a result could not be read back' } },
    { sequence: 5, kind: 'returned', attemptId },
    { sequence: 6, kind: 'requeue', incarnation: 2 },
    { sequence: 7, kind: 'lost', attemptId },
  ];
  const answers = ['queued', 'queued', 'doomed', 'queued', 'queued', 'queued', 'unknown'].map((answer) => ({ answer }) as ReleaseAnswer);
  const lines = releaseLines(ID, items, answers, 5);
  expect(lines.map(({ level, taskId, text }) => [level, taskId, text])).toEqual([
    ['warn', taskIdOf(ID, 1), 'its agent was not heard for a lease: the task goes to others'],
    ['warn', taskIdOf(ID, 2), 'the agent gpu-1 died while it ran this: the task goes to others'],
    ['error', taskIdOf(ID, 3), 'the agent gpu-1 died while it ran this: the task is given up (assay dead-letters)'],
    ['warn', taskIdOf(ID, 4), 'the agent gpu-1 has lost it (a result could not be read back): the task goes to others'],
  ]);
});
