/** What the store keeps of costs: one switch for each day and coordinator. */
import { z } from 'zod';
import { AppError } from '../../../shared/domain/errors.ts';

/** Their kind among the switches. */
export const COSTS = 'namespace-costs';

/** By namespace. */
const SCHEMA = z.object({ microUsd: z.array(z.tuple([z.string(), z.number().nonnegative()])) });

/** The day in UTC: `2026-11-29`. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
/** When it is over. */
export const endOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) + 86_400_000;

export const costNameOf = (day: string, coordinatorId: string): string => `${day}_${coordinatorId}`;
export const costDayOf = (name: string): string => name.slice(0, 10);

/** By namespace. Throws where it cannot be read: nobody is taken for one who has spent nothing. */
export function costsOf(name: string, value: unknown): [string, number][] {
  const read = SCHEMA.safeParse(value);
  if (read.success) return read.data.microUsd;
  throw new AppError('unavailable', `what namespaces have cost cannot be read (${COSTS}/${name} in the store): put it back, or remove it`);
}
