/** The books of an evaluation: computed anew from the store when somebody asks, and compared with what is served. */
import { useState } from 'preact/hooks';
import type { Books } from '../../../shared/client/books.ts';
import type { VerifyLine } from '../../../shared/http/answers.ts';
import { Facts, Failed, Panel } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { useSteps } from '../steps.ts';
import { count, plural } from '../words.ts';

/** Of differences. */
const SHOWN = 20;

export function VerifyPart({ path }: { path: string }) {
  const [isAsked, setAsked] = useState(false);
  const { step, error, again } = useSteps<VerifyLine>(isAsked ? `${path}/verify` : undefined);
  const books = step?.books;
  const isAtWork = isAsked && !books && !error;
  return (
    <Panel title="Verify">
      {books ? (
        <Outcome books={books} />
      ) : (
        <p class="help" role="status">
          {isAtWork ? (
            atWork(step)
          ) : (
            <>
              Reads every result in the store, computes all anew, and compares it with what is served, as <code>assay verify</code> does.
            </>
          )}
        </p>
      )}
      {error ? <Failed error={error} /> : null}
      <div class="actions is-record">
        <button type="button" disabled={isAtWork} onClick={() => (isAsked ? again() : setAsked(true))}>
          {books || error ? 'Verify again' : 'Verify'}
        </button>
      </div>
    </Panel>
  );
}

const PHASES: Readonly<Record<string, string>> = {
  ledger: 'Reading what is served',
  frames: 'Reading what was written',
  results: 'Computing the report',
};

const atWork = (step: VerifyLine | undefined): string =>
  step?.progress
    ? `${PHASES[step.progress.phase] ?? step.progress.phase}: ${count(step.progress.done)} of ${count(step.progress.total)}.`
    : 'Begun.';

function Outcome({ books }: { books: Books }) {
  const { balanced, counts, frames, requeues, requeuedUnits, attempts, generations, differences, moreDifferences, notCompared } = books;
  const further = differences.length - SHOWN + moreDifferences;
  return (
    <div role="status">
      <p class="verdict">
        <Badge tone={balanced ? 'good' : 'bad'}>{balanced ? 'the books balance' : 'the books do not balance'}</Badge>
      </p>
      {differences.slice(0, SHOWN).map(({ place, expected, found }) => (
        <p key={place} class="problem small">
          <b>{place}</b>: expected {expected}, found {found}
        </p>
      ))}
      {further > 0 ? <p class="help">and {count(further)} more</p> : null}
      <Facts
        rows={[
          ['Units', `${count(counts.total)}, ${count(counts.scored)} of them scored`],
          ['Results', `${count(frames.results)} in ${plural(frames.frames, 'frame')}`],
          ['Refused', frames.refused > 0 ? plural(frames.refused, 'result') : ''],
          [
            'Run again',
            frames.unitsWithSeveral > 0
              ? `${plural(frames.unitsWithSeveral, 'unit')}: ${count(frames.agreed)} agreed, ${count(frames.differed)} differed`
              : '',
          ],
          ['Calls', `${count(frames.calls)}, ${count(frames.repeatedCalls)} of them of results that do not count`],
          ['Requeued', requeues > 0 ? `${plural(requeuedUnits, 'unit')} by ${plural(requeues, 'requeue')}` : ''],
          ['Attempts', `${count(attempts)} with results, in ${plural(generations, 'generation')}`],
          ['Not compared', notCompared.join('; ')],
        ]}
      />
    </div>
  );
}
