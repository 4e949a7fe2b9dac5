/** What tests of sick surroundings have in common: an evaluation in its middle, and the look that nothing was lost and nothing done twice. */
import { expect } from 'vitest';
import type { AppError } from '../../shared/domain/errors.ts';
import { checkBooks } from './books.ts';
import type { Commanded } from './commanded.ts';
import { watchAll } from './mock-evaluation.ts';
import { waitFor } from './wait-for.ts';

export const SAMPLES = 24;

/** Not a wait for something, but for its absence. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What `work` fails with; that it works is a failure. */
export const failureOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => {
      throw new Error('it worked');
    },
    (error: unknown) => error as AppError,
  );

/** An evaluation half of whose samples are counted, and whose agent has the others under way. Needs an agent with room for 12. */
export async function half(commanded: Commanded): Promise<string> {
  commanded.held = (sample) => sample >= SAMPLES / 2;
  const id = await commanded.submit(SAMPLES);
  await commanded.until(id, 'half of it', (e) => e.counts.scored === SAMPLES / 2);
  await waitFor(() => commanded.endpoint.inFlight === SAMPLES / 2, { what: 'the other half to be under way' });
  return id;
}

/** It ends as if nothing had been: each sample called once and counted once, and no lease was lost. */
export async function wellAgain(commanded: Commanded, id: string): Promise<void> {
  commanded.held = () => false;
  expect((await watchAll(commanded.client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(commanded.client, id);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  const calls = commanded.endpoint.calls.filter(({ model }) => model.endsWith('one')).map(({ prompt }) => prompt);
  expect({ calls: calls.length, samples: new Set(calls).size }).toEqual({ calls: SAMPLES, samples: SAMPLES });
  expect(commanded.coordinator.running).toBe(true);
  expect(commanded.coordinator.output).not.toMatch(/lease expired|unhandled/i);
}
