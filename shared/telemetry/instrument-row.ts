/** What a row of the table of instruments says, and the buckets of its histograms. */

/** Seconds. From a tick to a deep queue behind other evaluations. */
export const WAIT = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
/** Seconds. From a mock's answer to a reasoning model's; the longest default attempt is 600 s. */
export const CALL = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640];
/** Seconds. A whole task: many calls, one after the other at worst. */
export const TASK = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** Seconds. Disk, Redis and RPCs: what should take milliseconds. */
export const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];

/** One row. `of`: which process records it. A `gauge` is asked for at each scrape. */
export interface InstrumentRow {
  name: string;
  kind: 'histogram' | 'counter' | 'gauge';
  group: string;
  of: 'coordinator' | 'agent' | 'both';
  labels: readonly string[];
  /** What it measures, and what it tells. */
  help: string;
  /** Upper bounds of a histogram's buckets, in its unit. */
  buckets?: readonly number[];
}

/** Keeps what a row says as it is written. */
export const row = <const Row extends InstrumentRow>(own: Row): Row => own;
