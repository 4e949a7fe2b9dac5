/** What an agent leaves for its next life. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LifeLog } from '../../../../agent/spool/life-log.ts';
import { Redactor } from '../../../../shared/domain/redactor.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'life-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const A = 'a'.repeat(32);
const line = (level: string, msg: string, more: object = {}): string => `${JSON.stringify({ level, time: 'T', msg, ...more })}\n`;
/** A life that ends without a word. */
function killed(instanceId: string, live: (life: LifeLog) => void): void {
  const life = new LifeLog(dir, instanceId, new Redactor(['s3cret']));
  live(life);
}

test('the next life knows what ran and what was said last', () => {
  killed('one', (life) => {
    life.started(A, 1, 't');
    life.started(A, 2, 't');
    life.ended(A, 1);
    life.heard(line('info', 'nothing to see'));
    life.heard(line('warn', 'memory is short', { err: { message: 's3cret in it' } }));
    life.heard(line('info', 'a scorer’s program says', { command: 'grader', stderr: 'Killed' }));
  });
  const next = new LifeLog(dir, 'two', new Redactor([]));
  expect(next.previous).toMatchObject({
    instanceId: 'one',
    running: [{ attemptId: A, unit: 2, taskId: 't' }],
    lastOutput: 'T warn memory is short [key] in it\nT info grader: Killed',
  });
  expect(next.previous!.seenAtMs).toBeGreaterThan(1e12);
  // A life that told nothing is told of as such; an orderly one, which goes on under its instance, not at all.
  expect(new LifeLog(dir, 'three', new Redactor([])).previous).toMatchObject({ instanceId: 'two', running: [], lastOutput: '' });
  expect(new LifeLog(dir, 'three', new Redactor([])).previous).toBeUndefined();
});

test('none, and nothing but rubbish, is no life', () => {
  expect(new LifeLog(dir, 'one', new Redactor([])).previous).toBeUndefined();
  appendFileSync(join(dir, 'life.log'), '{"start":["a"');
  expect(new LifeLog(dir, 'two', new Redactor([])).previous).toMatchObject({ instanceId: 'one', running: [] });
});

test('the file and the last words are bounded, and nothing that runs is forgotten', () => {
  killed('one', (life) => {
    life.started(A, 7, 't');
    for (let unit = 100; unit < 5_000; unit++) {
      life.started(A, unit, 't');
      life.ended(A, unit);
    }
    for (let i = 0; i < 1_000; i++) life.heard(line('error', `${i} ${'ä'.repeat(300)}`));
  });
  expect(statSync(join(dir, 'life.log')).size).toBeLessThan(300 * 1024);
  expect(readFileSync(join(dir, 'life.log'), 'utf8')).toContain('"one"');
  const { previous } = new LifeLog(dir, 'two', new Redactor([]));
  expect(previous!.running).toEqual([{ attemptId: A, unit: 7, taskId: 't' }]);
  expect(Buffer.byteLength(previous!.lastOutput)).toBeLessThanOrEqual(4_096);
  expect(previous!.lastOutput).toContain('999');
});
