/**
 * The clustered standard error in one pass, from the sum and the size of each cluster:
 *
 *   √( C / (C − 1) · Σ over clusters (S_c − n_c m)² ) / n, 0 for fewer than two clusters
 *
 * As `statistics/clustered-stderr.ts` (Miller 2024, arXiv:2411.00640, appendix A). Sums are of what values differ from the first one, so that
 * they are exact far from 0.
 */
export class RunningClusters {
  readonly #places = new Map<string, number>();
  /** By the order of the clusters' first values. */
  readonly sums: number[] = [];
  readonly sizes: number[] = [];
  #n = 0;
  #total = 0;
  /** The first value: what the sums are relative to. */
  origin = 0;

  add(value: number, cluster: string): void {
    if (this.#n === 0) this.origin = value;
    let place = this.#places.get(cluster);
    if (place === undefined) {
      place = this.sums.push(0) - 1;
      this.sizes.push(0);
      this.#places.set(cluster, place);
    }
    this.#n++;
    this.#total += value - this.origin;
    this.sums[place]! += value - this.origin;
    this.sizes[place]!++;
  }

  get count(): number {
    return this.sums.length;
  }

  get mean(): number {
    return this.origin + this.#total / this.#n;
  }

  get stderr(): number {
    const { count } = this;
    if (count < 2) return 0;
    const mean = this.#total / this.#n;
    let squares = 0;
    this.sums.forEach((sum, i) => (squares += (sum - this.sizes[i]! * mean) ** 2));
    return Math.sqrt((count / (count - 1)) * squares) / this.#n;
  }
}
