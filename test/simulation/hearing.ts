/**
 * When each agent could hear of what is over: while it is awake, its lines carry both ways, Redis is there, and so is a coordinator. One that
 * stands still is as bad as a line that does: an agent may wait for its answer. One that is dead is not, where another one serves.
 */
import type { Line } from './network.ts';
import type { SimAgent } from './parts/agent.ts';
import type { SimCoordinator } from './parts/coordinator.ts';
import type { SimRedis } from './redis/server.ts';
import type { World } from './world.ts';

interface Parts {
  world: World;
  redis: SimRedis;
  coordinators: readonly SimCoordinator[];
  agents: readonly SimAgent[];
  /** Per agent: its lines to the coordinators. */
  lines: readonly (readonly Line[])[];
}

interface Span {
  from: number;
  /** Infinite as long as it lasts. */
  to: number;
}

export class Hearing {
  readonly #parts: Parts;
  /** By the name of an agent's life. */
  readonly #spans = new Map<string, Span[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** To be called after each event. */
  look(): void {
    const { world, redis, coordinators, agents, lines } = this.#parts;
    const isTold = redis.isUp && coordinators.some((c) => c.isServing) && coordinators.every((c) => !c.life.isStopped);
    for (let i = 0; i < agents.length; i++) {
      const { life } = agents[i]!;
      const hears = isTold && !life.dead && !life.isStopped && lines[i]!.every((line) => line.stalled.size === 0);
      let spans = this.#spans.get(life.name);
      if (!spans) this.#spans.set(life.name, (spans = []));
      const last = spans.at(-1);
      if (hears && last?.to !== Infinity) spans.push({ from: world.time, to: Infinity });
      else if (!hears && last?.to === Infinity) last.to = world.time;
    }
  }

  /** When an agent had been able to hear for `ms` on end of what was over `since` then; infinite when it never was. */
  heardBy(life: string, since: number, ms: number): number {
    for (const { from, to } of this.#spans.get(life) ?? []) {
      const at = Math.max(from, since) + ms;
      if (at <= to) return at;
    }
    return Infinity;
  }
}
