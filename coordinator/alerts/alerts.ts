/** Looks at what there is to tell, notes it as events, and tells it to channels where there are some. All coordinators have one; one of them looks at a time. */
import { randomUUID } from 'node:crypto';
import type { Agent, RouteStatus } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { ENDED } from '../../shared/runtime/abort.ts';
import { everyMs, type Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { AlertBook, Stored } from './alert-book.ts';
import { incidentsOfAgents, incidentsOfRoutes } from './conditions.ts';
import { Courier, type Send } from './courier.ts';
import { eventOf } from './event.ts';
import { happeningsOf, incidentsOfEvaluation, type Watched } from './endings.ts';
import { KINDS, stepOf, type Incident, type Kind, type Ongoing } from './incident.ts';
import type { Message } from './message.ts';
import type { AlertSettings, ChannelSettings } from './settings.ts';
import { Rooms, withinShares } from './shares.ts';

/** Evaluations that ended so long ago, or earlier, are looked at no more unless something of them goes on. */
const LATELY_MS = 3_600_000;
/** One that has failed and that nobody touches is not held for ever. */
const FORGET_MS = 7 * 24 * 3_600_000;
/** For so long nothing of a queue runs that is stuck. */
const STILL_MS = 60_000;
/** A coordinator that is silent for so many looks is not the one that looks any more. */
const HOLD_PERIODS = 4;

/** Where it is seen what goes on. All of it throws while it cannot be told: nothing begins or ends by that. */
export interface AlertSources {
  nowMs(): Promise<number>;
  agents(): Promise<readonly Agent[]>;
  routes(): Promise<readonly RouteStatus[]>;
  /** Those that run, that ended since then, and these by their ids, as far as they are there. */
  evaluations(sinceMs: number, evaluationIds: readonly string[]): Promise<readonly Watched[]>;
}

export interface AlertsParts {
  settings: AlertSettings;
  book: AlertBook;
  sources: AlertSources;
  send: Send;
  /** How often it looks. */
  periodMs: number;
  /** Before a message is tried for the second time; then twice as long each time. */
  retryMs?: number;
  onMessage?: (outcome: 'sent' | 'failed' | 'given_up' | 'refused') => void;
  clock: Clock;
  logger: Logger;
}

export class Alerts implements Service {
  readonly #parts: AlertsParts;
  readonly #duty: Duty;
  readonly #courier: Courier;
  /** Channels of which it was said that they have no room. */
  #full = new Set<string>();

  constructor(parts: AlertsParts) {
    const { clock, logger, periodMs } = parts;
    this.#parts = parts;
    this.#courier = new Courier(parts);
    const onError = (error: unknown): void => logger.warn({ error: AppError.from(error).message }, 'alerts could not be looked at');
    this.#duty = new Duty({ clock, periodMs, onError, run: (signal) => this.runOnce(signal) });
  }

  async start(): Promise<void> {
    await this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#parts.book.leave().catch(() => undefined); // it ends by itself
  }

  async runOnce(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { book, periodMs, clock } = this.#parts;
    const holdMs = HOLD_PERIODS * periodMs;
    if (!(await book.lead(holdMs))) return;
    const over = new AbortController();
    void everyMs(clock, periodMs / 2, over.signal, () => void book.lead(holdMs).catch(() => undefined)); // a look, or a slow channel, may take long
    try {
      await this.#look();
    } finally {
      // What is written down is sent, whether or not there was more to see.
      await this.#send(signal).finally(() => over.abort(ENDED));
    }
  }

  /** One without channels leaves what waits to those that have them. */
  async #send(signal: AbortSignal): Promise<void> {
    if (this.#parts.settings.channels.length > 0) await this.#courier.runOnce(signal);
  }

  async #look(): Promise<void> {
    const { book, sources, settings } = this.#parts;
    const nowMs = await sources.nowMs();
    const sinceMs = Math.max(await book.since(nowMs), nowMs - LATELY_MS);
    const ongoing = await book.ongoing();
    const own = [...ongoing.values()].map(({ value }) => String(value.incident.facts['evaluationId'] ?? '')).filter((id) => id !== '');
    const [agents, routes, watched] = await Promise.all([
      sources.agents(),
      sources.routes(),
      sources.evaluations(sinceMs, [...new Set(own)]),
    ]);
    const seen = [
      ...incidentsOfAgents(agents),
      ...incidentsOfRoutes(routes, this.#afterMs('queue_stuck')),
      ...watched.flatMap((one) => incidentsOfEvaluation(one, settings.gates)),
    ];
    const isLate = ({ evaluation }: Watched): boolean => evaluation.finishedAtMs < sinceMs;
    const late = new Set(watched.filter(isLate).map(({ evaluation }) => evaluation.evaluationId));
    // An end of long ago begins nothing: it was told, or was before there were alerts.
    const isOver = ({ key, kind, facts }: Incident): boolean =>
      kind.startsWith('evaluation_') && late.has(String(facts['evaluationId'])) && !ongoing.has(key);
    const isSeen = (incident: Incident): boolean => !isOver(incident);
    const at = { nowMs, rooms: new Rooms(await book.messages()), full: new Set<string>() };
    await this.#compare(ongoing, withinShares(ongoing, seen.filter(isSeen)), at);
    await this.#tellHappenings(watched.filter((one) => !isLate(one)).flatMap(happeningsOf), at);
    this.#full = at.full;
    await book.forgetTold(nowMs - 2 * LATELY_MS);
  }

  async #compare(ongoing: ReadonlyMap<string, Stored<Ongoing>>, seen: readonly Incident[], at: Look): Promise<void> {
    const { settings, book } = this.#parts;
    const { nowMs } = at;
    const present = new Map(seen.map((incident) => [incident.key, incident]));
    for (const key of new Set([...ongoing.keys(), ...present.keys()])) {
      const known = ongoing.get(key);
      const incident = present.get(key);
      const kind = (known?.value.incident ?? incident!).kind;
      // That it waits so long is what makes it stuck; between two tasks nothing runs for a moment, which must be more than one.
      const afterMs = kind === 'queue_stuck' ? Math.min(STILL_MS, this.#afterMs(kind)) : this.#afterMs(kind);
      const isOld = kind.startsWith('evaluation_') && known !== undefined && nowMs - known.value.sinceMs > FORGET_MS;
      const step = isOld ? { next: undefined } : stepOf(known?.value, incident, { nowMs, afterMs, clearMs: settings.clearMs });
      if (!step) {
        if (known?.value.owed && incident) await this.#tellOwed(key, known, at);
        continue;
      }
      // It goes on, and stands among the events, whether or not a channel has room for it.
      const withRoom = step.tell === 'opened' ? this.#withRoom(step.next!.incident, at) : this.#stillThere(known?.value.told ?? []);
      const told = withRoom ?? [];
      const occurrence = known?.value.occurrence ?? randomUUID();
      const begun = { occurrence, told: told.map(({ name }) => name), ...(withRoom ? {} : { owed: true as const }) };
      const next = step.next && (step.tell === 'opened' ? { ...step.next, ...begun } : step.next);
      const startedMs = (known?.value ?? step.next!).sinceMs;
      const about = { incident: (next ?? known!.value).incident, occurrence, startedMs, atMs: nowMs };
      const messages = step.tell ? told.map((channel) => messageOf(channel, step.tell!, about)) : [];
      const event = step.tell && eventOf(step.tell, about);
      const applied = await book.apply(key, known, next, { event, messages });
      if (applied === 'full') this.#noteFull('all', at);
    }
  }

  /** Of one that goes on, and of which no channel was told that it began. */
  async #tellOwed(key: string, known: Stored<Ongoing>, at: Look): Promise<void> {
    const { owed: _, ...ongoing } = known.value;
    const channels = this.#withRoom(ongoing.incident, at) ?? [];
    // A coordinator that has no channel for it leaves it to one that has.
    if (channels.length === 0) return;
    const about = {
      incident: ongoing.incident,
      occurrence: ongoing.occurrence ?? randomUUID(),
      startedMs: ongoing.sinceMs,
      atMs: at.nowMs,
    };
    const next = { ...ongoing, occurrence: about.occurrence, told: channels.map(({ name }) => name) };
    const applied = await this.#parts.book.apply(key, known, next, { messages: channels.map((one) => messageOf(one, 'opened', about)) });
    if (applied === 'full') this.#noteFull('all', at);
  }

  async #tellHappenings(happenings: readonly Incident[], at: Look): Promise<void> {
    const { book } = this.#parts;
    const { nowMs } = at;
    const told = await book.told(happenings.flatMap(({ key }) => [key, notedOnly(key)]));
    for (const incident of happenings) {
      if (told.has(incident.key)) continue;
      const channels = this.#withRoom(incident, at);
      const isNoted = told.has(notedOnly(incident.key));
      if (!channels && isNoted) continue;
      const about = { incident, occurrence: randomUUID(), startedMs: nowMs, atMs: nowMs };
      const event = isNoted ? undefined : eventOf('happened', about);
      const messages = (channels ?? []).map((channel) => messageOf(channel, 'happened', about));
      const applied = await book.tellOnce(channels ? incident.key : notedOnly(incident.key), nowMs, { event, messages });
      if (applied === 'full') this.#noteFull('all', at);
    }
  }

  /** The channels that are told of a beginning. Those without room are passed over; where none has any, they are told later: undefined. */
  #withRoom(incident: Incident, at: Look): ChannelSettings[] | undefined {
    const wanted = this.#channelsFor(incident);
    const told = wanted.filter(({ name }) => at.rooms.has(name, incident));
    for (const channel of wanted.filter((one) => !told.includes(one))) {
      this.#noteFull(channel.name, at);
      if (told.length > 0) this.#parts.onMessage?.('refused');
    }
    if (wanted.length > 0 && told.length === 0) return undefined;
    for (const { name } of told) at.rooms.take(name, incident);
    return told;
  }

  /** Said once, until it has room again. */
  #noteFull(channel: string, at: Look): void {
    if (!this.#full.has(channel) && !at.full.has(channel))
      this.#parts.logger.error({ channel }, 'too many alerts wait for a channel: new ones are not told there, or when there is room');
    at.full.add(channel);
  }

  #afterMs(kind: Kind): number {
    return this.#parts.settings.after[kind] ?? KINDS[kind].afterMs;
  }

  #channelsFor({ kind, namespace }: Incident): ChannelSettings[] {
    return this.#parts.settings.channels.filter(
      ({ on, namespaces }) => (on === undefined || on.includes(kind)) && (namespaces === undefined || namespaces.includes(namespace)),
    );
  }

  #stillThere(names: readonly string[]): ChannelSettings[] {
    return this.#parts.settings.channels.filter(({ name }) => names.includes(name));
  }
}

/** What has happened stands among the events, and no channel was told so far. */
const notedOnly = (key: string): string => `${key} noted`;

/** One look: its time, the room that channels have left, and those that turned out to have none. */
interface Look {
  nowMs: number;
  rooms: Rooms;
  full: Set<string>;
}

function messageOf(
  { name }: ChannelSettings,
  status: Message['status'],
  about: Pick<Message, 'incident' | 'occurrence' | 'startedMs' | 'atMs'>,
): Message {
  return { id: `${about.occurrence}:${status}:${name}`, channel: name, status, ...about, tries: 0, dueMs: 0 };
}
