/** Agents that were put aside, and what becomes of the next ids of the same identity. */
import { expect, test } from 'vitest';
import { MOST_ASIDE, Switches } from '../../../../coordinator/cluster/switches.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemorySwitches } from '../../../support/memory-switches.ts';

const HOSTS = 'token hosts (tk_1)';
const DAY_MS = 24 * 3_600_000;

function coordinator(store = new MemorySwitches(), clock = new FakeClock()) {
  clock.time ||= 1_000_000;
  const switches = new Switches({ store, clock, onSwitched: () => undefined, onChanged: () => undefined });
  const put = async (count: number, proof = HOSTS, pauseMs = 0): Promise<void> => {
    for (let n = 0; n < count; n++) {
      await switches.quarantine(`ag_${proof}_${n}`, 'bad', proof);
      clock.time += pauseMs;
    }
  };
  return { switches, store, clock, put, kept: () => store.kinds.get('quarantined-agents')?.size ?? 0 };
}

test('after so many ids all of the identity are put aside, everywhere, and no more ids are kept', async () => {
  const one = coordinator();
  await one.put(MOST_ASIDE - 1);
  expect(one.switches.quarantined('ag_next', HOSTS)).toBeUndefined();
  await one.put(MOST_ASIDE);
  const aside = { reason: `${MOST_ASIDE} agents of ${HOSTS} were quarantined within a day` };
  expect(one.switches.quarantined('ag_next', HOSTS)).toMatchObject(aside);
  expect(one.switches.quarantined('ag_next', 'token others (tk_2)')).toBeUndefined();
  await one.put(50);
  expect(one.kept()).toBe(MOST_ASIDE);
  const other = coordinator(one.store, one.clock);
  await other.switches.refresh();
  expect(other.switches.quarantined('ag_next', HOSTS)).toMatchObject(aside);

  // An operator who lets one of them back has looked at the identity.
  await other.switches.drain('ag_next', { undo: true, reason: '' }, HOSTS);
  await one.switches.refresh();
  for (const { switches } of [one, other])
    expect([switches.quarantined('ag_next', HOSTS), switches.quarantined(`ag_${HOSTS}_0`, HOSTS), one.kept()]).toEqual([
      undefined,
      undefined,
      0,
    ]);
});

test('agents that were put aside on different days are so by themselves; so are those whose identity has one', async () => {
  const { switches, put } = coordinator();
  await put(3 * MOST_ASIDE, HOSTS, DAY_MS / 2);
  await put(3 * MOST_ASIDE, '');
  expect(switches.quarantined('ag_next', HOSTS)).toBeUndefined();
  expect(switches.quarantined('ag_next', '')).toBeUndefined();
  expect(switches.quarantined(`ag_${HOSTS}_0`, HOSTS)).toMatchObject({ reason: 'bad' });
});

test('what nobody has looked at for ninety days goes', async () => {
  const { switches, clock, put, kept } = coordinator();
  await put(1);
  clock.time += 90 * DAY_MS;
  await put(1, 'token others (tk_2)');
  await switches.refresh();
  expect(kept()).toBe(2);
  clock.time += 1;
  await switches.refresh();
  expect([kept(), switches.quarantined(`ag_${HOSTS}_0`, HOSTS)]).toEqual([1, undefined]);
});
