import { expect, test } from 'vitest';
import { runEach, startAll, stopAll, type Service } from '../../../../shared/runtime/service.ts';

const service = (name: string, log: string[], fails?: 'start' | 'stop'): Service => ({
  start: async () => {
    log.push(`start ${name}`);
    if (fails === 'start') throw new Error(`${name} does not start`);
  },
  stop: async () => {
    log.push(`stop ${name}`);
    if (fails === 'stop') throw new Error(`${name} does not stop`);
  },
});

test('what fails keeps nothing else from running, and is thrown afterwards', async () => {
  const ran: string[] = [];
  const steps = [
    () => void ran.push('first'),
    () => Promise.reject(new Error('the second')),
    async () => void ran.push('third'),
    () => {
      throw new Error('the fourth');
    },
    () => void ran.push('fifth'),
  ];
  await expect(runEach(steps)).rejects.toThrow('the second; the fourth');
  expect(ran).toEqual(['first', 'third', 'fifth']);
  const alone = new Error('alone');
  await expect(runEach([() => Promise.reject(alone)])).rejects.toBe(alone);
});

test('a service that does not start has those before it stopped, in reverse order', async () => {
  const log: string[] = [];
  await expect(startAll([service('a', log), service('b', log, 'stop'), service('c', log, 'start')])).rejects.toThrow('c does not start');
  expect(log).toEqual(['start a', 'start b', 'start c', 'stop b', 'stop a']);
});

test('each service is stopped, also after one that fails', async () => {
  const log: string[] = [];
  await expect(stopAll([service('a', log), service('b', log, 'stop'), service('c', log)])).rejects.toThrow('b does not stop');
  expect(log).toEqual(['stop c', 'stop b', 'stop a']);
});
