/** Which URLs the operator allows specs to name. */
import { AppError } from '../../shared/domain/errors.ts';
import { coversUrl, forbiddenUrl, readUrlPattern, type UrlPattern } from '../../shared/domain/url-pattern.ts';

export class UrlPermits {
  readonly #patterns: readonly UrlPattern[];

  /** The patterns are right (`urlPatternProblem`). */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((text) => readUrlPattern(text)!);
  }

  /** The URL, if it may be called. Throws AppError `invalid` with what to do. */
  check(text: string): URL {
    const url = URL.parse(text);
    const problem = !url ? 'is no URL' : forbiddenUrl(url);
    if (problem) throw new AppError('invalid', `the URL ${JSON.stringify(shown(text))} ${problem}`);
    if (this.#patterns.some((pattern) => coversUrl(pattern, url!))) return url!;
    const allowed = this.#patterns.length > 0 ? `it allows ${this.#patterns.map((p) => p.text).join(', ')}` : 'it allows none';
    throw new AppError('invalid', `the URL ${JSON.stringify(shown(text))} is not among this agent's \`urls\`; ${allowed}`);
  }
}

/** Without what may be a secret. */
const shown = (text: string): string => text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 200);
