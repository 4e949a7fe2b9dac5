/** One measurement as a line of JSON: `node test/bench/one.ts SAMPLES PER_TASK [COORDINATORS]`; PROFILE=DIR writes CPU profiles. */
import { measure } from './workload.ts';

const [samples, perTask, coordinators] = process.argv.slice(2).map(Number);
process.stdout.write(
  `${JSON.stringify(await measure({ samples: samples || 5_000, perTask: perTask || 1, coordinators: coordinators || 1 }))}\n`,
);
