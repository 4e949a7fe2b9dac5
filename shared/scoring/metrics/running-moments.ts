/**
 * Moments in one pass: n, Σs, and Welford's running mean and sum of squared deviations (Technometrics 4:3, 1962), which is stable where
 * Σs² − (Σs)²/n is not.
 *
 *   mean    m = Σ s / n
 *   var     Σ (s − m)² / (n − 1), 0 for n = 1
 *   std     √var
 *   stderr  √(var / n): the standard error of the mean (Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, §2.1)
 */
export class RunningMoments {
  n = 0;
  #sum = 0;
  #center = 0;
  #squares = 0;

  add(value: number): void {
    this.n++;
    this.#sum += value;
    const before = value - this.#center;
    this.#center += before / this.n;
    this.#squares += before * (value - this.#center);
  }

  get mean(): number {
    return this.#sum / this.n;
  }

  get variance(): number {
    return this.n < 2 ? 0 : this.#squares / (this.n - 1);
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  get stderr(): number {
    return Math.sqrt(this.variance / this.n);
  }
}
