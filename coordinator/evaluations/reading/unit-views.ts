/**
 * Views of evaluations for those who read samples: the state of every unit and the winning results. Whose word counts: of a
 * finished evaluation what was written with its report, of another one the ledger, and where Redis has lost that, the results.
 *
 * A view costs one pass over all headers of the results, so it is kept for the next page, within a bound of bytes.
 */
import { emptyCounts, UNIT_STATES, unitCode, type Counts } from '../../../shared/domain/states.ts';
import type { Report } from '../../../shared/client/types.ts';
import { groupOfUnit, type Manifest } from '../../../shared/domain/manifest.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ResultIndex, Store } from '../../store/store.ts';
import { UNREAD } from './sample-matcher.ts';
import { readUnitCodes, type UnitCodeTable } from '../unit-codes.ts';

const KEPT_BYTES = 96 << 20;
const KEPT_VIEWS = 32;
/** What a unit takes in an index of results: its winner, its mark, and its share of the table of frames. */
const BYTES_PER_UNIT = 24;
const FINISHED_MS = 60_000;
const RUNNING_MS = 2_000;

type Codes = (first: number, count: number) => Promise<Uint8Array>;

/** Of one evaluation; `release` it after use. */
export interface UnitView {
  readonly manifest: Manifest;
  readonly isFinished: boolean;
  /** State codes of units first … first + count − 1; UNREAD where only the result tells. */
  codes: Codes;
  results: ResultIndex;
  release(): void;
}

interface Kept {
  view: Promise<Omit<UnitView, 'release'>>;
  isFinished: boolean;
  bytes: number;
  until: number;
  users: number;
  isOut: boolean;
  /** Of its manifest. */
  createdAtMs: number;
}

export class UnitViews {
  readonly #store: Store;
  readonly #ledger: Pick<Ledger, 'head' | 'unitCodes'>;
  readonly #clock: Clock;
  /** By evaluation, the longest unused first. */
  readonly #kept = new Map<string, Kept>();

  constructor(store: Store, ledger: Pick<Ledger, 'head' | 'unitCodes'>, clock: Clock) {
    this.#store = store;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** A view as it was a moment ago, at most. `isFresh`: as it is now, at least. */
  async open(manifest: Manifest, { isFresh = false } = {}): Promise<UnitView> {
    const { evaluationId } = manifest;
    const isFinished = await this.#store.isFinished(evaluationId);
    let kept = this.#kept.get(evaluationId);
    const isSame = kept?.createdAtMs === manifest.createdAtMs; // not one of the same id that was removed
    const isGood = kept && isSame && kept.isFinished === isFinished && this.#clock.monotonic() < kept.until && (isFinished || !isFresh);
    if (!kept || !isGood) {
      this.drop(evaluationId);
      kept = this.#make(manifest, isFinished);
    }
    this.#kept.delete(evaluationId);
    this.#kept.set(evaluationId, kept);
    this.#shrink();
    kept.users++;
    const release = once(() => this.#release(kept));
    try {
      return { ...(await kept.view), release };
    } catch (error) {
      if (this.#kept.get(evaluationId) === kept) this.drop(evaluationId);
      release();
      throw error;
    }
  }

  /** The evaluation has changed in a way that a kept view does not show, or is gone. */
  drop(evaluationId: string): void {
    const kept = this.#kept.get(evaluationId);
    if (!kept) return;
    this.#kept.delete(evaluationId);
    kept.isOut = true;
    this.#closeIfUnused(kept);
  }

  close(): void {
    for (const id of this.#kept.keys()) this.drop(id);
  }

  #make(manifest: Manifest, isFinished: boolean): Kept {
    const startedAt = this.#clock.monotonic();
    const kept: Kept = {
      view: this.#read(manifest, isFinished),
      createdAtMs: manifest.createdAtMs,
      isFinished,
      bytes: manifest.units * BYTES_PER_UNIT,
      until: Infinity,
      users: 0,
      isOut: false,
    };
    kept.view.then(
      () => {
        // One that took long to make is worth keeping longer.
        const now = this.#clock.monotonic();
        kept.until = now + (isFinished ? FINISHED_MS : Math.max(RUNNING_MS, 5 * (now - startedAt)));
      },
      () => undefined,
    );
    return kept;
  }

  async #read(manifest: Manifest, isFinished: boolean): Promise<Omit<UnitView, 'release'>> {
    const { evaluationId, units } = manifest;
    const table = isFinished ? await this.#writtenCodes(manifest) : undefined;
    const head = isFinished ? undefined : await this.#ledger.head(evaluationId);
    const isKnown = table !== undefined || (head !== undefined && head.state !== 'recovering');
    // Where the ledger says which units count, a void may have come too late for it (see result-index.ts).
    const results = await this.#store.openResults(evaluationId, { voided: isKnown ? 'last' : 'never' });
    const rest = table || !isFinished ? () => unitCode('pending') : await this.#restOf(manifest);
    const codes: Codes = table
      ? async (first, count) => table.codes(first, count)
      : isKnown
        ? (first, count) => this.#ledger.unitCodes(evaluationId, first, Math.min(count, units - first))
        : async (first, count) => Uint8Array.from({ length: count }, (_, i) => (results.has(first + i) ? UNREAD : rest(first + i)));
    return { manifest, isFinished, codes, results };
  }

  async #writtenCodes(manifest: Manifest): Promise<UnitCodeTable | undefined> {
    const bytes = await this.#store.unitCodes(manifest.evaluationId);
    return bytes && readUnitCodes(bytes, manifest.units);
  }

  /** The state of units without a result, of evaluations that finished before states were written: from the report's counts. */
  async #restOf(manifest: Manifest): Promise<(unit: number) => number> {
    const bytes = await this.#store.report(manifest.evaluationId);
    const report = bytes && (JSON.parse(bytes.toString('utf8')) as Report);
    const ofGroups = manifest.groups.map((g) => {
      const row = report?.results.find((r) => r.benchmark === g.benchmark && r.model === g.model);
      return restState(row?.counts ?? report?.units ?? emptyCounts());
    });
    return (unit) => ofGroups[groupOfUnit(manifest.groups, unit).index]!;
  }

  #shrink(): void {
    let bytes = [...this.#kept.values()].reduce((sum, k) => sum + k.bytes, 0);
    for (const [id, kept] of this.#kept) {
      if (this.#kept.size <= 1 || (bytes <= KEPT_BYTES && this.#kept.size <= KEPT_VIEWS)) return;
      bytes -= kept.bytes;
      this.drop(id);
    }
  }

  #release(kept: Kept): void {
    kept.users--;
    this.#closeIfUnused(kept);
  }

  #closeIfUnused(kept: Kept): void {
    if (!kept.isOut || kept.users > 0) return;
    void kept.view.then((view) => view.results.close()).catch(() => undefined);
  }
}

/** Without a result are the cancelled and the dead; which of them, where there are both, nobody can tell any more. */
const restState = (counts: Counts): number => UNIT_STATES.indexOf(counts.cancelled === 0 && counts.dead > 0 ? 'dead' : 'cancelled');

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
