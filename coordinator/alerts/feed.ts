/** What may be seen of incidents: what goes on, and what began, ended and happened. */
import type { EventFilter, EventPage, IncidentEvent, OngoingIncident } from '../../shared/client/event-types.ts';
import type { Page, PageRequest } from '../../shared/client/types.ts';
import { covers, type Namespaces } from '../../shared/domain/identity.ts';
import { SEVERITIES } from '../../shared/domain/incident-kinds.ts';
import { pageSizeOf, pageTokenOf, readPageToken } from '../index/page-token.ts';
import type { AlertBook } from './alert-book.ts';
import { shownOf } from './event.ts';

/** So many events are read at a time, once those that were wanted were not enough: some do not fit. */
const AT_ONCE = 500;
const AT_FIRST = 20;
/** Of what goes on so many are told, and no more than a page has; the others are counted. */
const MOST_ONGOING = 200;

/** What a caller may see: what is of these namespaces, and of the fleet. */
export interface EventSight {
  namespaces: Namespaces;
  fleet: boolean;
}

export class Feed {
  readonly #book: Pick<AlertBook, 'ongoing' | 'events'>;

  constructor(book: Pick<AlertBook, 'ongoing' | 'events'>) {
    this.#book = book;
  }

  /** What goes on, on the first page, and events from the newest on. */
  async list(filter: EventFilter, page: PageRequest, sight: EventSight): Promise<EventPage> {
    const [below] = readPageToken(['events', filter], page.token, ['number']) ?? [];
    const [events, ongoing] = await Promise.all([
      this.#events(filter, page, sight, below as number | undefined),
      below === undefined ? this.#ongoing(filter, sight) : [],
    ]);
    const open = ongoing.filter((one) => one.open).length;
    return { ...events, ongoing: ongoing.slice(0, Math.min(MOST_ONGOING, pageSizeOf(page))), open, waiting: ongoing.length - open };
  }

  async #ongoing(filter: EventFilter, sight: EventSight): Promise<OngoingIncident[]> {
    const known = [...(await this.#book.ongoing()).values()].map(({ value }) => shownOf(value));
    return known
      .filter((one) => fits(one, filter, sight))
      .toSorted((a, b) => Number(b.open) - Number(a.open) || rankOf(a) - rankOf(b) || b.sinceMs - a.sinceMs);
  }

  async #events(filter: EventFilter, page: PageRequest, sight: EventSight, from: number | undefined): Promise<Page<IncidentEvent>> {
    const size = pageSizeOf(page);
    const found: { place: number; event: IncidentEvent }[] = [];
    for (let below = from, most = Math.max(size + 1, AT_FIRST); found.length <= size; most = AT_ONCE) {
      const some = await this.#book.events(below, most, (namespace) => isSeen(namespace, filter, sight));
      found.push(
        ...some.filter(({ event }) => event && isMeant(event, filter, sight)).map(({ place, event }) => ({ place, event: event! })),
      );
      if (some.length < most) break;
      below = some.at(-1)!.place;
    }
    const items = found.slice(0, size);
    const nextToken = found.length > size ? pageTokenOf(['events', filter], [items.at(-1)!.place]) : '';
    return { items: items.map(({ event }) => event), nextToken };
  }
}

const rankOf = ({ severity }: OngoingIncident): number => SEVERITIES.indexOf(severity);

const isMeant = (event: IncidentEvent, filter: EventFilter, sight: EventSight): boolean =>
  fits(event, filter, sight) && (filter.status === undefined || event.status === filter.status);

/** Whether it is the caller's to see, and of the namespace that was asked for. */
const isSeen = (namespace: string, filter: EventFilter, sight: EventSight): boolean =>
  (filter.namespace ?? namespace) === namespace && (namespace === '' ? sight.fleet : covers(sight.namespaces, namespace));

const fits = ({ namespace, kind, severity }: IncidentEvent | OngoingIncident, filter: EventFilter, sight: EventSight): boolean =>
  isSeen(namespace, filter, sight) && (filter.kind ?? kind) === kind && (filter.severity ?? severity) === severity;
