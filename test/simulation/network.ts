/** Streams between simulated agents and coordinators: in order, and cut or stalled as a network does it. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { Life, World } from './world.ts';

/** One direction of a link between two hosts. */
export type Direction = 'up' | 'down';

/** The line between an agent and a coordinator. */
export class Line {
  readonly world: World;
  slownessMs = 0;
  /** Nothing comes through that way; neither side is told. */
  readonly stalled = new Set<Direction>();
  readonly #streams = new Set<SimStream<never, never>>();

  constructor(world: World) {
    this.world = world;
  }

  latency(): number {
    return 0.1 + this.world.random.next() * 0.5 + this.slownessMs * this.world.random.next();
  }

  /** Two ends of a new stream. */
  open<Up, Down>(client: Life, server: Life): { near: Duplex<Down, Up>; far: Duplex<Up, Down> } {
    const near = new SimStream<Down, Up>(this, client, 'up');
    const far = new SimStream<Up, Down>(this, server, 'down');
    near.peer = far;
    far.peer = near;
    this.#streams.add(near as never);
    void near.closed.then(() => this.#streams.delete(near as never));
    return { near, far };
  }

  /** A process died, or one end of a stream with it: the other end hears of it. */
  died(what: object): void {
    for (const stream of this.#streams) stream.lost(what);
  }

  /** Every stream breaks, and both sides hear of it. */
  cut(): void {
    for (const stream of this.#streams) stream.break(new AppError('unavailable', 'the line was cut'));
  }
}

class SimStream<In, Out> implements Duplex<In, Out> {
  readonly messages: AsyncIterable<In>;
  readonly closed: Promise<void>;
  peer!: SimStream<Out, In>;
  readonly #line: Line;
  readonly #life: Life;
  readonly #direction: Direction;
  readonly #arrived: In[] = [];
  #lastAt = 0;
  #isEnding = false;
  #peerEnded = false;
  #failure: AppError | undefined;
  #wakeReader: (() => void) | undefined;
  #settleClosed: () => void;
  #isOver = false;

  constructor(line: Line, life: Life, direction: Direction) {
    this.#line = line;
    this.#life = life;
    this.#direction = direction;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.#settleClosed = closed.resolve;
    this.messages = this.#read();
  }

  send(message: Out): Promise<void> {
    if (this.#isOver || this.#isEnding) return Promise.reject(new AppError('unavailable', 'the call is over'));
    this.#carry(() => this.peer.take(message));
    return Promise.resolve();
  }

  /** In order; what is stalled, or whose sender dies meanwhile, still comes or does not, as with the buffers of a real one. */
  #carry(work: () => void): void {
    const { world } = this.#line;
    if (this.#life.dead) return;
    const at = Math.max(this.#lastAt, world.time + this.#line.latency());
    this.#lastAt = at;
    const arrive = (): void => {
      if (this.#line.stalled.has(this.#direction)) return void world.after(100, arrive);
      this.peer.#life.act(work);
    };
    world.after(at - world.time, arrive);
  }

  take(message: In): void {
    if (this.#isOver) return;
    this.#arrived.push(message);
    this.#wakeReader?.();
  }

  end(): void {
    if (this.#isOver || this.#isEnding) return;
    this.#isEnding = true;
    this.#carry(() => {
      this.peer.#peerEnded = true;
      this.peer.#wakeReader?.();
      // A server's end ends the call; a client's only its half.
      if (this.#direction === 'down') this.peer.#over();
    });
    if (this.#direction === 'down') this.#over();
  }

  abort(error: Error): void {
    if (this.#isOver) return;
    const failure = AppError.from(error);
    this.#carry(() => this.peer.#fail(failure));
    this.#fail(failure);
  }

  /** Broken from outside: both ends hear of it, each in its time. */
  break(failure: AppError): void {
    for (const end of [this, this.peer]) end.#line.world.after(end.#line.latency(), () => end.#life.act(() => end.#fail(failure)));
  }

  lost(what: object): void {
    const gone = [this, this.peer].find((end) => end === what || end.#life === what);
    const left = gone === this ? this.peer : this;
    if (gone)
      left.#line.world.after(left.#line.latency(), () => left.#life.act(() => left.#fail(new AppError('unavailable', 'the peer is gone'))));
  }

  #fail(failure: AppError): void {
    if (this.#isOver) return;
    this.#failure = failure;
    this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settleClosed();
    this.#wakeReader?.();
  }

  async *#read(): AsyncGenerator<In, void, undefined> {
    for (;;) {
      const next = this.#arrived.shift();
      if (next !== undefined) yield next;
      else if (this.#failure) throw this.#failure;
      else if (this.#peerEnded || this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }
}
