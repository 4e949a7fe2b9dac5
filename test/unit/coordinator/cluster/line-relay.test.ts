import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { LineRelay, type Seals } from '../../../../coordinator/cluster/line-relay.ts';
import { AgentLogs } from '../../../../coordinator/sessions/agent-logs.ts';
import { sealed, unsealed } from '../../../../coordinator/sessions/provenance/seal.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { failure } from '../../../support/rpc.ts';

const never = new AbortController().signal;
const key = { id: 'a'.repeat(16), secret: createSecretKey(randomBytes(32)) };
const seals: Seals = { seal: (text, about) => sealed(key, text, about), unseal: (text, about) => unsealed(() => key, text, about) };
const quick = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal) };
const line = (text: string) => ({ agentId: 'ag_1', agent: 'one', taskId: '', attemptId: '', timeMs: 1, level: 'info' as const, text });

/** Coordinators that hear each other's notices; `lost` loses them. */
function relays(lost: (notice: string) => boolean = () => false, own: Seals = seals) {
  const notices: string[] = [];
  const all = ['co_a', 'co_b'].map((coordinatorId) => {
    const logs = new AgentLogs();
    const notify = async (notice: string): Promise<void> => {
      notices.push(notice);
      if (!lost(notice)) for (const { relay } of all) relay.take(notice.slice(2));
    };
    return { logs, relay: new LineRelay({ coordinatorId, logs, seals: () => own, notify, clock: quick }) };
  });
  return { here: all[0]!, there: all[1]!, notices };
}

test('lines are asked of the coordinator that has them, piece by piece; who reads Redis reads none', async () => {
  const { here, there, notices } = relays();
  there.logs.add(
    'ag_1',
    Array.from({ length: 450 }, (_, i) => line(`secret ${i}`)),
  );
  const found: string[] = [];
  for (let after = 0; ;) {
    const some = await here.relay.ask('co_b', 'ag_1', after, never);
    if (some.length === 0) break;
    expect(some.length).toBeLessThanOrEqual(200);
    found.push(...some.map((one) => one.line.text));
    after = some.at(-1)!.number;
  }
  expect(found).toEqual(Array.from({ length: 450 }, (_, i) => `secret ${i}`));
  expect(await here.relay.ask('co_b', 'ag_2', 0, never)).toEqual([]);
  expect(notices.join()).not.toContain('secret');
  there.logs.add(
    'ag_3',
    Array.from({ length: 40 }, () => line('x'.repeat(1_500))),
  );
  expect((await here.relay.ask('co_b', 'ag_3', 0, never)).length).toBe(21);
});

test('a question or an answer that is lost is asked again; one that nobody answers ends', async () => {
  let n = 0;
  const some = relays(() => n++ < 2);
  some.there.logs.add('ag_1', [line('said')]);
  expect(await some.here.relay.ask('co_b', 'ag_1', 0, never)).toMatchObject([{ number: 1, line: { text: 'said' } }]);
  expect(await failure(relays(() => true).here.relay.ask('co_b', 'ag_1', 0, never))).toMatchObject({ code: 'unavailable' });
  const over = new AbortController();
  const asked = failure(relays(() => true).here.relay.ask('co_b', 'ag_1', 0, over.signal));
  over.abort(new Error('gone'));
  expect(await asked).toMatchObject({ message: 'gone' });
});

test('what is no such notice is passed over, as is what was sealed for somebody else', async () => {
  const { here, there, notices } = relays();
  there.logs.add('ag_1', [line('said')]);
  await here.relay.ask('co_b', 'ag_1', 0, never);
  const [question] = notices.splice(0) as [string];
  for (const notice of [
    '',
    'co_b',
    'co_b:',
    'co_b:x',
    question.slice(2).replace('co_b', 'co_a'),
    `co_b:${seals.seal('{"kind":"ask"}', 'co_b')}`,
  ])
    for (const { relay } of [here, there]) relay.take(notice);
  await systemClock.sleep(5);
  expect(notices).toEqual([]);
});
