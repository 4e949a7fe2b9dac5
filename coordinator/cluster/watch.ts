/** One watcher of the cluster: compares pictures, so that it holds one and a slow reader only skips some. */
import type { ClusterChange } from '../../shared/client/types.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { ClusterPicture, ClusterPictures } from './cluster-pictures.ts';

/** Something is sent at least this often. */
const HEARTBEAT_MS = 15_000;
/** Between two tellings of when coordinators and agents were last heard of. */
const SEEN_EVERY_MS = 5_000;
/** Of one message, as JSON; a picture that is larger comes in several. */
const MESSAGE_CHARS = 1 << 20;

type Kind = 'coordinators' | 'agents' | 'routes';
type Items = { [K in Kind]: ClusterPicture[K][number] };

/** By kind and id, what was sent, as JSON without what changes while nothing happens. */
type Sent = Record<Kind, Map<string, string>> & { store: string; redisAtMs?: number; seen: Map<string, number>; seenAtMs: number };

const ID: { [K in Kind]: (item: Items[K]) => string } = {
  coordinators: (item) => item.coordinatorId,
  agents: (item) => item.agentId,
  routes: (item) => item.route,
};

const nothing = (timeMs: number): ClusterChange => ({
  timeMs,
  snapshot: false,
  coordinators: [],
  agents: [],
  routes: [],
  removedCoordinatorIds: [],
  removedAgentIds: [],
  removedRoutes: [],
});

/** A snapshot, in several messages where it is large, then what changes; ends when `signal` aborts. */
export async function* watchCluster(pictures: ClusterPictures, clock: Clock, signal: AbortSignal): AsyncGenerator<ClusterChange> {
  const end = pictures.watch();
  try {
    const sent: Sent = { coordinators: new Map(), agents: new Map(), routes: new Map(), store: '', seen: new Map(), seenAtMs: 0 };
    let sentAtMs = clock.monotonic();
    for (let number = 0; !signal.aborted;) {
      const next = await pictures.after(number, sentAtMs + HEARTBEAT_MS - clock.monotonic(), signal);
      if (signal.aborted) return;
      const changes = next ? changesOf(sent, next.picture, number === 0) : [];
      number = next?.number ?? number;
      let isSilent = true;
      for (const change of changes) {
        isSilent = false;
        yield change;
      }
      if (isSilent && clock.monotonic() - sentAtMs < HEARTBEAT_MS) continue;
      if (isSilent) yield nothing(clock.now());
      sentAtMs = clock.monotonic();
    }
  } finally {
    end();
  }
}

/** What differs from what was sent, which is brought up to date. */
export function* changesOf(sent: Sent, picture: ClusterPicture, snapshot: boolean): Generator<ClusterChange> {
  let message: ClusterChange = { ...nothing(picture.timeMs), snapshot };
  let chars = 0;
  let isDue = snapshot;
  // When it was counted, and the room at this moment, say nothing by themselves.
  const { measuredAtMs: _measured, freeBytes: _free, ...said } = picture.store;
  if (sent.store !== JSON.stringify(said)) {
    sent.store = JSON.stringify(said);
    message.store = picture.store;
    isDue = true;
  }
  // Its numbers are others at every look, of which there are few.
  if (picture.redis && picture.redis.measuredAtMs !== sent.redisAtMs) {
    sent.redisAtMs = picture.redis.measuredAtMs;
    message.redis = picture.redis;
    isDue = true;
  }
  for (const [kind, item] of changedItems(sent, picture)) {
    const size = JSON.stringify(item).length;
    if (chars > 0 && chars + size > MESSAGE_CHARS) {
      yield message;
      message = nothing(picture.timeMs);
      chars = 0;
    }
    (message[kind] as unknown[]).push(item);
    chars += size;
    isDue = true;
  }
  const seen = snapshot ? [] : newlySeen(sent, picture);
  if (seen.length > 0) message.seen = seen;
  if (snapshot) sent.seenAtMs = picture.timeMs;
  isDue ||= seen.length > 0;
  message.removedCoordinatorIds = removed(sent.coordinators, picture.coordinators.map(ID.coordinators));
  message.removedAgentIds = removed(sent.agents, picture.agents.map(ID.agents));
  message.removedRoutes = removed(sent.routes, picture.routes.map(ID.routes));
  isDue ||= message.removedCoordinatorIds.length + message.removedAgentIds.length + message.removedRoutes.length > 0;
  if (isDue) yield message;
}

function* changedItems(sent: Sent, picture: ClusterPicture): Generator<[Kind, Items[Kind]]> {
  for (const kind of ['coordinators', 'agents', 'routes'] as const) {
    for (const item of picture[kind]) {
      const id = (ID[kind] as (item: Items[Kind]) => string)(item);
      // When it was last heard of says nothing as long as it is there.
      const said = JSON.stringify({ ...item, seenAtMs: 0 });
      if (sent[kind].get(id) === said) continue;
      sent[kind].set(id, said);
      yield [kind, item];
    }
  }
}

/** Nothing, mostly: who is heard of all the time is told of now and then. */
function newlySeen(sent: Sent, { timeMs, coordinators, agents }: ClusterPicture): { id: string; seenAtMs: number }[] {
  if (timeMs - sent.seenAtMs < SEEN_EVERY_MS) return [];
  sent.seenAtMs = timeMs;
  const now = new Map([
    ...coordinators.map((c) => [c.coordinatorId, c.seenAtMs] as const),
    ...agents.map((a) => [a.agentId, a.seenAtMs] as const),
  ]);
  const news = [...now].filter(([id, seenAtMs]) => sent.seen.get(id) !== seenAtMs);
  sent.seen = now;
  return news.map(([id, seenAtMs]) => ({ id, seenAtMs }));
}

function removed(sent: Map<string, string>, there: readonly string[]): string[] {
  const ids = new Set(there);
  const gone = [...sent.keys()].filter((id) => !ids.has(id));
  for (const id of gone) sent.delete(id);
  return gone;
}
