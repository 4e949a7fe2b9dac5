/**
 * `node test/chaos/failpoints/one.ts PLACE:before|after:exit|throw|delay:CALL [--store s3] [--coordinators 2] [--seed N]`: tries one failpoint
 * again; 0 when nothing is broken.
 */
import { parseArgs } from 'node:util';
import { failpointOf } from '../process/failpoint.ts';
import { runFailpoints } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: 'string', default: 'directory' },
    coordinators: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
const [text] = positionals;
if (!text) throw new Error('write `node test/chaos/failpoints/one.ts PLACE:before|after:exit|throw|delay:CALL`');
const results = await runFailpoints([failpointOf(text)], {
  store: values.store === 's3' ? 's3' : 'directory',
  coordinators: Number(values.coordinators),
  seed: Number(values.seed),
});
console.log(JSON.stringify(results, undefined, 2));
process.exit(results.every(({ problem }) => problem === '') ? 0 : 1);
