/** BullMQ's jobs as the coordinator uses them (`queue/task-queue.ts`), in memory: waiting by priority, delayed, active under a lock. */

interface Job {
  id: string;
  data: unknown;
  priority: number;
  order: number;
  addedAt: number;
  state: 'waiting' | 'delayed' | 'active';
  /** Of a delayed one: when it waits again. Of an active one: until when it is locked. */
  until: number;
  token: string;
}

export interface Fetched {
  id: string;
  data: unknown;
  waitedMs: number;
}

/** Shorter than in production, so that the backstop is seen at work. */
export const LOCK_MS = 40_000;

export class Jobs {
  readonly #now: () => number;
  #routes = new Map<string, Map<string, Job>>();
  #order = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  copy(): unknown {
    return structuredClone(this.#routes);
  }

  restore(copy: unknown): void {
    this.#routes = structuredClone(copy) as Map<string, Map<string, Job>>;
  }

  get size(): number {
    return [...this.#routes.values()].reduce((sum, jobs) => sum + jobs.size, 0);
  }

  sizeOf(route: string): number {
    return this.#of(route).size;
  }

  /** For people: each job with its state. */
  describe(): string {
    const now = this.#now();
    const all = [...this.#routes].flatMap(([route, jobs]) => [...jobs.values()].map((job) => ({ route, ...job })));
    return all.map((j) => `${j.id} of ${j.route}, ${j.state} for ${Math.round(j.until - now)} ms`).join('; ');
  }

  routes(): string[] {
    return [...this.#routes.keys()];
  }

  #of(route: string): Map<string, Job> {
    const jobs = this.#routes.get(route) ?? new Map<string, Job>();
    this.#routes.set(route, jobs);
    const now = this.#now();
    for (const job of jobs.values()) {
      if (job.state === 'waiting' || job.until > now) continue;
      // Due, or its lock ran out: it waits again.
      job.state = 'waiting';
      job.token = '';
      job.order = this.#order++;
    }
    return jobs;
  }

  add(route: string, id: string, data: unknown, options: { priority: number; delayMs: number }): void {
    const jobs = this.#of(route);
    if (jobs.has(id)) return;
    const now = this.#now();
    const state = options.delayMs > 0 ? 'delayed' : 'waiting';
    jobs.set(id, {
      id,
      data,
      priority: options.priority,
      order: this.#order++,
      addedAt: now,
      state,
      until: now + options.delayMs,
      token: '',
    });
  }

  fetch(route: string, token: string): Fetched | undefined {
    let first: Job | undefined;
    for (const job of this.#of(route).values())
      if (
        job.state === 'waiting' &&
        (!first || job.priority < first.priority || (job.priority === first.priority && job.order < first.order))
      )
        first = job;
    if (!first) return undefined;
    const now = this.#now();
    Object.assign(first, { state: 'active', token, until: now + LOCK_MS });
    return { id: first.id, data: first.data, waitedMs: now - first.addedAt };
  }

  #held(route: string, id: string, token: string): Job | undefined {
    const job = this.#of(route).get(id);
    return job?.state === 'active' && job.token === token ? job : undefined;
  }

  complete(route: string, id: string, token: string): void {
    if (this.#held(route, id, token)) this.#of(route).delete(id);
  }

  delay(route: string, id: string, token: string, delayMs: number): void {
    const job = this.#held(route, id, token);
    if (job) Object.assign(job, { state: 'delayed', until: this.#now() + delayMs, token: '' });
  }

  extend(route: string, id: string, token: string): void {
    const job = this.#held(route, id, token);
    if (job) job.until = this.#now() + LOCK_MS;
  }

  prioritize(route: string, id: string, priority: number): void {
    const job = this.#of(route).get(id);
    // One that waits goes behind the others of its priority, also when that was its own.
    if (job && job.state !== 'active') Object.assign(job, { priority, order: this.#order++ });
  }

  remove(route: string, id: string): void {
    const jobs = this.#of(route);
    if (jobs.get(id)?.state !== 'active') jobs.delete(id);
  }

  whereabouts(route: string, id: string): 'waiting' | 'active' | 'gone' {
    const job = this.#of(route).get(id);
    if (!job) return 'gone';
    return job.state === 'active' ? 'active' : 'waiting';
  }

  delayedOf(route: string): { id: string; until: number }[] {
    return [...this.#of(route).values()].filter((job) => job.state === 'delayed').toSorted((a, b) => a.until - b.until);
  }

  waiting(route: string): { count: number; oldestMs: number } {
    const waiting = [...this.#of(route).values()].filter((job) => job.state === 'waiting');
    const oldest = waiting.reduce((least, job) => Math.min(least, job.addedAt), Infinity);
    return { count: waiting.length, oldestMs: waiting.length > 0 ? this.#now() - oldest : 0 };
  }
}
