/** The checker is checked: each bug that is planted into the real programs is named, and programs without one are clean. */
import { BUGS } from '../chaos/planted/bugs.ts';
import { plant, runClean } from '../chaos/planted/run.ts';
import { SCENARIOS, type ScenarioName } from '../chaos/planted/scenarios.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

/** Every so many-th, where a sample is enough; without the one that has sentinels to start. */
const SAMPLE_STEP = 9;

export function run({ sample, seed, log }: ClaimOptions): Promise<Claim> {
  return claim('planted bugs', async (violations) => {
    const bugs = sample
      ? BUGS.filter(({ scenario }, i) => i % SAMPLE_STEP === seed % SAMPLE_STEP && scenario !== 'partitioned replica')
      : BUGS;
    const scenarios = sample ? [...new Set(bugs.map(({ scenario }) => scenario))] : (Object.keys(SCENARIOS) as ScenarioName[]);
    for (const problem of await runClean(scenarios, seed)) violations.push(`without a bug, ${problem}`);
    const names: Record<string, string[]> = {};
    // Two at a time: they wait for most of their time.
    const rest = [...bugs];
    const plantAll = async (): Promise<void> => {
      for (let bug = rest.shift(); bug; bug = rest.shift()) {
        const { name, caught, named, without } = await plant(bug, seed);
        log(`${name}: ${caught ? 'caught' : 'not caught'} (${named.join(', ')})`);
        if (caught) names[name] = named;
        else
          violations.push(
            `${name}: not caught; named ${named.join(', ') || 'nothing'}${without.map((why) => `; without an occasion: ${why}`).join('')}`,
          );
      }
    };
    await Promise.all([plantAll(), plantAll()]);
    return { caught: Object.keys(names).length, of: bugs.length, names };
  });
}
