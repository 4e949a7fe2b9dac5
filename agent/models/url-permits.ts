/** Which URLs the operator allows specs to name, and to which addresses their names may lead. */
import { AppError } from '../../shared/domain/errors.ts';
import { coversUrl, forbiddenUrl, readUrlPattern, type UrlPattern } from '../../shared/domain/url-pattern.ts';
import type { AddressCheck } from './guarded-connect.ts';

export interface UrlPolicy {
  /** Patterns of all that may be called; absent: `urls` alone decide. */
  endpoints?: readonly string[] | undefined;
  /** What forbids an address that nobody has written down as such. */
  mayReach: AddressCheck;
}

/** A URL that may be called. `mayReach`: only if its host stands for such an address; absent: the operator has named the host. */
export interface PermittedUrl {
  url: URL;
  mayReach: AddressCheck | undefined;
}

export class UrlPermits {
  readonly #patterns: readonly UrlPattern[];
  readonly #endpoints: readonly UrlPattern[] | undefined;
  readonly #mayReach: AddressCheck | undefined;

  /** The patterns are right (`urlPatternProblem`). */
  constructor(patterns: readonly string[], policy?: UrlPolicy) {
    this.#patterns = patternsOf(patterns);
    this.#endpoints = policy?.endpoints && patternsOf(policy.endpoints);
    this.#mayReach = policy?.mayReach;
  }

  /** Throws AppError `invalid` with what to do for a URL that may not be called. */
  check(text: string): PermittedUrl {
    const url = URL.parse(text);
    const problem = !url ? 'is no URL' : forbiddenUrl(url);
    if (problem) throw new AppError('invalid', `the URL ${JSON.stringify(shown(text))} ${problem}`);
    const covering = this.#patterns.filter((pattern) => coversUrl(pattern, url!));
    if (covering.length === 0) throw new AppError('invalid', `the URL ${JSON.stringify(shown(text))} ${notAmong('urls', this.#patterns)}`);
    if (this.#endpoints && !this.#endpoints.some((pattern) => coversUrl(pattern, url!)))
      throw new AppError('invalid', `the URL ${JSON.stringify(shown(text))} ${notAmong('policy.endpoints', this.#endpoints)}`);
    // With a star in its host the spec chooses whom to call; without one the operator has.
    const isNamed = covering.some(({ host }) => !host.includes('*'));
    return { url: url!, mayReach: isNamed ? undefined : this.#mayReach };
  }
}

const patternsOf = (texts: readonly string[]): UrlPattern[] => texts.map((text) => readUrlPattern(text)!);

const notAmong = (list: string, patterns: readonly UrlPattern[]): string =>
  `is not among this agent's \`${list}\`; ${patterns.length > 0 ? `it allows ${patterns.map((p) => p.text).join(', ')}` : 'it allows none'}`;

/** Without what may be a secret. */
const shown = (text: string): string => text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 200);
