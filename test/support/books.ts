/** The books of an evaluation: its report recomputed from its results, and its model calls held against what was counted when. */
import { expect } from 'vitest';
import { Cluster, Redis } from 'ioredis';
import { clusterOptions, optionsOf, placeOf } from '../../coordinator/redis/options.ts';
import type { RedisClient } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Report, SampleResult } from '../../shared/client/types.ts';
import type { Counts } from '../../shared/domain/states.ts';
import type { ModelCall } from './model-endpoint.ts';

/** What a sample's calls are known by: the model's name at the endpoint, and the last user message. */
export const callKey = (model: string, prompt: string): string => `${model}\n${prompt}`;

/** What could be read off the served results alone; memory for one row per scorer and one byte per unit. */
export async function checkBooks(client: AssayClient, evaluationId: string): Promise<Report> {
  const report = await client.report(evaluationId);
  const evaluation = await client.get(evaluationId);
  expect(evaluation.state).toBe(report.state);
  expect(evaluation.counts).toEqual(report.units);
  const rows = new Map<string, { sums: Map<string, { sum: number; n: number }>; scored: number; unscored: number; errored: number }>();
  const counts = { scored: 0, unscored: 0, errored: 0 };
  const seen = new Set<number>();
  for await (const result of client.results(evaluationId)) {
    expect(seen.has(result.unit), `unit ${result.unit} once`).toBe(false);
    seen.add(result.unit);
    counts[result.state as keyof typeof counts]++;
    addScores(rows, result);
  }
  const { total, scored, unscored, errored, cancelled, dead } = report.units;
  expect(scored + unscored + errored + cancelled + dead, 'planned = scored + unscored + errored + cancelled + dead').toBe(total);
  // A cancelled unit may have a result that came too late to be counted, and then has none in the report.
  if (cancelled + dead === 0) {
    expect({ ...counts, results: seen.size }).toEqual({ scored, unscored, errored, results: total });
    for (const row of report.results) checkRow(row, rows.get(`${row.benchmark}\n${row.model}\n${row.scorer}`));
  }
  expect(
    Object.values(report.agents).reduce((sum, n) => sum + n, 0),
    'units by agent',
  ).toBe(scored + unscored + errored);
  return report;
}

type Rows = Map<string, { sums: Map<string, { sum: number; n: number }>; scored: number; unscored: number; errored: number }>;

function addScores(rows: Rows, result: SampleResult): void {
  for (const score of result.scores) {
    const key = `${result.benchmark}\n${result.model}\n${score.scorer}`;
    const row = rows.get(key) ?? { sums: new Map(), scored: 0, unscored: 0, errored: 0 };
    rows.set(key, row);
    if (score.error) row.errored++;
    else if (score.number === null) row.unscored++;
    else {
      row.scored++;
      const own = row.sums.get(result.sampleId) ?? { sum: 0, n: 0 };
      row.sums.set(result.sampleId, { sum: own.sum + score.number, n: own.n + 1 });
    }
  }
}

/** The mean over samples of the mean over epochs. */
function checkRow(row: Report['results'][number], own: Rows extends Map<string, infer R> ? R | undefined : never): void {
  const { scored, unscored, errored, total } = row.counts;
  expect({ scored: own?.scored ?? 0, unscored: own?.unscored ?? 0 }).toEqual({ scored, unscored });
  expect(scored + unscored + errored + row.counts.cancelled + row.counts.dead).toBe(total);
  const means = [...(own?.sums.values() ?? [])].map(({ sum, n }) => sum / n);
  const mean = means.reduce((sum, m) => sum + m, 0) / means.length;
  if (row.metrics.accuracy !== undefined) expect(row.metrics.accuracy).toBeCloseTo(mean, 9);
  if (row.metrics.mean !== undefined) expect(row.metrics.mean).toBeCloseTo(mean, 9);
}

/** Right answers per model, from the report's accuracy (of a single scorer with values 0 and 1). */
export const correctByModel = (report: Report): Record<string, number> =>
  Object.fromEntries(report.results.map((row) => [row.model, Math.round((row.metrics.accuracy ?? 0) * row.counts.scored)]));

/** Nothing but right and wrong answers. */
export const onlyScored = (counts: Counts): boolean => counts.scored === counts.total;

/** A kill, and what the ledger had counted just before it. */
export interface Blow {
  what: string;
  /** ms since the epoch, just before. */
  atMs: number;
  /** Units that were closed. */
  counted: Set<number>;
}

/** Reads the ledger's unit states past the coordinators: which units were closed at a moment. */
export class LedgerReader {
  readonly #redis: RedisClient;

  constructor(url: string) {
    const place = placeOf(url);
    this.#redis =
      place.kind === 'cluster'
        ? new Cluster(place.nodes, { ...clusterOptions(place, 'books'), lazyConnect: true })
        : new Redis({ ...optionsOf(place), lazyConnect: true });
    this.#redis.on('error', () => undefined);
  }

  /** Strikes, and notes what was counted just before. */
  async strike(evaluationId: string, what: string, how: () => Promise<unknown>): Promise<Blow> {
    const blow = { what, counted: new Set(await this.closedUnits(evaluationId)), atMs: Date.now() };
    await how();
    return blow;
  }

  /** Units in a closed state; none while Redis knows nothing of the evaluation. */
  async closedUnits(evaluationId: string): Promise<number[]> {
    if (this.#redis.status === 'wait' || this.#redis.status === 'end') await this.#redis.connect();
    const raw = await this.#redis.getBuffer(`assay:{${evaluationId}}:units`);
    const closed: number[] = [];
    for (const [at, byte] of (raw ?? Buffer.alloc(0)).entries()) {
      if (byte >> 4 >= 2) closed.push(2 * at);
      if ((byte & 15) >= 2) closed.push(2 * at + 1);
    }
    return closed;
  }

  async flushAll(): Promise<void> {
    await this.#redis.flushall();
  }

  /** Before Redis is killed: the next look connects anew. */
  disconnect(): void {
    this.#redis.disconnect();
  }
}

/** What an evaluation's kills cost. */
export interface Repeats {
  calls: number;
  repeats: number;
  /** Over all blows, samples that had started and were not counted: what may be called again. */
  bound: number;
  /** Calls of samples that had been counted before. There must be none. */
  ofCounted: number;
  /** Repeated calls that no blow explains: of a sample that had not started, or was counted, at every blow before. */
  unexplained: number;
}

/** Holds the calls of an evaluation whose endpoint never fails against the blows that it took. `keyOf`: the call of a unit. */
export function repeatsOf(calls: readonly ModelCall[], blows: readonly Blow[], keyOf: (unit: number) => string): Repeats {
  const byKey = Map.groupBy(calls, ({ model, prompt }) => callKey(model, prompt));
  const told = blows.map(({ atMs, counted: units }) => {
    const counted = new Set([...units].map(keyOf));
    const atRisk = new Set([...byKey].filter(([key, own]) => own[0]!.startedAt <= atMs && !counted.has(key)).map(([key]) => key));
    return { atMs, counted, atRisk };
  });
  let [repeats, ofCounted, unexplained] = [0, 0, 0];
  for (const [key, own] of byKey) {
    for (const call of own) if (told.some(({ atMs, counted }) => counted.has(key) && call.startedAt > atMs)) ofCounted++;
    for (const call of own.slice(1)) {
      repeats++;
      if (!told.some(({ atMs, atRisk }) => atMs <= call.startedAt && atRisk.has(key))) unexplained++;
    }
  }
  return { calls: calls.length, repeats, bound: told.reduce((sum, { atRisk }) => sum + atRisk.size, 0), ofCounted, unexplained };
}
