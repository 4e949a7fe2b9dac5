/**
 * One line of the audit log. Each bears its number in its chain, the hash of the line before it, and its own: SHA-256 over all else that it says,
 * as canonical JSON in ASCII. So a line that was changed, taken out or moved shows, and which one. There is one way to write a line, to the byte:
 * two that say the same to one reader, and not to another, are not both right.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';

/** Characters of any text of an entry. */
export const MAX_TEXT = 512;
/** The hash before the first line of a chain. */
export const NO_HASH = '0'.repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(MAX_TEXT);
const number = z.int().positive();
/** How far a chain is: its last number, and the hash of that line. */
const head = z.tuple([number, hash]);
export type Head = z.infer<typeof head>;

const common = { n: number, prev: hash, atMs: z.number() };
const entry = z.discriminatedUnion('kind', [
  /** The first of a chain, and later ones whenever others have moved on: where the other chains stand. */
  z.strictObject({ ...common, kind: z.literal('heads'), heads: z.record(z.string().regex(/^[\w-]{1,100}$/), head) }),
  /** Chains that began before `before` are removed by retention: what is in them is older than `keepMs`. */
  z.strictObject({ ...common, kind: z.literal('removed'), before: number, keepMs: number, chains: number }),
  /** A call: who, what, where, and whether it may be made. */
  z.strictObject({
    ...common,
    kind: z.literal('call'),
    who: text,
    by: z.enum(['local', 'token', 'agent', 'jwt', 'certificate', 'nobody']),
    method: text,
    peer: text,
    outcome: z.enum(['ok', 'denied']),
    reason: text.exactOptional(),
    namespace: text.exactOptional(),
    target: text.exactOptional(),
    /** So many more calls of this caller were denied, of which nothing else is told. */
    more: number.exactOptional(),
  }),
]);
export type Entry = z.infer<typeof entry>;
export type Removal = Entry & { kind: 'removed' };
export type CallEntry = Entry & { kind: 'call' };
/** What is told of a call; the log adds where it stands. */
export type Call = Omit<CallEntry, 'kind' | 'n' | 'prev' | 'atMs'>;

const plainJson = (value: object): string =>
  canonicalJson(value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
const hashOf = (value: object): string => createHash('sha256').update(plainJson(value)).digest('hex');

/** The line, and its hash. */
export function lineOf(value: Entry): { line: string; hash: string } {
  const own = hashOf(value);
  return { line: `${plainJson({ ...value, hash: own })}\n`, hash: own };
}

/** line: without its end. Undefined where it says something else than what was written, or says it in another way, or nothing that can be read. */
export function entryOf(line: string): { entry: Entry; hash: string } | undefined {
  try {
    const { hash: own, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const { data } = entry.safeParse(rest);
    if (!data) return undefined;
    const written = lineOf(data);
    return written.hash === own && written.line === `${line}\n` ? { entry: data, hash: own } : undefined;
  } catch {
    return undefined;
  }
}

/** Bounded, and without what moves a terminal's cursor. */
export const tellable = (value: string): string => {
  // oxlint-disable-next-line no-control-regex
  const plain = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').toWellFormed();
  return plain.length <= MAX_TEXT ? plain : `${plain.slice(0, MAX_TEXT - 1).toWellFormed()}…`;
};
