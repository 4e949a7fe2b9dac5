/** What administrators ask of the audit log. */
import type { AuditEntry, AuditFilter, AuditHead } from '../../shared/client/audit-types.ts';
import { callsOf, type AuditStore } from './chains.ts';
import type { Head } from './entry.ts';
import { verifyAudit, type AuditProblem, type Beginning } from './verify.ts';

const DEFAULT_LIMIT = 100;

export type AuditStep =
  | { kind: 'problem'; problem: AuditProblem }
  | { kind: 'verdict'; chains: number; lines: number; problems: number; heads: AuditHead[]; begins?: Beginning };

export class AuditReader {
  readonly #store: AuditStore;
  readonly #noted: () => Promise<Record<string, Head>>;

  /** noted: where chains ended, as somebody beside the store has noted. */
  constructor(store: AuditStore, noted: () => Promise<Record<string, Head>> = async () => ({})) {
    this.#store = store;
    this.#noted = noted;
  }

  /** The newest ones that fit, by time. Memory: as many. */
  async list(filter: AuditFilter, signal: AbortSignal): Promise<AuditEntry[]> {
    const { limit = DEFAULT_LIMIT } = filter;
    const found: AuditEntry[] = [];
    for await (const { chain, call } of callsOf(this.#store, filter.sinceMs)) {
      signal.throwIfAborted();
      const { n, atMs, who, by, method, peer, outcome, reason = '', namespace = '', target = '', more = 0 } = call;
      const entry = { chain, line: n, atMs, who, by, method, peer, outcome, reason, namespace, target, more };
      if (!fits(entry, filter)) continue;
      found.push(entry);
      if (found.length >= 2 * limit) found.splice(0, limit);
    }
    return found.slice(-limit);
  }

  /** Problems as they are found, and the verdict at the end. */
  async *verify(heads: readonly AuditHead[], signal: AbortSignal): AsyncGenerator<AuditStep> {
    const expected = Object.fromEntries(heads.map(({ chain, line, hash }): [string, Head] => [chain, [line, hash]]));
    // Before the chains are read: they only grow.
    const walk = verifyAudit(this.#store, expected, await this.#noted());
    for (let problems = 0; ; problems++) {
      const { value, done } = await walk.next();
      signal.throwIfAborted();
      if (done) {
        const ends = Object.entries(value.heads).map(([chain, [line, hash]]) => ({ chain, line, hash }));
        const { chains, lines, begins } = value;
        yield { kind: 'verdict', chains, lines, problems, heads: ends, ...(begins && { begins }) };
        return;
      }
      yield { kind: 'problem', problem: value };
    }
  }
}

const fits = (entry: AuditEntry, { sinceMs = 0, untilMs = Infinity, who = '', method = '', namespace, outcome }: AuditFilter): boolean =>
  entry.atMs >= sinceMs &&
  entry.atMs < untilMs &&
  entry.who.includes(who) &&
  entry.method.includes(method) &&
  (namespace === undefined || entry.namespace === namespace) &&
  (outcome === undefined || entry.outcome === outcome);
