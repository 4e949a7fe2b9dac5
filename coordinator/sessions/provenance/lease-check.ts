/** Whether what an agent shows proves that an attempt is its own. Pure, but for the look at the keys. */
import type { HeldAttempt } from '../session-types.ts';
import type { LeaseClaims } from './lease-token.ts';
import type { OpenedLease } from './lease-keys.ts';

/** What a message says of an attempt. */
export interface AboutAttempt {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  lease?: Buffer;
}

/** Why a lease is refused. `isHonest`: it may be so without anybody's ill will. */
export interface LeaseProblem {
  why: string;
  isHonest?: boolean;
}

export interface LeaseCheckParts {
  /** The verified agent of the session. */
  agentId: string;
  open: (lease: Buffer) => OpenedLease | Promise<OpenedLease>;
  now: () => number;
  /** Whether also attempts that were granted without one need one. */
  areRequired: boolean;
}

const MISSING: LeaseProblem = { why: 'the lease is missing' };

export class LeaseCheck {
  readonly #parts: LeaseCheckParts;

  constructor(parts: LeaseCheckParts) {
    this.#parts = parts;
  }

  /**
   * Undefined: it holds. `held`: the attempt as this coordinator knows it; undefined: it is not the agent's, or no more. At once, unless the key
   * has to be looked up first.
   */
  problemOf(about: AboutAttempt, held: HeldAttempt | undefined): LeaseProblem | undefined | Promise<LeaseProblem | undefined> {
    const { open, areRequired } = this.#parts;
    if (held && (about.evaluationId !== held.evaluationId || about.taskId !== held.taskId))
      return { why: 'the attempt is one at another task' };
    // Of an attempt that is over nothing is taken anyway.
    if (about.lease === undefined) return held && (held.isSigned || areRequired) ? MISSING : undefined;
    const opened = open(about.lease);
    return opened instanceof Promise ? opened.then((o) => this.#judged(o, about, held)) : this.#judged(opened, about, held);
  }

  #judged(opened: OpenedLease, about: AboutAttempt, held: HeldAttempt | undefined): LeaseProblem | undefined {
    if ('claims' in opened) return this.#mismatch(opened.claims, about, held);
    return opened.problem === 'unknown'
      ? { why: 'the lease is signed by an unknown key', isHonest: true }
      : { why: 'the lease is not signed by the key that it names' };
  }

  #mismatch(claims: LeaseClaims, about: AboutAttempt, held: HeldAttempt | undefined): LeaseProblem | undefined {
    if (claims.agentId !== this.#parts.agentId) return { why: `the lease is one of agent ${claims.agentId}` };
    for (const name of ['evaluationId', 'taskId', 'attemptId'] as const)
      if (claims[name] !== about[name]) return { why: `the lease is one of another ${name.slice(0, -'Id'.length)}: ${claims[name]}` };
    if (held && claims.namespace !== held.namespace) return { why: `the lease is one of namespace ${claims.namespace}` };
    if (held && claims.grant !== held.grant) return { why: 'the lease is one of another grant' };
    return claims.expiresAtMs <= this.#parts.now() ? { why: 'the lease is over', isHonest: true } : undefined;
  }
}
