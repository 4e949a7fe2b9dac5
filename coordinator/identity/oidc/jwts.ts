/**
 * JWTs of OIDC issuers as identities. Of a token nothing is believed before its signature fits a key that was fetched from its issuer, whose
 * address is in the settings: what its header says of other keys (`jku`, `jwk`, `x5u`, `x5c`) is not looked at.
 */
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import { MAX_BEARER_CHARS } from '../../../shared/domain/bearer.ts';
import { bindingOf } from '../../../shared/domain/binding.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Identity } from '../../../shared/domain/identity.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { runEach, type Service } from '../../../shared/runtime/service.ts';
import type { Authenticator, Presented, Verified } from '../authenticator.ts';
import { Rechecks } from '../rechecks.ts';
import { watchAll, watchUntil } from '../until.ts';
import { nameIn, ruleFor } from './claims.ts';
import { fetchJson } from './fetch-json.ts';
import { IssuerKeys } from './issuer-keys.ts';
import type { IssuerSettings } from './settings.ts';

/** Those of ID tokens and access tokens: an issuer signs other things with the same keys. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);

export interface JwtsParts {
  issuers: readonly IssuerSettings[];
  clock: Clock;
  /** The keys of an issuer could not be read. */
  onTrouble: (issuer: string, error: unknown) => void;
  fetchJson?: (url: string, signal: AbortSignal) => Promise<unknown>;
}

interface Issuer {
  settings: IssuerSettings;
  keys: IssuerKeys;
}

export class Jwts implements Service, Authenticator {
  readonly #parts: Omit<JwtsParts, 'issuers'>;
  readonly #clock: Clock;
  readonly #rechecks = new Rechecks();
  #issuers: ReadonlyMap<string, Issuer>;
  #isStarted = false;
  /** Stays so where the last issuer goes: its tokens must not be taken for anybody else's. */
  #isWanted: boolean;

  constructor({ issuers, ...parts }: JwtsParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#issuers = new Map(issuers.map((settings) => [settings.issuer, this.#made(settings)]));
    this.#isWanted = issuers.length > 0;
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await Promise.all([...this.#issuers.values()].map(({ keys }) => keys.start()));
  }

  stop(): Promise<void> {
    this.#isStarted = false;
    return stopAllOf(this.#issuers.values());
  }

  /** Issuers that stay keep their keys. Calls of those that go, and of whom the rules give something else now, are ended. */
  async update(issuers: readonly IssuerSettings[]): Promise<void> {
    const before = this.#issuers;
    const now = issuers.map((settings): Issuer => {
      const known = before.get(settings.issuer);
      return known && known.settings.jwksUri === settings.jwksUri ? { settings, keys: known.keys } : this.#made(settings);
    });
    this.#issuers = new Map(now.map((issuer) => [issuer.settings.issuer, issuer]));
    this.#isWanted ||= now.length > 0;
    this.#rechecks.run();
    const kept = new Set(now.map(({ keys }) => keys));
    const old = new Set([...before.values()].map(({ keys }) => keys));
    if (this.#isStarted) await Promise.all(now.filter(({ keys }) => !old.has(keys)).map(({ keys }) => keys.start()));
    await stopAllOf([...before.values()].filter(({ keys }) => !kept.has(keys)));
  }

  #made(settings: IssuerSettings): Issuer {
    const { onTrouble, ...parts } = this.#parts;
    const trouble = (error: unknown): void => onTrouble(settings.issuer, error);
    return { settings, keys: new IssuerKeys({ settings, fetchJson, ...parts, onTrouble: trouble }) };
  }

  /** Three parts; what has five is encrypted, and is told so. */
  takes({ bearer }: Presented): boolean {
    return this.#isWanted && bearer !== undefined && bearer.split('.', 3).length === 3;
  }

  async verify({ bearer = '' }: Presented): Promise<Verified> {
    const { issuer, alg, kid } = this.#opened(bearer);
    const { settings, keys } = issuer;
    const key = await keys.keyFor({ alg, kid });
    const claims = await this.#claimsOf(bearer, settings, alg, await key.of(alg).catch(() => undefined));
    const identity = identityOf(claims, settings);
    const over = (): AppError => refused('has expired');
    const watchTime = watchUntil(this.#clock, identity.expiresAtMs + settings.toleranceMs, over);
    const recheck = (): AppError | undefined => this.#recheck(claims, settings, identity);
    return {
      identity,
      watch: (onOver) => watchAll(onOver, [watchTime, (once) => keys.watch(key, once), (once) => this.#rechecks.watch(recheck, once)]),
    };
  }

  /** Whether the settings of now give the same to whom these claims are about. */
  #recheck(claims: JWTPayload, before: IssuerSettings, given: Identity): AppError | undefined {
    const now = this.#issuers.get(before.issuer)?.settings;
    if (now === before) return undefined;
    if (!now) return refused('is of an issuer that is not known here any more');
    const same = JSON.stringify({ ...now, rules: [] }) === JSON.stringify({ ...before, rules: [] });
    try {
      if (same && textOf(identityOf(claims, now)) === textOf(given)) return undefined;
    } catch (error) {
      return AppError.from(error);
    }
    return refused('gives something else by now: call again');
  }

  /** What has to be known to find the key. Nobody has vouched for any of it yet. */
  #opened(bearer: string): { issuer: Issuer; alg: string; kid: string | undefined } {
    if (bearer.length > MAX_BEARER_CHARS) throw refused('is too long');
    const { header, iss } = readUnverified(bearer);
    const { alg, kid, typ, crit } = header;
    const issuer = typeof iss === 'string' ? this.#issuers.get(iss) : undefined;
    if (!issuer) throw refused('is of an issuer that is not known here');
    if (typeof alg !== 'string' || !issuer.settings.algorithms.includes(alg)) throw refused('is signed in a way that is not allowed here');
    if (crit !== undefined) throw refused('wants something that is not known here');
    if (!TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : (typ as undefined))) throw refused('is for something else');
    if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) throw refused('has a name of a key that is none');
    return { issuer, alg, kid };
  }

  async #claimsOf(bearer: string, settings: IssuerSettings, alg: string, key: CryptoKey | undefined): Promise<JWTPayload> {
    if (!key) throw refused('is signed with a key that cannot be used');
    try {
      const { payload } = await jwtVerify(bearer, key, {
        issuer: settings.issuer,
        audience: [...settings.audiences],
        algorithms: [alg],
        clockTolerance: settings.toleranceMs / 1000,
        maxTokenAge: settings.maxAgeMs / 1000,
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(this.#clock.now()),
      });
      return payload;
    } catch (error) {
      throw refused(whyNot(error));
    }
  }
}

const stopAllOf = (issuers: Iterable<Issuer>): Promise<void> =>
  runEach(
    [...issuers].map(
      ({ keys }) =>
        () =>
          keys.stop(),
    ),
  );

const textOf = (identity: Identity): string => JSON.stringify({ ...identity, scopes: [...identity.scopes] });

function readUnverified(bearer: string): { header: Record<string, unknown>; iss: unknown } {
  try {
    return { header: decodeProtectedHeader(bearer), iss: decodeJwt(bearer).iss };
  } catch {
    throw refused('is no signed JWT: it was cut, is encrypted, or is something else');
  }
}

/** Never says what is in a token that nobody vouches for. */
function whyNot(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'is for another audience';
    if (error.reason === 'missing') return `has no claim ${JSON.stringify(error.claim)}`;
    return error.claim === 'nbf' || error.claim === 'iat'
      ? 'does not hold yet'
      : `has a claim ${JSON.stringify(error.claim)} that cannot be`;
  }
  return error instanceof errors.JWSSignatureVerificationFailed ? 'has a signature that does not fit' : 'is none that can be used';
}

function identityOf(claims: JWTPayload, { issuer, nameClaim, maxAgeMs, rules }: IssuerSettings): Identity & { expiresAtMs: number } {
  // Whoever has found such a token has not the key that its holder must show.
  if (claims['cnf'] !== undefined) throw refused('is bound to a key of its holder, which cannot be shown here');
  const name = nameIn(claims, nameClaim);
  if (name === undefined) throw refused(`does not say in its claim ${JSON.stringify(nameClaim)} who it is`);
  const rule = ruleFor(claims, rules);
  if (!rule) throw refused(`of ${JSON.stringify(name)} fits no rule here`);
  return {
    ...{ name, kind: 'jwt', scopes: new Set(rule.scopes), namespaces: rule.namespaces, origin: issuer },
    ...bindingOf(rule.pools ?? [], rule.labels ?? {}),
    expiresAtMs: Math.min(claims.exp! * 1000, claims.iat! * 1000 + maxAgeMs),
  };
}

const refused = (why: string): AppError => new AppError('unauthenticated', `the token ${why}; ask its issuer for another one`);
