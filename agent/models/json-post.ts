/** JSON posted to the team's own code: one request, one JSON value or one ModelError. Redirects are not followed. */
import { currentTraceparent } from '../../shared/telemetry/tracing.ts';
import { JsonReader } from './answer-readers.ts';
import type { AddressCheck } from './guarded-connect.ts';
import { HttpEndpoint, type EndpointSettings } from './http-endpoint.ts';
import { ModelError } from './provider.ts';
import type { UrlPermits } from './url-permits.ts';

export type JsonPost = (body: object, call: { timeoutMs: number; signal: AbortSignal }) => Promise<unknown>;

/** Connections to one URL at the same time. */
const CONNECTIONS = 64;
/** URLs with connections of their own; another one takes the place of the one that was not used for longest. */
const MAX_ENDPOINTS = 64;

export class JsonPosts {
  readonly #permits: UrlPermits;
  readonly #settings: EndpointSettings;
  /** In the order of their last use. */
  readonly #endpoints = new Map<string, { endpoint: HttpEndpoint; calls: number }>();

  constructor(permits: UrlPermits, settings: EndpointSettings = {}) {
    this.#permits = permits;
    this.#settings = settings;
  }

  /** How to post to a URL. Throws AppError `invalid` for one that the operator does not allow. */
  to(text: string): JsonPost {
    const { url, mayReach } = this.#permits.check(text);
    return async (body, { timeoutMs, signal }) => {
      const used = this.#use(url, mayReach);
      used.calls++;
      try {
        const traceparent = currentTraceparent();
        const headers: Record<string, string> = traceparent ? { traceparent } : {};
        const call = { attemptTimeoutMs: timeoutMs, signal, headers };
        return await used.endpoint.post(call, body, () => new JsonReader((value) => value));
      } catch (error) {
        throw error instanceof ModelError ? withOwnWords(error) : error;
      } finally {
        used.calls--;
      }
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#endpoints.values()].map(({ endpoint }) => endpoint.close()));
  }

  #use(url: URL, mayReach: AddressCheck | undefined): { endpoint: HttpEndpoint; calls: number } {
    let used = this.#endpoints.get(url.href);
    this.#endpoints.delete(url.href);
    used ??= { calls: 0, endpoint: this.#open(url, mayReach) };
    this.#endpoints.set(url.href, used);
    if (this.#endpoints.size > MAX_ENDPOINTS) {
      const idle = [...this.#endpoints].find(([, { calls }]) => calls === 0);
      if (idle && idle[1] !== used) {
        this.#endpoints.delete(idle[0]);
        void idle[1].endpoint.close();
      }
    }
    return used;
  }

  #open(url: URL, mayReach: AddressCheck | undefined): HttpEndpoint {
    const guard = mayReach ? { mayReach } : {};
    return new HttpEndpoint({
      url,
      headers: {},
      maxConnections: CONNECTIONS,
      idleTimeoutMs: 60_000,
      key: undefined,
      ...this.#settings,
      ...guard,
    });
  }
}

/** A redirect's remedy is another one here. */
function withOwnWords(error: ModelError): ModelError {
  const { httpStatus = 0 } = error;
  if (httpStatus >= 300 && httpStatus < 400)
    return new ModelError('request', `it answers with a redirect (${httpStatus}), which is not followed; name the final address`, {
      httpStatus,
    });
  return error;
}
