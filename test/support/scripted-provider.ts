/** A model that does what a test says, and counts. */
import type { GenerateRequest, Generation, ModelProvider } from '../../agent/models/provider.ts';

export class ScriptedProvider implements ModelProvider {
  readonly requests: GenerateRequest[] = [];
  running = 0;
  peak = 0;
  #answer: (request: GenerateRequest) => Promise<string> | string;
  #gate: PromiseWithResolvers<void> | undefined;

  /** By default every call answers with the first target. */
  constructor(answer: (request: GenerateRequest) => Promise<string> | string = (request) => request.sample.target[0]!) {
    this.#answer = answer;
  }

  set answer(answer: (request: GenerateRequest) => Promise<string> | string) {
    this.#answer = answer;
  }

  /** From now on calls wait for `open`. */
  hold(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  open(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    this.requests.push(request);
    this.running++;
    this.peak = Math.max(this.peak, this.running);
    try {
      await this.#passed(request.signal);
      return { completion: await this.#answer(request), usage: { inputTokens: 1, outputTokens: 1 } };
    } finally {
      this.running--;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #passed(signal: AbortSignal): Promise<void> {
    const gate = this.#gate;
    if (!gate) return Promise.resolve();
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      void gate.promise.then(resolve);
    });
  }
}
