/** `node test/chaos/replay.ts FILE`: checks a history that was kept; 0 when it is clean. */
import { check, describe } from './checker/check.ts';
import { executionsOf } from './checker/executions.ts';
import { History } from './history/history.ts';

const [path] = process.argv.slice(2);
if (!path) throw new Error('write `node test/chaos/replay.ts FILE`, with the file of a history');
const history = await History.read(path);
const violations = check(history);
console.log(JSON.stringify({ events: history.events.length, ...executionsOf(history), violations: violations.length }));
if (violations.length > 0) console.log(describe(violations));
process.exitCode = violations.length > 0 ? 1 : 0;
