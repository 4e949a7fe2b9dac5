/** Where the other processes' programs lie, and what of our environment they get. */
import { extname, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Whether we run from the built package, where nothing of the repository is (its scripts, `.tools`), not from the sources. */
export const isInstalled = extname(import.meta.filename) === '.js';

/** The program of a coordinator or an agent: `.ts` as we are, or `.js` after a build. */
export const mainOf = (process: 'coordinator' | 'agent'): string => resolve(ROOT, process, `main${extname(import.meta.filename)}`);

/**
 * How Node runs them: the space for young objects is bounded, so that memory under load is about the same on small and large hosts. A coordinator
 * may be dialled by its IP address; Node's remark on that (DEP0123) is nothing that anybody could act upon, and no line of a log.
 */
export const NODE_FLAGS = ['--max-semi-space-size=16', '--disable-warning=DEP0123'];

/** Settings of a fleet's processes; inside, we say ourselves who listens where. */
const FLEET = /^ASSAY_(ADDRESS|ADDRESSES|TOKEN|TOKEN_FILE|TLS_.*|LISTEN|HTTP.*|STORE|REDIS.*|CONFIG|NAME|SPOOL|HOME)$/;
const SECRETS = /_(API_KEY|TOKEN|SECRET|PASSWORD|ACCESS_KEY)$/;

type Env = Readonly<Record<string, string | undefined>>;

/** The environment of a process inside the stack: without the fleet's settings, chatty enough to be understood. */
export function environmentOf(env: Env, options: { secrets: boolean }): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !FLEET.test(name) && (options.secrets || !SECRETS.test(name)));
  return { ...Object.fromEntries(kept), ASSAY_LOG_LEVEL: levelOf(env) };
}

/** The line that names the address is of level info. */
const levelOf = (env: Env): string =>
  env['ASSAY_LOG_LEVEL'] && /^(trace|debug)$/.test(env['ASSAY_LOG_LEVEL']) ? env['ASSAY_LOG_LEVEL'] : 'info';
