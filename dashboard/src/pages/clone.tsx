/** An evaluation as the beginning of a new one: its spec as text, edited, checked by the coordinator, submitted. */
import { useRef, useState } from 'preact/hooks';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import type { Evaluation, Validation } from '../../../shared/client/types.ts';
import type { Submitted } from '../../../shared/http/answers.ts';
import { api, CallError } from '../api.ts';
import { SpecEditor, type Mark } from '../kit/spec-editor.tsx';
import { Failed, Head, Loading, Panel } from '../kit/parts.tsx';
import { useLoaded } from '../live.ts';
import { go } from '../router.ts';
import { parsed, spanOf, specText } from '../spec-text.ts';
import { seen } from '../unseen.ts';
import { plural } from '../words.ts';
import { CheckedPart } from './checked-part.tsx';

export function ClonePage({ evaluationId, identity }: { evaluationId: string; identity: WhoAmI }) {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}`;
  // As it is, and not as it is shown: what cannot be seen must stay in it.
  const { data, error, reload } = useLoaded(`exact ${path}`, (signal) => api.exact<Evaluation>(path, signal));
  if (data?.spec) return <CloneForm original={data} identity={identity} />;
  return (
    <>
      <Head title="Clone as new" />
      {error ? <Failed error={error} retry={reload} /> : <Loading />}
    </>
  );
}

/** What became of a check or a submit. */
type Said = { marks: Mark[]; told: string; validation?: Validation };

const NOTHING: Said = { marks: [], told: '' };

function CloneForm({ original, identity }: { original: Evaluation; identity: WhoAmI }) {
  const { evaluationId, name, namespace } = original;
  const [text, setText] = useState(() => specText(original.spec));
  const [owner, setOwner] = useState(identity.name);
  const [said, setSaid] = useState(NOTHING);
  const [isBusy, setBusy] = useState(false);
  // The same text is the same submit, however often its answer is lost.
  const key = useRef(crypto.randomUUID());
  const edited = (next: string): void => {
    setText(next);
    setSaid(NOTHING);
    key.current = crypto.randomUUID();
  };
  const marksOf = (faults: readonly { place: string; problem: string }[], isFault: boolean): Mark[] =>
    faults.map(({ place, problem }) => ({ place, problem, isFault, span: spanOf(text, place) }));
  const ask = async (work: (spec: unknown) => Promise<Said | undefined>): Promise<void> => {
    const own = parsed(text);
    if (!('spec' in own)) return setSaid({ marks: [{ place: '', problem: own.problem, isFault: true, span: own.span }], told: '' });
    setBusy(true);
    const answer = await work(own.spec).catch((error: unknown): Said => {
      const faults = error instanceof CallError ? error.faults : [];
      const told = error instanceof Error ? error.message : String(error);
      return faults.length > 0 ? { marks: marksOf(faults, true), told: '' } : { marks: [], told };
    });
    setBusy(false);
    if (answer) setSaid(answer);
  };
  const check = (): Promise<void> =>
    ask(async (spec) => {
      const validation = await api.post<Validation>('/evaluations/validate', { spec, namespace });
      return { marks: [...marksOf(validation.faults, true), ...marksOf(validation.warnings, false)], told: '', validation };
    });
  const submit = (): Promise<void> =>
    ask(async (spec) => {
      const body = { spec, namespace, owner: owner.trim(), idempotencyKey: `page-${key.current}` };
      const { evaluation } = await api.post<Submitted>('/evaluations', body);
      go(`/evaluations/${evaluation.evaluationId}`);
      return undefined;
    });
  const faults = said.marks.filter(({ isFault }) => isFault).length;
  return (
    <>
      <Head
        title="Clone as new"
        sub={
          <>
            <span>
              of <a href={`/evaluations/${evaluationId}`}>{seen(name) || evaluationId}</a>
            </span>
            <span>namespace {namespace}</span>
          </>
        }
        actions={
          <>
            <button type="button" disabled={isBusy} onClick={() => void check()}>
              Check
            </button>
            <button type="button" class="main" disabled={isBusy} onClick={() => void submit()}>
              Submit
            </button>
          </>
        }
      />
      <div class="columns">
        <Panel title="Spec" note={faults > 0 ? plural(faults, 'fault') : 'as JSON'}>
          <SpecEditor text={text} marks={said.marks} onText={edited} />
        </Panel>
        <Panel title="What the coordinator says">
          <CheckedPart told={said.told} validation={said.validation} hasFaults={faults > 0} />
          <label class="field">
            Owner
            <input value={owner} maxLength={200} onInput={(event) => setOwner(event.currentTarget.value)} />
          </label>
        </Panel>
      </div>
    </>
  );
}
