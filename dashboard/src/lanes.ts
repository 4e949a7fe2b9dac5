/** Bars of a timeline, laid beside each other where they overlap. Pure. */

export interface Span {
  fromMs: number;
  toMs: number;
}

/** The lane of each, the lowest that is free; undefined: all lanes are taken. In the order of their beginnings. */
export function lanesOf(spans: readonly Span[], most: number): (number | undefined)[] {
  const order = spans.map((_, i) => i).toSorted((a, b) => spans[a]!.fromMs - spans[b]!.fromMs);
  const free: number[] = [];
  const lanes: (number | undefined)[] = Array.from({ length: spans.length });
  for (const i of order) {
    const { fromMs, toMs } = spans[i]!;
    let lane = free.findIndex((until) => until <= fromMs);
    if (lane < 0 && free.length < most) lane = free.length;
    if (lane < 0) continue;
    free[lane] = toMs;
    lanes[i] = lane;
  }
  return lanes;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Round places on a scale of time, at most so many; by the reader's clock. */
export function ticksOf(fromMs: number, toMs: number, most: number): number[] {
  const offsetMs = new Date(toMs).getTimezoneOffset() * 60_000;
  const stepMs =
    (STEPS_S.find((s) => (toMs - fromMs) / (s * 1000) <= most) ?? 86_400 * Math.ceil((toMs - fromMs) / 86_400_000 / most)) * 1000;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs - offsetMs) / stepMs) * stepMs + offsetMs; at <= toMs && ticks.length < 2 * most; at += stepMs)
    ticks.push(at);
  return ticks;
}

/** Round lengths of time from nothing on, at most so many. */
export function spanTicks(wholeMs: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, ...STEPS_S.map((s) => 1000 * s)];
  const step = steps.find((ms) => wholeMs / ms <= most) ?? 86_400_000 * Math.ceil(wholeMs / 86_400_000 / most);
  // One at the very end would be cut off.
  return Array.from({ length: Math.floor((0.96 * wholeMs) / step) + 1 }, (_, i) => i * step);
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
  [1, 'ms'],
] as const;

/** One of them, all in one unit, with one digit behind the point at most. */
export function tickWords(ms: number, ticks: readonly number[], wholeMs: number): string {
  const step = ticks[1] ?? 1;
  const [size, unit] = UNITS.find(([own]) => own <= wholeMs && (10 * step) % own === 0) ?? UNITS[4];
  return ms === 0 ? '0' : `${ms / size} ${unit}`;
}
