/** The coordinator's flags, as they stand on the command line; config.ts says what each is. */
import { parseArgs } from 'node:util';
import { AppError, type Fault } from '../shared/domain/errors.ts';
import { nearestName } from '../shared/domain/nearest-name.ts';
import { readConfigFile, type ConfigFile } from '../shared/runtime/config-file.ts';

const FLAGS = [
  'listen',
  'redis',
  'redis-url',
  'store',
  'index',
  'token-file',
  'tls-cert',
  'tls-key',
  'tls-client-ca',
  'tls-reload-ms',
  'identities',
  'alerts',
  'http',
  'http-origins',
  'http-open-metrics',
  'lease-ms',
  'heartbeat-ms',
  'sweep-ms',
  'accept-ms',
  'drain-ms',
  'task-soft-ms',
  'task-hard-ms',
  'max-content-bytes',
  'redis-headroom-percent',
  'store-headroom-bytes',
  'max-unfinished',
  'max-connections',
  'max-connections-per-peer',
  'max-streams-per-connection',
  'max-messages-per-second',
  'max-pending-bytes',
  'max-pending-bytes-per-peer',
  'handshake-ms',
  'call-ms',
  'slow-ms',
  'require-leases',
  'redis-plaintext',
  'fetch-private',
  'keep-for',
  'keep-evaluations',
  'keep-bytes',
  'keep-ledger',
  'keep-ledgers',
  'keep-ledger-bytes',
  'keep-log-bytes',
  'keep-audit',
  'prices',
  'key-prefix',
  'profile',
  'durability',
  'log-level',
  'config',
];
const SWITCHES = ['exit-with-parent'];

export type Flags = Record<string, string | boolean>;

/** What the arguments say, and what is wrong with them. */
export function flagsOf(argv: readonly string[]): { flags: Flags; faults: Fault[] } {
  const options = Object.fromEntries([
    ...FLAGS.map((name) => [name, { type: 'string' as const }]),
    ...SWITCHES.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const flags: Flags = {};
  const faults: Fault[] = [];
  let unknownAt = -2;
  for (const token of tokens) {
    // What follows an unknown flag is its value, not another fault.
    if (token.kind === 'positional' && token.index !== unknownAt + 1)
      faults.push({ place: token.value, problem: 'is no flag; write flags as --name value' });
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (SWITCHES.includes(name)) flags[name] = value ?? true;
    else if (!FLAGS.includes(name)) {
      unknownAt = token.index;
      faults.push({ place: rawName, problem: `is no flag of a coordinator; ${meant(name)}` });
    } else if (value === undefined || value.startsWith('--')) faults.push({ place: rawName, problem: 'has no value; write one behind it' });
    else flags[name] = value;
  }
  return { flags, faults };
}

function meant(name: string): string {
  const nearest = nearestName(name, [...FLAGS, ...SWITCHES]);
  return nearest ? `did you mean --${nearest}?` : `there are ${[...FLAGS, ...SWITCHES].map((flag) => `--${flag}`).join(', ')}`;
}

/** In the form that the reader wants; `--redis` is short for `--redis-url`. */
export function camelFlags({ redis, config: _config, ...rest }: Flags): Record<string, unknown> {
  const all = redis === undefined ? rest : { 'redis-url': redis, ...rest };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value]),
  );
}

/** A file that cannot be read is one fault among others. */
export async function configFile(path: string | boolean | undefined, faults: Fault[]): Promise<ConfigFile | undefined> {
  if (typeof path !== 'string' || path === '') return undefined;
  try {
    return await readConfigFile(path);
  } catch (error) {
    faults.push({ place: '', problem: AppError.from(error).message });
    return undefined;
  }
}
