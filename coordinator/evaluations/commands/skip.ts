/** Closing open samples without running them. */
import type { SampleFilter } from '../../../shared/client/types.ts';
import type { Durability } from '../../../shared/domain/durability.ts';
import { invalid } from '../../../shared/domain/errors.ts';
import { unitCode, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';
import { judgeRangesOf, unionOf } from '../judging/judge-ranges.ts';
import type { Commands } from './commands.ts';
import { rangesOf, unitsIn } from '../journal.ts';
import { setAside } from './set-aside.ts';

const FIELDS: readonly string[] = ['benchmark', 'model', 'sampleIds', 'epochs', 'units', 'stage'];

/** What Skip is made of. */
export interface SkipParts {
  store: Store;
  ledger: Ledger;
  commands: Commands;
  known: (evaluationId: string) => Promise<Known>;
  matchingUnits: (evaluationId: string, filter: SampleFilter) => AsyncIterable<number>;
  /** Its state afterwards: it may be over. */
  onSkipped: (known: Known, state: EvaluationState) => void;
}

export class Skip {
  readonly #options: SkipParts;

  constructor(options: SkipParts) {
    this.#options = options;
  }

  /** Closes what is open of the chosen samples as cancelled. A result that comes later for one of them changes nothing. */
  async skip(
    evaluationId: string,
    filter: SampleFilter,
    reason: string,
  ): Promise<{ skipped: number; state: EvaluationState; durability: Durability }> {
    const { ledger, commands, known: find, matchingUnits, onSkipped } = this.#options;
    const known = await find(evaluationId);
    const chosen = check(filter);
    const open = await rangesOf(matchingUnits(evaluationId, { ...chosen, states: ['pending', 'generated'] }));
    // Of an answer that will not be there nothing is to be judged.
    const units = unionOf(open, judgeRangesOf(known.manifest.groups, open));
    if (units.length === 0) {
      await setAside(this.#options, known);
      const state = await commands.stateOf(evaluationId);
      return { skipped: 0, state, durability: await commands.acknowledgeState(evaluationId, state) };
    }
    let skipped: number | undefined;
    const carried = await commands.run(known, {
      states: ['accepted', 'running', 'paused'],
      record: () => ({ ...commands.record('skip', reason), units }),
      apply: async (command) => {
        skipped = await ledger.close(known.manifest, units, unitCode('cancelled'), command);
        return skipped === undefined ? 'lost' : (await ledger.control(known.manifest, { action: 'end', command, reason })).answer;
      },
    });
    await setAside(this.#options, known);
    onSkipped(known, carried.state);
    return { skipped: carried.changed ? (skipped ?? unitsIn(units)) : 0, state: carried.state, durability: carried.durability };
  }
}

function check(filter: SampleFilter): SampleFilter {
  const said = Object.entries(filter).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  const faults = said
    .filter(([name]) => !FIELDS.includes(name))
    .map(([name]) => ({
      place: `filter.${name}`,
      problem: 'says nothing of open samples; choose them by benchmark, model, sample_ids, epochs or units',
    }));
  if (said.length === 0) faults.push({ place: 'filter', problem: 'is empty; say which samples, or cancel the evaluation instead' });
  if (faults.length > 0) throw invalid('SkipSamples', faults);
  return Object.fromEntries(said);
}
