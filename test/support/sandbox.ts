/** A real sandbox for tests, where this machine can have one. */
import { delimiter, join } from 'node:path';
import { isProgram, Sandbox } from '../../agent/sandbox/sandbox.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';

const TOOLS = join(import.meta.dirname, '../../.tools/bin');
/** With what scripts/setup-sandbox.sh has fetched. */
export const PATH = [TOOLS, process.env['PATH'] ?? ''].join(delimiter);

export const bubblewrap = PATH.split(delimiter)
  .map((folder) => join(folder, 'bwrap'))
  .find(isProgram);

/** Whether tests of sandboxes may not skip. */
export const mustHave = ({ CI = '', ASSAY_SETUP_SANDBOX }: NodeJS.ProcessEnv): boolean =>
  !['', 'false', '0'].includes(CI) && ASSAY_SETUP_SANDBOX !== 'none';

/**
 * undefined, with a printed reason, where there can be none: the tests skip. In a continuous integration (CI is set) they fail instead: what is
 * always skipped shows nothing. ASSAY_SETUP_SANDBOX=none says that this one has none.
 */
export async function openSandbox(maxRuns = 2): Promise<Sandbox | undefined> {
  try {
    return await Sandbox.open({ kind: 'bubblewrap', bubblewrap, python: '/usr/bin/python3', maxRuns }, { clock: systemClock });
  } catch (error) {
    const why = `no sandbox here: ${AppError.from(error).message}`;
    if (mustHave(process.env)) throw new Error(`${why} (scripts/setup-sandbox.sh fetches bubblewrap)`, { cause: error });
    console.log(`skipped, ${why}`);
    return undefined;
  }
}
