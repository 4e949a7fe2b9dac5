/** `spend_per_day` of an entry of models, or of the policy. */
import { z } from 'zod';

/** `usd`: of calls whose price is known; `tokens`: of all calls. */
export const capSchema = z
  .strictObject({ usd: z.number().positive().max(1e9).optional(), tokens: z.int().positive().max(1e15).optional() })
  .refine(({ usd, tokens }) => usd !== undefined || tokens !== undefined, 'must have usd, tokens or both');

export const inMicroUsd = ({ usd, tokens }: z.infer<typeof capSchema>): { microUsd?: number; tokens?: number } => ({
  ...(usd === undefined ? {} : { microUsd: Math.floor(usd * 1e6) }),
  ...(tokens === undefined ? {} : { tokens }),
});
