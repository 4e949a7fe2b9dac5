/** Results of an evaluation as a coordinator of before has left them in the store: a million of them take seconds instead of minutes. */
import { randomBytes } from 'node:crypto';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { ResultFrame } from '../../coordinator/store/store.ts';
import { taskIdOf } from '../../shared/domain/ids.ts';
import { unitsOf } from '../../shared/domain/manifest.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';

const FRAME = 500;
const FRAMES_AT_ONCE = 10;
/** Of the first generation, and far above what was granted in it. */
const FIRST_GRANT = 2 ** 32 + 2 ** 31;

export type Outcome = 'right' | 'wrong' | 'server_error' | 'context_length';

/** How a sample of `sums` went: seven in ten right, one in a hundred lost, by its number. */
export function outcomeOf(sample: number): Outcome {
  const chance = ((sample * 2_654_435_761) % 100_003) / 100_003;
  if (chance < 0.01) return chance < 0.0001 ? 'context_length' : 'server_error';
  return chance < 0.7 ? 'right' : 'wrong';
}

function resultOf(unit: number, sample: number, scorer: string): Buffer {
  const outcome = outcomeOf(sample);
  const head = `{"unit":${unit},"sampleId":"s${sample}","epoch":1`;
  const timing = `"timing":{"startedAt":${Date.now()},"modelMs":${200 + (sample % 700)},"totalMs":${210 + (sample % 700)}},"calls":1,"retries":0}`;
  if (outcome !== 'right' && outcome !== 'wrong')
    return Buffer.from(
      `${head},"outcome":"errored","scores":[],"usage":{"inputTokens":0,"outputTokens":0},"error":{"class":"${outcome}","message":"no answer"},${timing}`,
    );
  const answer = outcome === 'right' ? 2 * sample : 2 * sample + 1;
  const score = `{"scorer":"${scorer}","value":"${outcome === 'right' ? 'C' : 'I'}","number":${outcome === 'right' ? 1 : 0},"answer":"${answer}"}`;
  return Buffer.from(
    `${head},"outcome":"scored","completion":"The answer is ${answer}","scores":[${score}],"usage":{"inputTokens":20,"outputTokens":12},${timing}`,
  );
}

/** Writes results of all but the last `rest` units of each group. */
export async function fillStore(path: string, evaluationId: string, rest: number): Promise<void> {
  const store = await openDirectoryStore({ path, coordinatorId: 'co_before', clock: systemClock, logger: silentLogger() });
  const { groups } = (await store.manifest(evaluationId))!;
  let frames: ResultFrame[] = [];
  let sequence = 0;
  for (const group of groups)
    for (let from = 0; from < unitsOf(group) - rest; from += FRAME) {
      const count = Math.min(FRAME, unitsOf(group) - rest - from);
      frames.push({
        taskId: taskIdOf(evaluationId, ++sequence),
        attemptId: randomBytes(16).toString('hex'),
        agentId: 'ag_before',
        grant: FIRST_GRANT + sequence,
        results: Array.from({ length: count }, (_, i) => {
          const unit = group.firstUnit + from + i;
          return { unit, content: resultOf(unit, from + i, group.scorers[0]!) };
        }),
      });
      if (frames.length < FRAMES_AT_ONCE) continue;
      await store.appendResults(evaluationId, frames);
      frames = [];
    }
  if (frames.length > 0) await store.appendResults(evaluationId, frames);
  await store.close();
}
