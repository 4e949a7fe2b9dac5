/**
 * `policy` of agent.yaml: what this agent never does, whatever a coordinator or a spec asks for. It stands there as a mapping, or in a file of its
 * own that `policy` names, which another user may own.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parsePriceTable, PRICES, type PriceTable } from '../shared/domain/prices.ts';
import { AppError } from '../shared/domain/errors.ts';
import { faultsOf } from '../shared/domain/spec-faults.ts';
import { matchesPattern } from '../shared/domain/name-pattern.ts';
import { coversUrl, readUrlPattern, urlPatternProblem } from '../shared/domain/url-pattern.ts';
import { readRange } from '../shared/runtime/public-address.ts';
import { capSchema, inMicroUsd } from './cap-config.ts';
import type { ModelEntry } from './models/provider.ts';
import { endpointOf } from './models/base-urls.ts';
import { capOf, unboundedBy } from './spend/open-purses.ts';

const names = z.array(z.string().min(1).max(200)).max(256);
const schema = z.strictObject({
  models: names.optional(),
  namespaces: names.optional(),
  endpoints: names.optional(),
  private_addresses: names.default([]),
  spend_per_day: capSchema.optional(),
  signers: z.array(z.string().min(1).max(4096)).min(1).max(64).optional(),
  prices: z.string().min(1).max(4096).optional(),
});

export interface Policy {
  /** Patterns; absent: whatever `models` has. */
  models?: readonly string[];
  /** Absent: all. */
  namespaces?: readonly string[];
  /** Patterns of URLs; absent: those of `models` and `urls`. */
  endpoints?: readonly string[];
  /** Ranges that hosts which a spec chooses may lead to, beside public ones. */
  privateAddresses: readonly string[];
  /** Whose signature a spec must have; absent: none is needed. */
  signers?: readonly KeyObject[];
  /** For each key. */
  spendPerDay?: { microUsd?: number; tokens?: number };
  prices: PriceTable;
}

export const NO_POLICY: Policy = { privateAddresses: [], prices: PRICES };

export interface PolicySources {
  found: { value: unknown; place: string; folder: string } | undefined;
  fault: (place: string, problem: string) => void;
}

const MAX_BYTES = 1 << 20;

/** What is wrong goes to `fault`: a policy of which a part cannot be read is none. */
export function readPolicy({ found, fault }: PolicySources): Policy {
  if (!found) return NO_POLICY;
  const { value, place, folder } = typeof found.value === 'string' ? fromFile(found.value, found, fault) : found;
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    if (value !== undefined)
      for (const { place: key, problem } of faultsOf(parsed.error.issues, value, schema)) fault(key ? `${place}.${key}` : place, problem);
    return NO_POLICY;
  }
  const { models, namespaces, endpoints, private_addresses: privateAddresses, spend_per_day: spendPerDay, prices, signers } = parsed.data;
  endpoints?.forEach((text, i) => {
    const problem = urlPatternProblem(text);
    if (problem) fault(`${place}.endpoints[${i}]`, `${JSON.stringify(text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 120))} ${problem}`);
  });
  privateAddresses.forEach((text, i) => {
    if (!readRange(text))
      fault(`${place}.private_addresses[${i}]`, `${JSON.stringify(text.slice(0, 120))} is no range; write one such as 10.1.0.0/16`);
  });
  return {
    privateAddresses: privateAddresses.filter(readRange),
    prices: prices === undefined ? PRICES : pricesOf(resolve(folder, prices), (problem) => fault(`${place}.prices`, problem)),
    ...(signers
      ? {
          signers: signers.flatMap(
            (name, i) => signerOf(resolve(folder, name), (problem) => fault(`${place}.signers[${i}]`, problem)) ?? [],
          ),
        }
      : {}),
    ...(models ? { models } : {}),
    ...(namespaces ? { namespaces } : {}),
    ...(endpoints ? { endpoints: endpoints.filter((text) => readUrlPattern(text) !== undefined) } : {}),
    ...(spendPerDay ? { spendPerDay: inMicroUsd(spendPerDay) } : {}),
  };
}

function fromFile(
  name: string,
  { place, folder }: { place: string; folder: string },
  fault: PolicySources['fault'],
): { value: unknown; place: string; folder: string } {
  const path = resolve(folder, name);
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    const value: unknown = parse(bytes.toString('utf8'), { prettyErrors: false, maxAliasCount: 100 }) ?? {};
    return { value, place: name, folder: resolve(path, '..') };
  } catch (error) {
    fault(
      place,
      `${name.slice(0, 200)} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message.split('\n')[0]}); name a YAML file`,
    );
    return { value: undefined, place, folder };
  }
}

function signerOf(path: string, fault: (problem: string) => void): KeyObject | undefined {
  try {
    const key = createPublicKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
    fault(`${path} is a key of the kind ${key.asymmetricKeyType}; name an Ed25519 one: openssl pkey -in sign.key -pubout`);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    fault(
      `${path} ${code.startsWith('E') && !code.startsWith('ERR') ? `cannot be read (${code})` : 'is no public key in PEM'}; name an Ed25519 one: openssl pkey -in sign.key -pubout`,
    );
  }
  return undefined;
}

function pricesOf(path: string, fault: (problem: string) => void): PriceTable {
  try {
    return parsePriceTable(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    fault(
      error instanceof AppError
        ? error.message
        : `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no JSON'}); name a table of prices, as for the coordinator's --prices`,
    );
    return PRICES;
  }
}

/** The entries of `models` that go beyond the policy: their faults go to `fault`. Nothing of a spec is in this, so the start decides it. */
export function checkEntries(entries: readonly ModelEntry[], policy: Policy, fault: (place: string, problem: string) => void): void {
  const { models, endpoints, spendPerDay, prices } = policy;
  for (const entry of entries) {
    const { match } = entry;
    // A star of the entry can only be covered by one of the policy.
    if (models && entry.provider !== 'none' && !models.some((pattern) => matchesPattern(pattern, match)))
      fault(
        `models: ${match}`,
        `is not among policy.models, which has ${models.join(', ') || 'none'}; narrow the entry, or widen the policy`,
      );
    const unbounded = match.includes('*')
      ? undefined
      : unboundedBy(capOf(entry, entries, spendPerDay), entry, match.slice(match.indexOf('/') + 1), prices);
    if (unbounded) fault(`models: ${match}`, unbounded);
    const url = endpoints && endpointOf(entry);
    if (url && !endpoints.map((text) => readUrlPattern(text)!).some((pattern) => coversUrl(pattern, url)))
      fault(`models: ${match}`, `its endpoint ${url.origin}${url.pathname} is not among policy.endpoints; list it there`);
  }
}
