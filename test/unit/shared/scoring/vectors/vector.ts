/** One published vector: what goes in, and what must come out. The fields depend on the kind. */
export interface Vector {
  id: number;
  kind: 'scorer' | 'metric';
  scorer?: string;
  metric?: string;
  params?: Record<string, unknown>;
  output?: unknown;
  target?: unknown;
  value?: unknown;
  values?: unknown;
  expected: unknown;
  /** What a filter makes of the output, where the vector says it. */
  extracted?: string;
  tolerance?: number;
  [field: string]: unknown;
}

/**
 * By the vector's scorer or metric: what the project gives for it, to be held against `expected` (numbers within the tolerance, or 1e-9; the
 * rest deeply equal). A function of the code that users run, never a formula of its own.
 */
export type Adapters = Record<string, (vector: Vector) => unknown>;
