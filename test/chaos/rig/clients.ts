/** Clients and watchers that write down what they ask and what they are told. */
import { createHash } from 'node:crypto';
import type { AssayClient } from '../../../shared/client/client.ts';
import { connect } from '../../../shared/client/connect.ts';
import type { WatchEvent } from '../../../shared/client/types.ts';
import { AppError, isRetryable } from '../../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../../shared/domain/ids.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Operation, Recorder } from '../history/history.ts';
import { dataset, specOf } from './sums.ts';

/** How long a client goes on trying; what has no answer then is indeterminate. */
const PATIENCE_MS = 20_000;

export interface Submitted {
  key: string;
  tag: string;
  samples: number;
  /** Undefined: nobody knows whether it was accepted. */
  evaluation: string | undefined;
}

/** What a history calls a key: the same one in two namespaces is two. */
export const keyIn = (namespace: string | undefined, key: string): string =>
  (namespace ?? DEFAULT_NAMESPACE) === DEFAULT_NAMESPACE ? key : `${namespace}/${key}`;

export class Clients {
  readonly #recorder: Recorder;
  readonly #addresses: readonly string[];
  readonly #open: AssayClient[] = [];
  readonly #watching = new AbortController();
  readonly #watches: Promise<void>[] = [];
  /** Of clients that demand replicas. */
  readonly #demands = new WeakMap<AssayClient, { replicas: number }>();
  #calls = 0;

  constructor(recorder: Recorder, addresses: readonly string[]) {
    this.#recorder = recorder;
    this.#addresses = addresses;
  }

  /** One that begins with the n-th coordinator; replicas: what it demands of every answer. */
  client(n = 0, patienceMs = PATIENCE_MS, replicas = 0): AssayClient {
    const addresses = this.#addresses.map((_, i) => this.#addresses[(i + n) % this.#addresses.length]!);
    const client = connect({ addresses, patienceMs, ...(replicas > 0 ? { durability: { class: 'replicated', replicas } } : {}) });
    this.#open.push(client);
    if (replicas > 0) this.#demands.set(client, { replicas });
    return client;
  }

  async submit(
    client: AssayClient,
    { key, tag, samples, namespace }: Omit<Submitted, 'evaluation'> & { namespace?: string },
    more: Record<string, unknown> = {},
  ): Promise<Submitted> {
    const spec = specOf(await client.uploadBytes(dataset(tag, samples)), more);
    const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
    let evaluation: string | undefined;
    await this.call('submit', { key: keyIn(namespace, key), spec: digest, samples }, async () => {
      const { evaluation: made, existed } = await client.submit({ spec, idempotencyKey: key, ...(namespace ? { namespace } : {}) });
      evaluation = made.evaluationId;
      return { evaluation, state: made.state, existed, ...this.#demands.get(client) };
    });
    return { key, tag, samples, evaluation };
  }

  cancel(client: AssayClient, evaluation: string): Promise<boolean> {
    return this.call('cancel', { evaluation }, async () => ({ evaluation, state: await client.cancel(evaluation, 'the test says so') }));
  }

  command(client: AssayClient, op: 'pause' | 'resume', evaluation: string): Promise<boolean> {
    return this.call(op, { evaluation }, async () => {
      const [outcome] = await client[op]({ evaluationId: evaluation });
      if (outcome!.problem) throw new AppError('failed_precondition', outcome!.problem);
      return { evaluation, state: outcome!.state, ...this.#demands.get(client) };
    });
  }

  get(client: AssayClient, evaluation: string): Promise<boolean> {
    return this.call('get', { evaluation }, async () => ({ evaluation, state: (await client.get(evaluation)).state }));
  }

  /** Whether it was answered with OK. */
  async call(
    op: Operation,
    asked: { evaluation?: string; key?: string; spec?: string; samples?: number; units?: number[] },
    work: () => Promise<{ evaluation: string; state: EvaluationState; existed?: boolean; replicas?: number }>,
  ): Promise<boolean> {
    const call = ++this.#calls;
    this.#recorder.note('client', { what: 'invoke', call, op, ...asked });
    try {
      this.#recorder.note('client', { what: 'ok', call, op, ...(await work()) });
      return true;
    } catch (error) {
      const { code } = AppError.from(error);
      this.#recorder.note('client', { what: isRetryable(code) || code === 'cancelled' ? 'info' : 'fail', call, op, code });
      return false;
    }
  }

  /** Watches to the end of an evaluation. Every `breakAfter` events it goes away and comes back by another client, `awayMs` later. */
  watch(name: string, evaluation: string, n: number, breakAfter = Infinity, awayMs = 0): void {
    const who = `watcher ${name}`;
    const ended = this.#watch(who, evaluation, { n, breakAfter, awayMs }).then(
      () => this.#recorder.note(who, { what: this.#watching.signal.aborted ? 'stopped' : 'watched', evaluation }),
      (error: unknown) => {
        if (this.#watching.signal.aborted) this.#recorder.note(who, { what: 'stopped', evaluation });
        else this.#recorder.note(who, { what: 'broke', evaluation, code: AppError.from(error).code });
      },
    );
    this.#watches.push(ended);
  }

  async #watch(
    who: string,
    evaluation: string,
    { n, breakAfter, awayMs }: { n: number; breakAfter: number; awayMs: number },
  ): Promise<void> {
    let cursor = '';
    for (let turn = 0; !this.#watching.signal.aborted; turn++) {
      this.#recorder.note(who, { what: 'watch', evaluation, cursor });
      let seen = 0;
      for await (const event of this.client(n + turn, 60_000).watch(evaluation, { cursor, signal: this.#watching.signal })) {
        this.#recorder.note(who, { what: 'told', evaluation, ...toldOf(event) });
        cursor = event.cursor;
        if (++seen >= breakAfter) break;
      }
      if (seen < breakAfter) return;
      await new Promise((resolve) => void setTimeout(resolve, awayMs));
    }
  }

  /** Waits for watchers, who end with their evaluations; none waits longer than the limit. */
  async settle(limitMs: number): Promise<void> {
    const limit = setTimeout(() => this.#watching.abort(), limitMs);
    await Promise.all(this.#watches);
    clearTimeout(limit);
  }

  close(): void {
    this.#watching.abort();
    for (const client of this.#open) client.close();
  }
}

function toldOf(event: WatchEvent) {
  const { cursor, kind } = event;
  if (kind === 'snapshot') return { cursor, kind, state: event.evaluation.state, resync: event.resync, body: '' };
  if (kind === 'state') return { cursor, kind, state: event.state, body: event.reason };
  return { cursor, kind, body: JSON.stringify(event.counts) };
}
