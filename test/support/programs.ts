/** The programs that tests start: bundled by `npm test`, which start in a third of the time; their sources otherwise. */
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const bundled = process.env['ASSAY_TEST_PROGRAMS'];

export const programOf = (name: 'cli' | 'coordinator' | 'agent'): string =>
  bundled ? join(bundled, `${name}.mjs`) : join(ROOT, name, 'main.ts');
