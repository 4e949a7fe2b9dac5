/** A history in memory, on its way to and from its file. */
import { readFile, writeFile } from 'node:fs/promises';
import type { EventOf, HistoryEvent } from './events.ts';

export type * from './events.ts';

/** Milliseconds of the host's monotonic clock, with fractions: the same in every process, whoever sets the wall clock meanwhile. */
export const now = (): number => Math.round(Number(process.hrtime.bigint()) / 1000) / 1000;

type Noted<E> = E extends HistoryEvent ? Omit<E, 't' | 'who'> & { t?: number } : never;

/** Collects what the test itself sees. */
export class Recorder {
  readonly events: HistoryEvent[] = [];

  note(who: string, event: Noted<HistoryEvent>): void {
    this.events.push({ t: now(), who, ...event });
  }

  /** With what processes have written into these files since a moment. */
  async history(paths: readonly string[] = [], since = 0): Promise<History> {
    const theirs = await Promise.all(paths.map(readLines));
    return new History([...this.events, ...theirs.flat().filter(({ t }) => t >= since)]);
  }
}

export class History {
  readonly events: readonly HistoryEvent[];
  readonly #byWhat: Map<string, HistoryEvent[]>;

  constructor(events: readonly HistoryEvent[]) {
    this.events = events.toSorted((a, b) => a.t - b.t);
    this.#byWhat = Map.groupBy(this.events, ({ what }) => what);
  }

  of<W extends HistoryEvent['what']>(what: W): EventOf<W>[] {
    return (this.#byWhat.get(what) ?? []) as EventOf<W>[];
  }

  async write(path: string): Promise<void> {
    await writeFile(path, this.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  static async read(path: string): Promise<History> {
    return new History(await readLines(path));
  }
}

/** A process that was killed may have left half a line. */
async function readLines(path: string): Promise<HistoryEvent[]> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as HistoryEvent] : [];
    } catch {
      return [];
    }
  });
}
