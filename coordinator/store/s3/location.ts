/** Where an S3 store lies: `s3://BUCKET/PREFIX?endpoint=URL&region=NAME&path_style=true`. Pure. */
import type { Fault } from '../../../shared/domain/errors.ts';

export interface S3Location {
  bucket: string;
  /** Of every key; '' or with a slash at its end. */
  prefix: string;
  /** Of a server other than Amazon's. */
  endpoint?: string;
  /** Absent: as the environment, or the profile, has it. */
  region?: string;
  /** Whether the bucket is named in the path, not in the host. */
  pathStyle: boolean;
}

const SCHEME = 's3://';
const OPTIONS = ['endpoint', 'region', 'path_style'];

export const isS3Url = (text: string): boolean => text.startsWith(SCHEME);

/** Reads the URL; what is wrong with it goes into `faults`. */
export function s3LocationOf(text: string, place: string, faults: Fault[]): S3Location | undefined {
  const before = faults.length;
  const fault = (problem: string): void => void faults.push({ place, problem });
  const url = URL.parse(text);
  // Not shown: a secret key may hold what ends the name of a host, so that it is no URL at all.
  if (/@|%40/.test(text)) {
    fault('holds a key, which others could read; write s3://BUCKET/PREFIX, and keys into the environment or a profile (docs/store.md)');
    return undefined;
  }
  if (!url || url.protocol !== 's3:' || url.port || url.hash) {
    fault(`${shown(text)} is no place in S3; write s3://BUCKET/PREFIX`);
    return undefined;
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname))
    fault(`${shown(url.hostname)} is no name of a bucket; write s3://BUCKET/PREFIX`);
  const path = url.pathname.replaceAll(/^\/+|\/+$/g, '');
  if (!/^[\w.!*'()/-]{0,500}$/.test(path) || path.split('/').some((part) => part === '.' || part === '..'))
    fault(`${shown(path)} is no prefix of keys; use letters, digits and / . _ -`);
  for (const name of new Set(url.searchParams.keys()))
    if (!OPTIONS.includes(name)) fault(`?${shown(name)} is not known; there are ${OPTIONS.join(', ')}`);
  const endpoint = url.searchParams.get('endpoint') ?? '';
  const server = endpoint ? URL.parse(endpoint) : undefined;
  if (endpoint && !/^https?:$/.test(server?.protocol ?? ''))
    fault(`endpoint=${shown(endpoint)} is no URL; write endpoint=https://HOST:PORT`);
  const region = url.searchParams.get('region') ?? (endpoint ? 'us-east-1' : '');
  if (!/^[a-z0-9-]{0,40}$/.test(region)) fault(`region=${shown(region)} is no name of a region; write one such as eu-central-1`);
  const style = url.searchParams.get('path_style') ?? (endpoint ? 'true' : 'false');
  if (!['true', 'false'].includes(style)) fault(`path_style=${shown(style)} is neither true nor false`);
  if (faults.length > before) return undefined;
  return {
    bucket: url.hostname,
    prefix: path === '' ? '' : `${path}/`,
    ...(endpoint ? { endpoint } : {}),
    ...(region ? { region } : {}),
    pathStyle: style === 'true',
  };
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));
