/**
 * Many small evaluations before a long run is measured: what is called often is compiled, again and better, up to some thousand calls. That
 * takes memory, once, and would be taken for a leak.
 */
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Rig } from '../rig/rig.ts';

const EVALUATIONS = 400;
const AT_ONCE = 8;
const SAMPLES = 10;

export async function warmUp(rig: Rig): Promise<void> {
  let left = EVALUATIONS;
  const lane = async (n: number): Promise<void> => {
    const client = rig.clients.client(n);
    const tag = `w${n}`;
    const evaluationId = evaluationIdOf('default', tag);
    while (left-- > 0) {
      await rig.clients.submit(client, { key: tag, tag, samples: SAMPLES });
      await waitFor(async () => isFinal((await client.get(evaluationId)).state), {
        what: `the end of ${tag}`,
        timeoutMs: 120_000,
        everyMs: 50,
      });
      await client.report(evaluationId);
      const [outcome] = await client.delete({ evaluationId });
      if (outcome?.problem) throw new Error(`${tag} is not deleted: ${outcome.problem}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => lane(n)));
}
