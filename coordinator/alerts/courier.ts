/** Sends what waits: the channels beside each other, in each one after the other, an incident's end never before its beginning. */
import { AppError } from '../../shared/domain/errors.ts';
import { backoffCeilingMs } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { AlertBook, Stored } from './alert-book.ts';
import type { Message } from './message.ts';
import { rankOf } from './shares.ts';
import type { AlertSettings, ChannelSettings } from './settings.ts';

/** Sends one message to its channel; throws where it is not known to have arrived. May return a remark for the log. */
export type Send = (channel: ChannelSettings, message: Message, nowMs: number) => Promise<string | undefined>;

/** Ten tries, the last of them after two hours and a half. */
const MAX_TRIES = 10;
/** More than one try takes, so that nobody else tries meanwhile. */
const RETRY_MS = 30_000;
const MAX_RETRY_MS = 1_800_000;
/** So many of one channel in one round: the next look is not to wait for ever. */
const AT_ONCE = 20;

export interface CourierParts {
  settings: Pick<AlertSettings, 'channels'>;
  book: Pick<AlertBook, 'messages' | 'claim' | 'drop'>;
  send: Send;
  retryMs?: number;
  onMessage?: (outcome: 'sent' | 'failed' | 'given_up') => void;
  clock: Clock;
  logger: Logger;
}

export class Courier {
  readonly #parts: CourierParts;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** One round. */
  async runOnce(signal: AbortSignal): Promise<void> {
    const { book, settings } = this.#parts;
    const all = await book.messages();
    const channels = new Map(settings.channels.map((channel) => [channel.name, channel]));
    // Of a channel that is in the settings no more.
    for (const { value } of all) if (!channels.has(value.channel)) await book.drop(value.id);
    await Promise.all([...channels.values()].map((channel) => this.#serve(channel, all, signal)));
  }

  async #serve(channel: ChannelSettings, all: readonly Stored<Message>[], signal: AbortSignal): Promise<void> {
    const own = inTurn(all.filter(({ value }) => value.channel === channel.name));
    const held = new Set<string>();
    let tries = 0;
    for (const message of own) {
      const { occurrence, dueMs } = message.value;
      if (signal.aborted || tries >= AT_ONCE) return;
      if (held.has(occurrence) || dueMs > this.#parts.clock.now()) {
        held.add(occurrence);
        continue;
      }
      const outcome = await this.#try(channel, message);
      if (outcome === 'full') return;
      if (outcome !== 'done') held.add(occurrence);
      tries++;
    }
  }

  /** done: sent, or given up. */
  async #try(channel: ChannelSettings, message: Stored<Message>): Promise<'done' | 'failed' | 'full'> {
    const { book, send, clock, logger, onMessage = () => undefined, retryMs = RETRY_MS } = this.#parts;
    const nowMs = clock.now();
    const tries = message.value.tries + 1;
    // Written down before it is sent: who dies over it leaves it to be tried again.
    const next = { ...message.value, tries, dueMs: nowMs + backoffCeilingMs(tries, { baseMs: retryMs, maxMs: MAX_RETRY_MS }) };
    const claimed = await book.claim(message, next, channel.perMinute, nowMs);
    if (claimed !== 'applied') return claimed === 'full' ? 'full' : 'failed';
    const { id, incident, status } = next;
    const about = { channel: channel.name, message: id, kind: incident.kind, status, tries };
    let remark: string | undefined;
    try {
      remark = await send(channel, next, nowMs);
    } catch (error) {
      const said = { ...about, error: AppError.from(error).message };
      if (tries < MAX_TRIES) {
        onMessage('failed');
        logger.warn(said, 'an alert could not be sent, and is tried again');
        return 'failed';
      }
      onMessage('given_up');
      logger.error(said, 'an alert is given up: it could not be sent');
      await book.drop(id);
      return 'done';
    }
    onMessage('sent');
    if (remark !== undefined) logger.warn({ ...about, remark }, 'alert sent, but not to all');
    else logger.info(about, 'alert sent');
    await book.drop(id);
    return 'done';
  }
}

/** Namespaces, and the fleet, take turns, each with its worst: none waits behind the many of another one. */
function inTurn(own: readonly Stored<Message>[]): Stored<Message>[] {
  const turns = new Map<string, number>();
  const turnOf = (message: Stored<Message>): { message: Stored<Message>; turn: number } => {
    const { namespace } = message.value.incident;
    const turn = turns.get(namespace) ?? 0;
    turns.set(namespace, turn + 1);
    return { message, turn };
  };
  const inTurns = own.toSorted(inOrder).map(turnOf);
  return inTurns.toSorted((a, b) => a.turn - b.turn).map(({ message }) => message);
}

/** What is worse first, then by time; of two in one moment the beginning first. */
const inOrder = ({ value: a }: Stored<Message>, { value: b }: Stored<Message>): number =>
  rankOf(a.incident) - rankOf(b.incident) || a.atMs - b.atMs || Number(a.status === 'resolved') - Number(b.status === 'resolved');
