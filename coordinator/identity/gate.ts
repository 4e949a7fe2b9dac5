/** Decides of each call whether it may be made at all, before a handler hears of it: who calls, by the authenticators; and by the rules, what. */
import { isAgentBearer } from '../../shared/domain/agent-key.ts';
import { isBearer } from '../../shared/domain/bearer.ts';
import { lackOf, RULES, type Rule } from '../../shared/domain/access-rules.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Authenticator, Presented, Verified } from './authenticator.ts';

/** What was decided of a call: of every one that is denied, and of privileged ones that are allowed. */
export interface Decision {
  /** Absent: nobody was verified. */
  readonly identity?: Identity;
  /** The full path. */
  readonly method: string;
  readonly peer: string;
  readonly outcome: 'ok' | 'denied';
  readonly reason: string;
  /** Where it is known by then. */
  readonly namespace?: string;
  /** What it is about: an evaluation, a task, a token, an agent, a route. */
  readonly target?: string;
}

/** Of a privileged call that is allowed it is waited for: where it rejects, the call is refused. */
export type OnDecision = (decision: Decision) => void | Promise<void>;

export interface GateParts {
  /** Tried in order. */
  authenticators: readonly Authenticator[];
  onDecision?: OnDecision | undefined;
  /** Somebody has changed evaluations. Nobody waits for it. */
  onChange?: ((change: Decision) => void) | undefined;
}

const NOBODY: Verified = {
  identity: { name: 'anonymous', kind: 'local', scopes: new Set(), namespaces: [] },
  watch: () => () => undefined,
};

export class Gate {
  readonly #authenticators: readonly Authenticator[];
  readonly #onDecision: OnDecision;
  readonly #onChange: (change: Decision) => void;

  constructor({ authenticators, onDecision = () => undefined, onChange = () => undefined }: GateParts) {
    this.#authenticators = authenticators;
    this.#onDecision = onDecision;
    this.#onChange = onChange;
  }

  /** Whose call it is; throws why it must not be made. `authorization`: all headers of that name. */
  async admit(
    method: string,
    { authorization, ...rest }: Omit<Presented, 'bearer'> & { authorization: readonly unknown[] },
  ): Promise<Verified> {
    const { peer } = rest;
    const call: { identity?: Identity; method: string; peer: string } = { method, peer };
    let rule: Rule;
    let verified: Verified;
    try {
      rule = ruleOf(method);
      if (rule.needs === 'anonymous') return NOBODY;
      const presented = { ...bearerOf(authorization), ...rest };
      // By its shape alone: whether there is such an agent is told to nobody here.
      if (presented.bearer !== undefined && isAgentBearer(presented.bearer) && !rule.proves) throw provesElsewhere();
      verified = await this.#verified(presented);
      if (verified.mustProve && !rule.proves) throw provesElsewhere();
      call.identity = verified.identity;
      checkScope(rule, verified.identity);
    } catch (error) {
      this.denied({ ...call, reason: AppError.from(error).message });
      throw error;
    }
    if (rule.privileged && !rule.about && (rule.namespace === 'every' || rule.namespace === 'none')) await this.allowed(call);
    return verified;
  }

  /** Whose call it is, so that it can be told of what is refused before anything else is decided; undefined: nobody's. Nothing is told. */
  async whose({
    authorization,
    ...rest
  }: Omit<Presented, 'bearer'> & { authorization: readonly unknown[] }): Promise<Identity | undefined> {
    try {
      const { identity, mustProve } = await this.#verified({ ...bearerOf(authorization), ...rest });
      return mustProve ? undefined : identity;
    } catch {
      return undefined;
    }
  }

  /** Tells of a call that was denied; never fails. */
  denied(call: Omit<Decision, 'outcome'>): void {
    void (async () => this.#onDecision({ ...call, outcome: 'denied' }))().catch(() => undefined);
  }

  /** Tells of what a call has changed. */
  changed(change: Omit<Decision, 'outcome'>): void {
    this.#onChange({ ...change, outcome: 'ok' });
  }

  /** Tells of a privileged call that is going to be made, once all is known that may deny it; throws where that cannot be told. */
  async allowed(call: Omit<Decision, 'outcome' | 'reason'>): Promise<void> {
    if (!RULES[call.method]?.privileged) return;
    try {
      await this.#onDecision({ ...call, outcome: 'ok', reason: '' });
    } catch (cause) {
      const why = 'this call must be written into the audit log before it is made, and that cannot be done now, so nothing was done';
      throw new AppError(
        'unavailable',
        `${why}; the coordinator's log says what is in the way (a full disk, a store that does not answer)`,
        { cause },
      );
    }
  }

  #verified(presented: Presented): Verified | Promise<Verified> {
    const authenticator = this.#authenticators.find((candidate) => candidate.takes(presented));
    if (authenticator) return authenticator.verify(presented);
    throw new AppError(
      'unauthenticated',
      presented.bearer === undefined
        ? 'this coordinator wants a token: send metadata "authorization: Bearer TOKEN" (ASSAY_TOKEN for the command line; token_file, or assay agent join, for an agent)'
        : 'the token is not one of this coordinator',
    );
  }
}

const provesElsewhere = (): AppError =>
  new AppError('unauthenticated', 'an agent proves its key to AgentService/Connect alone; other calls want a token');

function ruleOf(method: string): Rule {
  const rule = Object.hasOwn(RULES, method) ? RULES[method] : undefined;
  if (!rule) throw new AppError('permission_denied', 'nobody may call this method');
  return rule;
}

/** Exactly one header of one form: with several, a proxy and we might look at different ones. */
function bearerOf(authorization: readonly unknown[]): { bearer?: string } {
  if (authorization.length === 0) return {};
  const [header] = authorization;
  const bearer = typeof header === 'string' ? /^bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1] : undefined;
  if (authorization.length === 1 && bearer !== undefined && isBearer(bearer)) return { bearer };
  throw new AppError('unauthenticated', 'there must be exactly one header "authorization: Bearer TOKEN", with nothing else in it');
}

function checkScope(rule: Rule, identity: Identity): void {
  const lack = lackOf(rule, identity);
  if (!lack) return;
  const { name, scopes, namespaces } = identity;
  throw new AppError(
    'permission_denied',
    lack.scope === undefined
      ? `this call concerns every namespace; ${JSON.stringify(name)} has only ${namespaces === '*' ? '*' : namespaces.join(', ')}`
      : `this call needs the scope ${lack.scope}; ${JSON.stringify(name)} has ${[...scopes].join(', ') || 'none'}`,
  );
}
