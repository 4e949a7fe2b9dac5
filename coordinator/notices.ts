/** Notices between coordinators over Redis's publish/subscribe. They only make things faster: a lost one costs a sweep. */
import type { Logger } from '../shared/telemetry/logger.ts';
import { withDeadline } from '../shared/runtime/abort.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Service } from '../shared/runtime/service.ts';
import type { RedisClient } from './redis/connect.ts';

/** On a cluster ioredis subscribes over a connection of its own, to which no time-out of commands applies. */
const SUBSCRIBE_MS = 10_000;

export interface NoticeHandlers {
  /** Work waits on a route. */
  onWork(routeId: string): void;
  /** An evaluation has a new event. */
  onEvent(evaluationId: string): void;
  /** It was ended before its time, or is over: no attempt at it is of use any more. */
  onOver(evaluationId: string): void;
  /** What the store says of an evaluation has changed, or it is gone. */
  onChanged(evaluationId: string): void;
  /** Agents could run so many samples of a route at once, and nothing of it waits. */
  onIdle(routeId: string, samples: number): void;
  /** An operator has switched something. */
  onSwitched(): void;
  /** An API token was made or revoked; by its hash. */
  onToken(hash: string): void;
  /** An agent has joined, was revoked, or has another key; by its id. */
  onAgentKey(agentId: string): void;
  /** What one coordinator says to another about lines of agents: `TO:SEALED`. */
  onRelay(notice: string): void;
  /** An agent has proved its key on a stream, or a twin was superseded (`p:`, `q:`). */
  onProved(notice: string): void;
}

export class Notices implements Service {
  readonly #redis: RedisClient;
  readonly #channel: string;
  readonly #handlers: NoticeHandlers;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: { redis: RedisClient; channel: string; handlers: NoticeHandlers; clock: Clock; logger: Logger }) {
    this.#redis = options.redis;
    this.#channel = options.channel;
    this.#handlers = options.handlers;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** AppError `deadline` where Redis does not answer: the coordinator's start fails, and is not left waiting. */
  async start(): Promise<void> {
    this.#redis.on('message', (_channel: string, notice: string) => this.#take(notice));
    const limit = { ms: SUBSCRIBE_MS, what: 'SUBSCRIBE at Redis', clock: this.#clock };
    await withDeadline(limit, () => this.#redis.subscribe(this.#channel));
  }

  async stop(): Promise<void> {
    this.#redis.removeAllListeners('message');
  }

  #idle(subject: string): void {
    const [routeId = '', samples] = subject.split(':');
    if (Number(samples) > 0) this.#handlers.onIdle(routeId, Number(samples));
  }

  #take(notice: string): void {
    const subject = notice.slice(2);
    if (notice.startsWith('r:')) this.#handlers.onWork(subject);
    else if (notice.startsWith('e:')) this.#handlers.onEvent(subject);
    else if (notice.startsWith('c:')) this.#handlers.onOver(subject);
    else if (notice.startsWith('i:')) this.#idle(subject);
    else if (notice.startsWith('s:')) this.#handlers.onSwitched();
    else if (notice.startsWith('k:')) this.#handlers.onToken(subject);
    else if (notice.startsWith('j:')) this.#handlers.onAgentKey(subject);
    else if (notice.startsWith('p:') || notice.startsWith('q:')) this.#handlers.onProved(notice);
    else if (notice.startsWith('l:')) this.#handlers.onRelay(subject);
    else if (notice.startsWith('u:')) this.#handlers.onChanged(subject);
    else this.#logger.debug({ notice: notice.slice(0, 40) }, 'unknown notice');
  }
}
