/**
 * Page tokens: where the next page begins, and a hash of what was asked, so that a token is only good for the same question. They
 * hold nothing of a coordinator: every one of a store takes them.
 */
import { createHash } from 'node:crypto';
import type { PageRequest } from '../../shared/client/types.ts';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { AppError } from '../../shared/domain/errors.ts';

const VERSION = 1;
const DEFAULT_SIZE = 50;
const MAX_SIZE = 1000;
const MAX_TOKEN_CHARS = 1000;

/** Items of one page: 50 unless the request says otherwise, at most 1000. */
export const pageSizeOf = (page: PageRequest): number => Math.min(MAX_SIZE, Math.max(0, Math.floor(page.size ?? 0)) || DEFAULT_SIZE);

/** A token for the page that begins after `key`. `question`: everything that the answer depends on, as plain values. */
export function pageTokenOf(question: unknown, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([VERSION, hashOf(question), ...key])).toString('base64url');
}

/** The key in a token; undefined for the first page. `types`: what the key is made of. Throws `invalid` for any other text. */
export function readPageToken(
  question: unknown,
  token: string | undefined,
  types: readonly ('string' | 'number')[],
): (string | number)[] | undefined {
  if (!token) return undefined;
  const parts = token.length > MAX_TOKEN_CHARS ? undefined : decoded(token);
  if (!parts) throw refused('is no page token');
  const [version, hash, ...key] = parts;
  if (version !== VERSION) throw refused('was made by another version');
  if (hash !== hashOf(question)) throw refused('belongs to another list or filter');
  const fits = key.length === types.length && key.every((part, i) => typeof part === types[i] && (types[i] === 'string' || isCount(part)));
  if (!fits) throw refused('is damaged');
  return key as (string | number)[];
}

const isCount = (part: unknown): boolean => Number.isSafeInteger(part) && (part as number) >= 0;

function decoded(token: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return Array.isArray(value) ? (value as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

const refused = (what: string): AppError =>
  new AppError('invalid', `page_token: ${what}; send next_page_token of the page before with the same filter, or none for the first page`);

/** Of the fields that say something: one that is absent is as good as one that is empty. */
const hashOf = (question: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(tidy(question)))
    .digest('base64url')
    .slice(0, 16);

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const said = Object.entries(value).filter(([, v]) => !isEmpty(v));
  return Object.fromEntries(said.map(([k, v]) => [k, tidy(v)]));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
