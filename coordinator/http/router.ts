/** Finds the row of a request. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Route } from '../../shared/http/route.ts';
import { API_ROOT } from '../../shared/http/table.ts';
import { decoded } from './request.ts';

export const NO_SUCH_PATH = 'there is no such path; /api/openapi.json has those there are';

interface Known {
  readonly route: Route;
  readonly segments: readonly string[];
}

export interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

export class Router {
  readonly #known: readonly Known[];

  constructor(routes: readonly Route[]) {
    // Words before names: `/evaluations/pause` is no evaluation.
    const names = (path: string): number => path.split('{').length;
    this.#known = routes
      .toSorted((a, b) => names(a.path) - names(b.path))
      .map((route) => ({ route, segments: `${API_ROOT}${route.path}`.slice(1).split('/') }));
  }

  /** Throws `not_found`; gives the methods that there are where it is not this one. */
  find(method: string, segments: readonly string[]): Found | { allowed: string[] } {
    const fitting = this.#known.flatMap(({ route, segments: wanted }) => {
      const params = paramsOf(wanted, segments);
      return params ? [{ route, params }] : [];
    });
    const found = fitting.find(({ route }) => route.method === method);
    if (found) return found;
    if (fitting.length === 0) throw new AppError('not_found', NO_SUCH_PATH);
    return { allowed: [...new Set(fitting.map(({ route }) => route.method))] };
  }
}

function paramsOf(wanted: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, own] of wanted.entries()) {
    const segment = segments[i]!;
    if (!own.startsWith('{')) {
      if (own !== segment) return undefined;
      continue;
    }
    const value = decoded(segment);
    if (!value) return undefined;
    params[own.slice(1, -1)] = value;
  }
  return params;
}
