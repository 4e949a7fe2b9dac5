/** From one sample to the next and the one before: of the list that one comes from as it is filtered, otherwise of all units. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Page, SampleResult } from '../../../shared/client/types.ts';
import { api, asCallError } from '../api.ts';
import { beside, type Further } from '../beside.ts';
import { go } from '../router.ts';
import { isSampleFilter, sampleFilterOf } from './samples.tsx';

export interface SampleStepsProps {
  evaluationId: string;
  unit: number;
  query: URLSearchParams;
  /** Of units; undefined: not known so far. */
  total: number | undefined;
}

type Way = 'previous' | 'next';

const KEYS: Record<string, Way> = { j: 'next', ArrowRight: 'next', k: 'previous', ArrowLeft: 'previous' };
/** Of a filtered list. While the evaluation is under way more may fit by the next press. */
const ENDS: Record<Way, string> = { previous: 'It is the first that fits the filters.', next: 'It is the last that fits the filters.' };

export function SampleSteps({ evaluationId, unit, query, total }: SampleStepsProps) {
  const base = `/evaluations/${encodeURIComponent(evaluationId)}/samples`;
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const isFiltered = isSampleFilter(query);
  const here = `${base}/${unit}${search}`;
  const looking = useRef<{ way: Way; own: AbortController }>(undefined);
  /** Of this sample. */
  const [told, setTold] = useState<{ here: string; text: string; further?: Further & { way: Way } }>();
  // Before the next key comes.
  useLayoutEffect(
    () => () => {
      looking.current?.own.abort();
      looking.current = undefined;
    },
    [here],
  );
  const said = told?.here === here ? told : undefined;
  const isEnd = (way: Way): boolean => !isFiltered && (way === 'next' ? total !== undefined && unit >= total - 1 : unit === 0);
  // Whoever presses a button goes on with it.
  const to = (other: number, button: Way | undefined): void =>
    go(`${base}/${other}${search}`, { replace: true, ...(button && { focus: `main button[name='${button}']` }) });
  const step = (way: Way, button?: Way): void => {
    if (isEnd(way)) return;
    if (!isFiltered) return to(way === 'next' ? unit + 1 : unit - 1, button);
    if (looking.current?.way === way) return;
    looking.current?.own.abort();
    const own = new AbortController();
    looking.current = { way, own };
    setTold({ here, text: 'Looking …' });
    const ask = (more: object): Promise<Page<SampleResult>> => api.get(base, { ...sampleFilterOf(query), ...more }, own.signal);
    beside(ask, unit, way === 'previous', said?.further?.way === way ? said.further : undefined)
      .then((found) => {
        if (own.signal.aborted) return;
        if (typeof found === 'number') return to(found, button);
        if (found === 'none') setTold({ here, text: ENDS[way] });
        else setTold({ here, text: 'None among those looked at so far: press again to look further.', further: { ...found, way } });
      })
      .catch((error: unknown) => {
        if (!own.signal.aborted) setTold({ here, text: asCallError(error).message });
      })
      .finally(() => {
        if (looking.current?.own === own) looking.current = undefined;
      });
  };
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // With Shift arrows choose text.
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if ((event.target as Element).closest('input,select,textarea,dialog')) return;
      const way = KEYS[event.key];
      // A key that is held down ends where something is told.
      if (way && !(event.repeat && said)) step(way);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
  const which = isFiltered ? ' of the filtered list' : '';
  return (
    <>
      <span class="told" role="status">
        {said?.text ?? ''}
      </span>
      <button
        type="button"
        name="previous"
        disabled={isEnd('previous')}
        onClick={() => step('previous', 'previous')}
        title={`k or ←: the one before${which}`}
      >
        Previous
      </button>
      <button
        type="button"
        name="next"
        disabled={isEnd('next')}
        onClick={() => step('next', 'next')}
        title={`j or →: the next one${which}`}
      >
        Next
      </button>
    </>
  );
}
