/** The course of a command while things fail around it: nothing is half done, and nobody else is kept waiting. */
import { expect, test } from 'vitest';
import type { Ledger } from '../../../../coordinator/ledger/ledger.ts';
import type { ControlAnswer, LedgerLook } from '../../../../coordinator/ledger/types.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { Commands } from '../../../../coordinator/evaluations/commands/commands.ts';
import { Removal, type RemovalParts } from '../../../../coordinator/evaluations/commands/removal.ts';
import { Sweeper, type SweeperParts } from '../../../../coordinator/evaluations/sweeper.ts';
import type { Seen } from '../../../../coordinator/evaluations/catalog.ts';
import { BUFFERED } from '../../../../shared/domain/durability.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const seenOf = (key: string, state: Seen['state']): Seen => ({
  manifest: manifestOf(key, 4),
  routes: [],
  ordinals: [],
  changes: {},
  updates: 0,
  state,
  command: '',
  doomed: 0,
});
const clock = { ...systemClock, sleep: async () => undefined };

test('Redis is wiped between the journal and the script: the recovery carries the command out, and it is acknowledged', async () => {
  const known = seenOf('wiped', 'running');
  let look: LedgerLook | undefined = { state: 'running', command: '', updates: 0, requeues: 0, doomed: 0 };
  const journal: string[] = [];
  const marks: string[] = [];
  const begun: ControlAnswer = { answer: 'done', done: true, state: 'running', grant: 0, requeues: 0 };
  const ledger = { looks: async () => [look], control: async () => begun } as unknown as Ledger;
  const store = {
    isFinished: async () => false,
    generation: async () => 1,
    report: async () => undefined,
    appendControl: async (_: string, record: { kind: string }) => void journal.push(record.kind),
  } as unknown as Store;
  const mark = async (_: unknown, reason: string): Promise<void> => {
    marks.push(reason);
    look = { state: 'paused', command: '', updates: 0, requeues: 0, doomed: 0 };
  };
  const commands = new Commands({ store, ledger, clock, mark, acknowledge: async () => BUFFERED });
  const carried = await commands.run(known, {
    states: ['running'],
    record: () => commands.record('pause', ''),
    apply: async () => {
      look = undefined;
      throw new AppError('not_found', 'Redis knows nothing of it');
    },
  });
  expect(carried).toEqual({ changed: true, state: 'paused', isUnsure: true, durability: BUFFERED });
  expect(journal).toEqual(['pause']);
  expect(marks).toHaveLength(1);
});

test('a deletion that fails at Redis has removed nothing, and can be repeated', async () => {
  const known = seenOf('deleted', 'succeeded');
  const done: string[] = [];
  let isDown = true;
  const removal = new Removal({
    clock,
    commands: { stateOf: async () => 'succeeded', acknowledge: async () => BUFFERED },
    flight: { run: async (_what: string, _id: string, work: () => Promise<void>) => (await work(), true) },
    store: { isFinished: async () => true, controls: async () => [], remove: async () => void done.push('store') },
    ledger: {
      forget: async () => {
        if (isDown) throw new AppError('unavailable', 'Redis is away');
        done.push('ledger');
      },
    },
    onChanged: async () => undefined,
  } as unknown as RemovalParts);
  const { evaluationId } = known.manifest;
  await expect(removal.delete(evaluationId)).rejects.toMatchObject({ code: 'unavailable' });
  expect(done).toEqual([]);
  isDown = false;
  expect(await removal.delete(evaluationId)).toMatchObject({ changed: true });
  expect(done).toEqual(['ledger', 'store']);
});

test('one that waits to supersede others does not keep the sweep from recovering them', async () => {
  const [waiting, lost] = [seenOf('waiting', 'accepted'), seenOf('lost', undefined)];
  const recovered: string[] = [];
  const begun = Promise.withResolvers<void>();
  const sweeper = new Sweeper({
    clock,
    logger: silentLogger,
    catalog: { refresh: async () => [waiting, lost] },
    store: { isAccepted: async () => true },
    turns: { start: () => begun.promise.then(() => 'running') },
    recovery: {
      recover: async (id: string) => {
        recovered.push(id);
        begun.resolve();
      },
    },
  } as unknown as SweeperParts);
  await sweeper.runOnce();
  await sweeper.settle(10_000);
  expect(recovered).toContain(lost.manifest.evaluationId);
});
