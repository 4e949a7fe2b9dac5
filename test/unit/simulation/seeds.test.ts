/** Worlds of the simulation in which a promise was broken once. */
import { expect, test } from 'vitest';
import { runSeed } from '../../simulation/run.ts';

test.each([
  [87_217, 'a ledger that was lost and made anew while a report was written of it'],
  [163_398, 'a skip that Redis forgot, and results that the ledger counted before its recovery'],
  [178_199, 'the same'],
  [94_805, 'a coordinator that started while Redis went away: it starts again, as its supervisor has it'],
  [136_406, 'the same'],
  [305_303, 'the same, while clients wait for their answers'],
  [48_469, 'a ledger made anew after its recovery was told'],
  [121_404, 'the same'],
  [88_134, 'the end of what is over, to a watcher whose coordinator had not read it so far'],
  [35_870, 'an agent put to sleep when all else was over: nobody judges its calls before it is awake'],
  [73_661, 'the same, of one that was cut off until then'],
  [119_518, 'the same, while another one is cut off'],
  [132_054, 'the same, put to sleep twice, beside a line that stalls'],
  [20_418, 'a refusal that Redis forgot, of an attempt that runs again'],
  [114_972, 'a judge’s call under way when its answer is opened again: it is another call from then on'],
  [1_033, 'results that come late, to a ledger that came back as it was before a cancel'],
])('%i: %s', async (seed) => {
  expect((await runSeed(seed)).violations).toEqual([]);
});
