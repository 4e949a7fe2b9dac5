/** Which settings an update may bring. */
import type { EvaluationChanges } from '../../../shared/client/types.ts';
import { invalid, type Fault } from '../../../shared/domain/errors.ts';
import { limitsSchema } from '../../../shared/domain/spec.ts';

/** What can also be set of a final one. */
export const ALWAYS: readonly string[] = ['tags', 'metadata', 'keep'];
const MAX_METADATA_BYTES = 64 * 1024;

/** Refuses what cannot be set, every fault at once. */
export function checkChanges(changes: EvaluationChanges): void {
  const faults: Fault[] = [];
  const { priority, maxSamples, limits, tags, metadata } = changes;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 10))
    faults.push({ place: 'priority', problem: `${priority} is none; write 1 (handed out first) to 10 (last)` });
  if (maxSamples !== undefined && !(Number.isInteger(maxSamples) && maxSamples >= 0 && maxSamples <= 1_000_000))
    faults.push({ place: 'max_samples', problem: `${maxSamples} is out of range; write 1 to 1000000, or 0 for no bound` });
  const parsed = limitsSchema.safeParse(limits ?? {});
  for (const issue of parsed.error?.issues ?? [])
    faults.push({
      place: `limits.${issue.path.join('.')}`,
      problem: `${issue.message}; limits are positive, time and working at most 604800 s`,
    });
  if (tags && (tags.length > 50 || tags.some((t) => t.length > 200)))
    faults.push({ place: 'tags', problem: 'are more than 50, or one has more than 200 characters' });
  if (metadata) {
    const bytes = Buffer.byteLength(JSON.stringify(metadata));
    if (bytes > MAX_METADATA_BYTES)
      faults.push({ place: 'metadata', problem: `has ${bytes} bytes as JSON; at most ${MAX_METADATA_BYTES} are kept` });
  }
  if (faults.length > 0) throw invalid('UpdateEvaluation', faults);
}
