/** The long run on the S3 store. */
import type { Claim, ClaimOptions } from './claim.ts';
import { soak } from './soak.ts';

export const run = (options: ClaimOptions): Promise<Claim> => soak(options, 's3');
