/** `npm run check`: lint, format, types, protocol; a row each, and a failing status if one fails. */
import { runChecks } from './checks.ts';

const results = await runChecks();
const failed = results.filter((result) => !result.passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
