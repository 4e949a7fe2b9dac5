/** The agent's settings: agent.yaml and a few variables, read once into a frozen object. docs/agents.md is the manual. */
import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { isBearer, NO_BEARER } from '../shared/domain/bearer.ts';
import { AppError } from '../shared/domain/errors.ts';
import type { ConfigFile } from '../shared/runtime/config-file.ts';
import { ConfigReader } from '../shared/runtime/config-reader.ts';
import { readPrivateFile } from '../shared/runtime/private-file.ts';
import { isLoopbackName } from '../shared/runtime/redis-url.ts';
import { speaksTls } from '../shared/rpc/channel.ts';
import type { TlsFilePaths } from '../shared/rpc/tls-files.ts';
import { authorityProblem, pairProblem } from '../shared/rpc/tls-material.ts';
import { LOG_LEVELS, type LogLevel } from '../shared/telemetry/logger.ts';
import { readCache, type CacheConfig } from './cache-config.ts';
import { readModels } from './model-config.ts';
import type { ModelEntry } from './models/provider.ts';
import { readCommands, readUrls } from './permit-config.ts';
import { checkEntries, readPolicy, type Policy } from './policy-config.ts';
import { Secret } from './secrets/secret.ts';
import { readSandbox } from './sandbox-config.ts';
import type { SandboxConfig } from './sandbox/sandbox.ts';
import type { CommandConfig } from './scorers/program-process.ts';

export interface AgentConfig {
  /** Coordinators, `host:port` or `unix:/path`, tried in turn. */
  addresses: readonly string[];
  name: string;
  labels: Readonly<Record<string, string>>;
  models: readonly ModelEntry[];
  /** Programs that specs may name as scorers. */
  commands: Readonly<Record<string, CommandConfig>>;
  /** Patterns of URLs that specs may name as scorers and solvers. */
  urls: readonly string[];
  /** Where programs of models are run; undefined: nowhere. */
  sandbox: SandboxConfig | undefined;
  slots: number;
  /** The spool's folder. */
  spool: string;
  spoolMaxBytes: number;
  /** Where completions are kept; undefined: the operator forbids it. */
  cache: CacheConfig | undefined;
  /** What it never does, whatever it is asked for. */
  policy: Policy;
  /** From ASSAY_TOKEN. */
  token: Secret | undefined;
  /** Read again for every connection, so that a new token needs no restart. */
  tokenFile: string | undefined;
  /** PEM of the authority that the coordinators' certificates are checked with. */
  tlsCa: Buffer | undefined;
  /** Where that and the agent's own certificate lie; read again for every connection. */
  tlsFiles: TlsFilePaths | undefined;
  /** Whether TLS is spoken: wherever an address leaves this host, unless the file says otherwise. */
  tls: boolean;
  /** How long running samples may go on after the first SIGTERM. */
  drainMs: number;
  /** Where /metrics is served; undefined: nowhere. */
  http: { host: string; port: number } | undefined;
  logLevel: LogLevel;
}

export interface AgentConfigSources {
  file: ConfigFile;
  environment: Readonly<Record<string, string | undefined>>;
}

const GIB = 1024 ** 3;
/** Serves the specs whose solver is the team's own code; written out, it may have other numbers. */
const NO_MODEL: ModelEntry = { match: 'none/*', provider: 'none', maxConnections: 32, lookAhead: 8, options: {} };
/** The variables that an agent listens to, beside those that hold keys. */
const VARIABLES = [
  'ASSAY_ADDRESS',
  'ASSAY_TOKEN',
  'ASSAY_TOKEN_FILE',
  'ASSAY_TLS',
  'ASSAY_TLS_CA',
  'ASSAY_TLS_CLIENT_CERT',
  'ASSAY_TLS_CLIENT_KEY',
  'ASSAY_LOG_LEVEL',
];
const ADDRESS = /^(unix:.+|(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):\d{1,5})$/;

/** Throws AppError `invalid` with every fault, its place and its remedy. */
export function readAgentConfig({ file, environment }: AgentConfigSources): AgentConfig {
  const known = Object.fromEntries(VARIABLES.map((name) => [name, environment[name]]));
  const reader = new ConfigReader({ what: 'the agent’s configuration', file, environment: known });
  const name = reader.string('name', { default: hostname() });
  if (!/^[\w.@-]{1,100}$/.test(name))
    reader.fault('name', `${JSON.stringify(name.slice(0, 120))} is no name; use 1 to 100 letters, digits and . _ - @`);
  const fault = (place: string, problem: string): void => reader.fault(place, problem);
  const models = reader.find('models');
  const commands = reader.find('commands');
  const urls = reader.find('urls');
  const sandbox = reader.find('sandbox');
  const urlPatterns = urls ? readUrls({ ...urls, fault }) : [];
  const addresses = readAddresses(reader);
  const tlsCaPath = reader.path('tls_ca');
  const tlsCa = tlsCaPath === undefined ? undefined : readBytes(reader, 'tls_ca', tlsCaPath);
  const tlsFiles = readTlsFiles(reader, tlsCaPath, tlsCa);
  const tls = reader.boolean('tls');
  if (tls === false && tlsCaPath !== undefined) reader.fault('tls', 'is false beside tls_ca; leave one of them out');
  const cache = reader.find('cache');
  const policy = readPolicy({ found: reader.find('policy'), fault });
  const home = environment['ASSAY_HOME'] || join(homedir(), '.assay');
  const spool = reader.path('spool', { default: join(home, 'agents', name) });
  const config: AgentConfig = {
    addresses,
    name,
    labels: readLabels(reader),
    models: [
      // Who only allows URLs serves no model, but the ones that stand in for none.
      ...(models || urlPatterns.length === 0
        ? readModels({ value: undefined, place: 'models', folder: '.', ...models, environment, fault })
        : []),
      ...(urlPatterns.length > 0 ? [NO_MODEL] : []),
    ].filter((entry, i, all) => all.findIndex(({ match }) => match === entry.match) === i),
    commands: commands ? readCommands({ ...commands, environment, fault }) : {},
    urls: urlPatterns,
    sandbox: sandbox ? readSandbox({ ...sandbox, environment, fault }) : undefined,
    slots: reader.int('slots', { default: 0, max: 10_000 }),
    spool,
    spoolMaxBytes: reader.int('spool_max_bytes', { default: GIB, min: 1024 * 1024 }),
    cache: readCache({ found: cache, fallback: join(spool, 'cache'), fault }),
    policy,
    token: readToken(reader),
    tokenFile: reader.path('token_file'),
    tlsCa,
    tlsFiles,
    tls: speaksTls({ addresses, tls, tlsCa }),
    drainMs: reader.ms('drain_ms', { default: 600_000 }),
    http: readHttp(reader),
    logLevel: reader.oneOf('log_level', LOG_LEVELS, { default: 'info' }),
  };
  // Read again for each connection; here only so that a wrong path is found at the start.
  const token = config.tokenFile === undefined ? undefined : readBytes(reader, 'token_file', config.tokenFile, readPrivateFile);
  if (token && !isBearer(token.toString('utf8').trim())) reader.fault(reader.find('token_file')!.place, `${config.tokenFile} ${NO_BEARER}`);
  if (file.values['token'] !== undefined)
    reader.fault(`${file.path}: token`, 'tokens do not belong into this file; use token_file, or the variable ASSAY_TOKEN');
  checkEntries(config.models, policy, fault);
  reader.finish();
  return Object.freeze(config);
}

function readToken(reader: ConfigReader): Secret | undefined {
  const token = reader.string('token', { secret: true });
  if (token !== undefined && !isBearer(token)) reader.fault(reader.find('token')!.place, NO_BEARER);
  return token === undefined ? undefined : new Secret(token, { source: 'ASSAY_TOKEN' });
}

/** The token for the next connection. */
export const tokenOf = (config: AgentConfig): string | undefined =>
  config.tokenFile === undefined ? config.token?.value : readFileSync(config.tokenFile, 'utf8').trim() || undefined;

function readAddresses(reader: ConfigReader): string[] {
  // Both are read, so that neither counts as unknown.
  const one = reader.list('address');
  const several = reader.list('addresses');
  const addresses = one ?? several ?? [];
  if (addresses.length === 0) reader.fault('addresses', 'is missing; write `addresses: [coordinator-host:4510]`, or set ASSAY_ADDRESS');
  for (const address of addresses) {
    if (!ADDRESS.test(address) || Number(/:(\d+)$/.exec(address)?.[1] ?? 1) > 65_535) {
      const { place } = (reader.find('address') ?? reader.find('addresses'))!;
      reader.fault(place, `${JSON.stringify(address)} is no address; write host:port, without a scheme, or unix:/path`);
    }
  }
  return addresses;
}

/** Where the authority and the agent's certificate lie; looked at here, so that what cannot be used is found at the start. */
function readTlsFiles(reader: ConfigReader, caPath: string | undefined, ca: Buffer | undefined): TlsFilePaths | undefined {
  const placeOf = (name: string): string => reader.find(name)?.place ?? name;
  const caProblem = ca && authorityProblem(ca);
  if (caProblem) reader.fault(placeOf('tls_ca'), `${caPath}: ${caProblem}; name the file of the authority, often ca.pem`);
  const [certPath, keyPath] = [reader.path('tls_client_cert'), reader.path('tls_client_key')];
  const of = caPath === undefined ? {} : { ca: caPath };
  if (certPath === undefined && keyPath === undefined) return caPath === undefined ? undefined : of;
  if (certPath === undefined || keyPath === undefined) {
    reader.fault(
      certPath === undefined ? 'tls_client_cert' : 'tls_client_key',
      'is missing, and the other is given; a certificate needs its key',
    );
    return undefined;
  }
  const [cert, key] = [
    readBytes(reader, placeOf('tls_client_cert'), certPath),
    readBytes(reader, placeOf('tls_client_key'), keyPath, readPrivateFile),
  ];
  const problem = cert && key && pairProblem({ cert, key }, Date.now());
  if (problem) reader.fault(placeOf('tls_client_cert'), `${certPath} and ${keyPath} cannot be used: ${problem}`);
  return { ...of, cert: certPath, key: keyPath };
}

function readLabels(reader: ConfigReader): Record<string, string> {
  const found = reader.find('labels');
  if (!found) return {};
  const { value, place } = found;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.fault(place, 'is no mapping; write `labels: {zone: eu}`');
    return {};
  }
  const labels: Record<string, string> = {};
  for (const [key, label] of Object.entries(value)) {
    const text = typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean' ? String(label) : undefined;
    if (text !== undefined && text.length <= 128 && key.length >= 1 && key.length <= 63) labels[key] = text;
    else reader.fault(`${place}.${key.slice(0, 63)}`, 'must be text of at most 128 characters, with a name of 1 to 63');
  }
  if (Object.keys(labels).length > 64) reader.fault(place, 'has more than 64 labels; keep those that evaluations ask for');
  return labels;
}

/** read: `readPrivateFile` for what holds a secret. */
function readBytes(
  reader: ConfigReader,
  name: string,
  path: string,
  read: (path: string) => Buffer = (plain) => readFileSync(plain),
): Buffer | undefined {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof AppError) reader.fault(reader.find(name)?.place ?? name, `${path} ${error.message}`);
    else reader.fault(name, `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); name a readable file`);
    return undefined;
  }
}

function readHttp(reader: ConfigReader): AgentConfig['http'] {
  const isOpen = reader.boolean('http_open') === true;
  const text = reader.string('http');
  if (text === undefined) return undefined;
  const match = /^(.*):(\d{1,5})$/.exec(text);
  if (!match || Number(match[2]) > 65_535) {
    reader.fault('http', `${JSON.stringify(text)} is no address to listen on; write host:port, such as 127.0.0.1:9465`);
    return undefined;
  }
  const host = match[1]!.replace(/^\[|\]$/g, '') || '127.0.0.1';
  if (!isLoopbackName(host) && !isOpen)
    reader.fault(
      'http',
      `${text} can be reached from other machines, and is plain HTTP without a token; listen on 127.0.0.1, or say http_open: true`,
    );
  return { host, port: Number(match[2]) };
}
