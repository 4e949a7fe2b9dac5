/** How a command reaches a coordinator: options and environment, checked, as the client's options. */
import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { ClientOptions } from '../shared/client/client.ts';
import { isBearer, NO_BEARER } from '../shared/domain/bearer.ts';
import { DURABILITY_FORMS, parseDurability } from '../shared/domain/durability.ts';
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import { readPrivateFile } from '../shared/runtime/private-file.ts';
import { speaksTls } from '../shared/rpc/channel.ts';
import { TlsFiles, type TlsFilePaths } from '../shared/rpc/tls-files.ts';
import { pairProblem, type TlsPair } from '../shared/rpc/tls-material.ts';
import { plainText } from './render/text.ts';

export interface ConnectionFlags {
  address?: string;
  tokenFile?: string;
  tlsCa?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  tls?: boolean;
  /** Where the command has it. */
  durability?: string;
}

/** Of commands about evaluations. */
export interface EvaluationFlags extends ConnectionFlags {
  namespace?: string;
}

/** Adds the options of commands about evaluations: how to reach a coordinator, and whose evaluations are meant. */
export const addEvaluationOptions = (command: Command): Command =>
  addConnectionOptions(command).addOption(
    new Option('--namespace <name>', 'separates the evaluations of different users').env('ASSAY_NAMESPACE'),
  );

/** Adds the options that every command with a coordinator has. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(new Option('--address <list>', 'coordinators: host:port or unix:/path, comma-separated').env('ASSAY_ADDRESS'))
    .addOption(new Option('--token-file <file>', 'file with the token (or the token itself in ASSAY_TOKEN)').env('ASSAY_TOKEN_FILE'))
    .addOption(new Option('--tls-ca <file>', 'certificate (PEM) of the authority to trust; implies TLS').env('ASSAY_TLS_CA'))
    .addOption(
      new Option('--tls-client-cert <file>', 'certificate (PEM) to show to a coordinator that asks for one').env('ASSAY_TLS_CLIENT_CERT'),
    )
    .addOption(new Option('--tls-client-key <file>', 'its key (PEM)').env('ASSAY_TLS_CLIENT_KEY'))
    .option('--tls', 'use TLS also to this host (elsewhere it is always used)')
    .option('--no-tls', 'never use TLS');
}

/** Adds the option of submits and commands that demands something of the fleet's Redis. */
export const addDurabilityOption = (command: Command): Command =>
  command.option('--durability <class>', 'succeed only once Redis has it so: fsynced, replicated:K, replicated_fsynced:K');

/** What is demanded of a Redis needs a fleet that has one: the private one of a laptop has no replicas. */
export function refuseDurability(flags: ConnectionFlags, connection: ClientOptions | undefined): void {
  if (connection || flags.durability === undefined) return;
  throw new AppError('invalid', '--durability is about the Redis of a fleet; name its coordinator by --address, or leave it out');
}

/** The client's options, or undefined when no address is given. Reports all faults at once. */
export function connectionOf(flags: ConnectionFlags, env: Readonly<Record<string, string | undefined>>): ClientOptions | undefined {
  if (!flags.address) return undefined;
  const faults: Fault[] = [];
  const addresses = flags.address
    .split(',')
    .map((a) => a.trim())
    .filter((a) => a !== '');
  /** Where a value was written: people look for a fault there. */
  const placeOf = (value: string | undefined, option: string, variable: string): string =>
    value !== undefined && value === env[variable] ? variable : option;
  const addressPlace = placeOf(flags.address, '--address', 'ASSAY_ADDRESS');
  const tokenPlace = flags.tokenFile ? placeOf(flags.tokenFile, '--token-file', 'ASSAY_TOKEN_FILE') : 'ASSAY_TOKEN';
  const caPlace = placeOf(flags.tlsCa, '--tls-ca', 'ASSAY_TLS_CA');
  if (addresses.length === 0) faults.push({ place: addressPlace, problem: 'is empty; write host:port, several separated by commas' });
  for (const address of addresses) {
    const problem = addressProblem(address);
    if (problem) faults.push({ place: addressPlace, problem });
  }
  const token = flags.tokenFile
    ? readOption(tokenPlace, flags.tokenFile, faults, readPrivateFile)?.toString('utf8').trim()
    : env['ASSAY_TOKEN'];
  const tlsCa = flags.tlsCa ? readOption(caPlace, flags.tlsCa, faults) : undefined;
  if (tlsCa && !tlsCa.includes('-----BEGIN CERTIFICATE-----'))
    faults.push({ place: caPlace, problem: `${flags.tlsCa} holds no PEM certificate; name the file of the authority, often ca.pem` });
  const pair = readPair(flags, faults, placeOf);
  if (flags.tls === false && tlsCa) faults.push({ place: '--no-tls', problem: `contradicts ${caPlace}; leave one of them out` });
  if (flags.tokenFile && token === '')
    faults.push({ place: tokenPlace, problem: `${flags.tokenFile} is empty; put the coordinator's token into it` });
  else if (token && !isBearer(token)) faults.push({ place: tokenPlace, problem: NO_BEARER });
  const durability = flags.durability === undefined ? undefined : parseDurability(flags.durability);
  if (flags.durability !== undefined && !durability)
    faults.push({
      place: '--durability',
      problem: `'${plainText(flags.durability).slice(0, 40)}' is no durability class; write ${DURABILITY_FORMS}`,
    });
  if (faults.length > 0) throw invalid('the connection', faults);

  const tls = speaksTls({ addresses, tls: flags.tls, tlsCa });
  return {
    addresses,
    tls,
    ...(durability ? { durability } : {}),
    ...(token ? { token } : {}),
    ...(tlsCa ? { tlsCa } : {}),
    ...(pair && tls ? { tlsCert: pair.cert, tlsKey: pair.key } : {}),
    // A command may watch for days.
    ...(tls && (flags.tlsCa || pair) ? { tlsFiles: new TlsFiles({ paths: pathsOf(flags) }) } : {}),
  };
}

const pathsOf = ({ tlsCa, tlsClientCert, tlsClientKey }: ConnectionFlags): TlsFilePaths => ({
  ...(tlsCa ? { ca: tlsCa } : {}),
  ...(tlsClientCert && tlsClientKey ? { cert: tlsClientCert, key: tlsClientKey } : {}),
});

/** The certificate to show, with its key. */
function readPair(
  flags: ConnectionFlags,
  faults: Fault[],
  placeOf: (value: string | undefined, option: string, variable: string) => string,
): TlsPair | undefined {
  const { tlsClientCert, tlsClientKey } = flags;
  const certPlace = placeOf(tlsClientCert, '--tls-client-cert', 'ASSAY_TLS_CLIENT_CERT');
  const keyPlace = placeOf(tlsClientKey, '--tls-client-key', 'ASSAY_TLS_CLIENT_KEY');
  if (!tlsClientCert && !tlsClientKey) return undefined;
  if (!tlsClientCert || !tlsClientKey) {
    faults.push({
      place: tlsClientCert ? certPlace : keyPlace,
      problem: `is given without ${tlsClientCert ? '--tls-client-key' : '--tls-client-cert'}; a certificate needs its key`,
    });
    return undefined;
  }
  const [cert, key] = [readOption(certPlace, tlsClientCert, faults), readOption(keyPlace, tlsClientKey, faults, readPrivateFile)];
  if (!cert || !key) return undefined;
  const problem = pairProblem({ cert, key }, Date.now());
  if (problem) faults.push({ place: certPlace, problem: `${tlsClientCert} and ${tlsClientKey} cannot be used: ${problem}` });
  return { cert, key };
}

/** What is wrong with an address, or undefined. */
export function addressProblem(address: string): string | undefined {
  if (address.startsWith('unix:'))
    return address.length > 'unix:'.length ? undefined : `'${address}' has no path; write unix:/path/to/socket`;
  if (address.includes('://')) return `'${address}' is a URL; write host:port`;
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+):(\d{1,5})$/.exec(address);
  if (!match) return `'${address}' is no address; write host:port (or [::1]:port, unix:/path)`;
  const port = Number(match[2]);
  return port >= 1 && port <= 65_535 ? undefined : `'${address}' has a port outside 1 … 65535`;
}

/** read: `readPrivateFile` for what holds a secret. */
function readOption(
  option: string,
  path: string,
  faults: Fault[],
  read: (path: string) => Buffer = (plain) => readFileSync(plain),
): Buffer | undefined {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof AppError) {
      faults.push({ place: option, problem: `${path} ${error.message}` });
      return undefined;
    }
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    faults.push({ place: option, problem: `${path} cannot be read: ${why}` });
    return undefined;
  }
}
