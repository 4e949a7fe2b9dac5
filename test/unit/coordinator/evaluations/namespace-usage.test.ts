/** What is taken of a namespace is counted when it is asked for: once at a time, however many ask. */
import { expect, test } from 'vitest';
import { NamespaceAdmin } from '../../../../coordinator/evaluations/namespaces/namespaces.ts';
import type { Identity } from '../../../../shared/domain/identity.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';

const by = { name: 'reader', namespaces: '*' } as unknown as Identity;

function rig() {
  const begun: string[] = [];
  const open: (() => void)[] = [];
  const admin = new NamespaceAdmin({
    store: { switches: async () => new Map(), switchOf: async () => undefined, putSwitch: async () => undefined },
    book: { refresh: async () => undefined },
    quotas: {
      usage: async (namespace) => {
        begun.push(namespace);
        await new Promise<void>((resolve) => void open.push(resolve));
        return { queuedSamples: 1, contentBytes: begun.length };
      },
    },
    notify: async () => undefined,
    costOf: async () => 0,
    tasksOf: async () => 0,
    clock: systemClock,
    logger: silentLogger(),
  });
  return { admin, begun, open };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('those who ask for the same namespace at once share one count, and the next one counts anew', async () => {
  const { admin, begun, open } = rig();
  const asked = Promise.all(Array.from({ length: 50 }, () => admin.get(by, 'a')));
  await settled();
  expect(begun).toEqual(['a']);
  open.shift()!();
  expect((await asked).map(({ usage }) => usage.contentBytes)).toEqual(Array.from({ length: 50 }, () => 1));
  const next = admin.get(by, 'a');
  await settled();
  open.shift()!();
  expect((await next).usage.contentBytes).toBe(2);
});

test('of all namespaces together few are counted at a time, and a long line is refused', async () => {
  const { admin, begun, open } = rig();
  const asked = Array.from({ length: 105 }, (_, i) =>
    admin.get(by, `n${i}`).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    ),
  );
  await settled();
  expect(begun).toHaveLength(4);
  expect(await asked[104]).toBe('unavailable');
  for (let done = 0; done < 104; done++) {
    open.shift()!();
    await settled();
  }
  expect(new Set(await Promise.all(asked.slice(0, 104)))).toEqual(new Set(['ok']));
  expect(begun).toHaveLength(104);
});
