/** `cache` of a spec: which earlier completions may stand in for a call, in Inspect's words. Pure. */
import { z } from 'zod';

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, D: 86_400, W: 7 * 86_400, M: 30 * 86_400, Y: 365 * 86_400 } as const;
const EXPIRY = /^[1-9]\d{0,5}[smhDWMY]$/;

export const cacheSchema = z.union(
  [
    z.boolean(),
    z.strictObject({
      expiry: z
        .union([
          z.literal('never'),
          z.string().regex(EXPIRY, 'must be a whole number and s, m, h, D, W, M or Y, such as 12h or 1W; or never'),
        ])
        .default('1W')
        .describe('Of completions: a whole number and s, m, h, D, W, M (30 days) or Y; or never'),
      per_epoch: z.boolean().default(true).describe('Each epoch has completions of its own; false: all have the same'),
      scopes: z
        .record(z.string().min(1).max(100), z.string().max(200))
        .default({})
        .describe('Only completions that were kept under the same names and values'),
    }),
  ],
  { error: 'true, false, or {expiry, per_epoch, scopes}' },
);
export type CacheSpec = z.infer<typeof cacheSchema>;

/** As agents are told it: strangers' completions are none of it. */
export const cachePolicySchema = z.object({
  namespace: z.string(),
  /** Absent: never. */
  expirySeconds: z.number().positive().optional(),
  perEpoch: z.boolean(),
  scopes: z.record(z.string(), z.string()),
});
export type CachePolicy = z.infer<typeof cachePolicySchema>;

/** Undefined: every completion is a call's. */
export function cachePolicyOf(cache: CacheSpec | undefined, namespace: string): CachePolicy | undefined {
  if (cache === undefined || cache === false) return undefined;
  const { expiry, per_epoch: perEpoch, scopes } = cache === true ? { expiry: '1W', per_epoch: true, scopes: {} } : cache;
  return { namespace, ...(expiry === 'never' ? {} : { expirySeconds: secondsOf(expiry) }), perEpoch, scopes };
}

const secondsOf = (expiry: string): number => Number(expiry.slice(0, -1)) * UNIT_SECONDS[expiry.at(-1) as keyof typeof UNIT_SECONDS];
