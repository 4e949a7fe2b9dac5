/** Looks at what there is to tell, and tells it. All coordinators have one; one of them looks at a time. */
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
import { happeningsOf, incidentsOfEvaluation, type Watched } from './endings.ts';
import { KINDS, stepOf, type Incident, type Kind, type Ongoing } from './incident.ts';
import type { Message } from './message.ts';
import type { AlertSettings, ChannelSettings } from './settings.ts';

/** Evaluations that ended so long ago, or earlier, are looked at no more unless something of them goes on. */
const LATELY_MS = 3_600_000;
/** One that has failed and that nobody touches is not held for ever. */
const FORGET_MS = 7 * 24 * 3_600_000;
/** Beside three looks: how long a coordinator that is silent stays the one that looks. */
const HOLD_MS = 5_000;
/** What goes on at the same time; beyond it nothing new begins. */
const MAX_ONGOING = 2_000;

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
  onMessage?: (outcome: 'sent' | 'failed' | 'given_up') => void;
  clock: Clock;
  logger: Logger;
}

export class Alerts implements Service {
  readonly #parts: AlertsParts;
  readonly #duty: Duty;
  readonly #courier: Courier;
  #saidFull = false;

  constructor(parts: AlertsParts) {
    const { clock, logger, periodMs } = parts;
    this.#parts = parts;
    this.#courier = new Courier(parts);
    const onError = (error: unknown): void => logger.warn({ error: AppError.from(error).message }, 'alerts could not be looked at');
    this.#duty = new Duty({ clock, periodMs, onError, run: (signal) => this.runOnce(signal) });
  }

  async start(): Promise<void> {
    if (this.#parts.settings.channels.length > 0) await this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#parts.book.leave().catch(() => undefined); // it ends by itself
  }

  async runOnce(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { book, periodMs, clock } = this.#parts;
    const holdMs = 3 * periodMs + HOLD_MS;
    if (!(await book.lead(holdMs))) return;
    const over = new AbortController();
    void everyMs(clock, HOLD_MS / 3, over.signal, () => void book.lead(holdMs).catch(() => undefined)); // a look, or a slow channel, may take long
    try {
      await this.#look();
    } finally {
      // What is written down is sent, whether or not there was more to see.
      await this.#courier.runOnce(signal).finally(() => over.abort(ENDED));
    }
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
    await this.#tellHappenings(watched.filter((one) => !isLate(one)).flatMap(happeningsOf), nowMs);
    const late = new Set(watched.filter(isLate).map(({ evaluation }) => evaluation.evaluationId));
    await this.#compare(ongoing, seen, { nowMs, late });
    await book.forgetTold(nowMs - 2 * LATELY_MS);
  }

  async #compare(
    ongoing: ReadonlyMap<string, Stored<Ongoing>>,
    seen: readonly Incident[],
    at: { nowMs: number; late: ReadonlySet<string> },
  ): Promise<void> {
    const { settings, book } = this.#parts;
    const { nowMs } = at;
    const present = new Map(seen.map((incident) => [incident.key, incident]));
    let size = ongoing.size;
    for (const key of new Set([...ongoing.keys(), ...present.keys()])) {
      const known = ongoing.get(key);
      const incident = present.get(key);
      // An end of long ago begins nothing: it was told, or was before there were alerts.
      if (
        !known &&
        (size >= MAX_ONGOING || (incident!.kind.startsWith('evaluation_') && at.late.has(String(incident!.facts['evaluationId']))))
      )
        continue;
      const kind = (known?.value.incident ?? incident!).kind;
      // That it waits so long is what makes it stuck.
      const afterMs = kind === 'queue_stuck' ? 0 : this.#afterMs(kind);
      const isOld = kind.startsWith('evaluation_') && known !== undefined && nowMs - known.value.sinceMs > FORGET_MS;
      const step = isOld ? { next: undefined } : stepOf(known?.value, incident, { nowMs, afterMs, clearMs: settings.clearMs });
      if (!step) continue;
      const told = step.tell === 'opened' ? this.#channelsFor(step.next!.incident) : this.#stillThere(known?.value.told ?? []);
      const occurrence = known?.value.occurrence ?? randomUUID();
      const next = step.next && (step.tell === 'opened' ? { ...step.next, occurrence, told: told.map(({ name }) => name) } : step.next);
      const startedMs = (known?.value ?? step.next!).sinceMs;
      const about = { incident: (next ?? known!.value).incident, occurrence, startedMs, atMs: nowMs };
      const messages = step.tell ? told.map((channel) => messageOf(channel, step.tell!, about)) : [];
      const applied = await book.apply(key, known, next, messages);
      if (applied === 'applied') size += (next ? 1 : 0) - (known ? 1 : 0);
      this.#note(applied === 'full');
    }
  }

  async #tellHappenings(happenings: readonly Incident[], nowMs: number): Promise<void> {
    const { book } = this.#parts;
    const told = await book.told(happenings.map(({ key }) => key));
    for (const incident of happenings) {
      if (told.has(incident.key)) continue;
      const about = { incident, occurrence: randomUUID(), startedMs: nowMs, atMs: nowMs };
      const messages = this.#channelsFor(incident).map((channel) => messageOf(channel, 'happened', about));
      this.#note((await book.tellOnce(incident.key, nowMs, messages)) === 'full');
    }
  }

  /** Said once, until it has room again. */
  #note(isFull: boolean): void {
    if (isFull && !this.#saidFull) this.#parts.logger.error('too many alerts wait to be sent: new ones begin when there is room');
    this.#saidFull = isFull;
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

function messageOf(
  { name }: ChannelSettings,
  status: Message['status'],
  about: Pick<Message, 'incident' | 'occurrence' | 'startedMs' | 'atMs'>,
): Message {
  return { id: `${about.occurrence}:${status}:${name}`, channel: name, status, ...about, tries: 0, dueMs: 0 };
}
