/**
 * The share of a discrete distribution that lies at a place or above, from the ratios of neighbouring chances alone: no factorials, so
 * nothing overflows; and only sums of positive numbers, so nothing cancels. Exactly 1 where all of it does.
 */
export interface Ladder {
  /** The lowest and the highest place with a chance above 0. */
  low: number;
  high: number;
  /** A place near the most likely one, where the climb starts. */
  start: number;
  /** chance(place + 1) / chance(place). */
  ratio(place: number): number;
}

export function tailShare({ low, high, start, ratio }: Ladder, from: number): number {
  if (from <= low) return 1;
  if (from > high) return 0;
  let [above, below] = [0, 0];
  const add = (place: number, weight: number): void => {
    if (place >= from) above += weight;
    else below += weight;
  };
  let weight = 1;
  for (let place = start; place <= high; place++) {
    add(place, weight);
    weight *= ratio(place);
  }
  weight = 1;
  for (let place = start - 1; place >= low; place--) {
    weight /= ratio(place);
    add(place, weight);
  }
  return above / (above + below);
}
