/** Tasks that were given up, with the evidence: they can be run again, or accepted as lost. */
import { useState } from 'preact/hooks';
import type { DeadLetter, DeadLettersDone } from '../../../shared/client/dead-letters.ts';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import type { Page } from '../../../shared/client/types.ts';
import { may, type Call } from '../allowed.ts';
import { api, problemOf, queryText } from '../api.ts';
import { Filters, TextFilter } from '../kit/filters.tsx';
import { Namespaces } from '../kit/namespaces.tsx';
import { Pager } from '../kit/pager.tsx';
import { Ask, Empty, Failed, Head, Loading } from '../kit/parts.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Elsewhere, Withheld } from '../kit/withheld.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useLoaded, useNow } from '../live.ts';
import { isElsewhere, namespaceOf } from '../namespace.ts';
import { isWhole, ofPage } from '../sorted.ts';
import { useWho } from '../who.ts';
import { ago, count, localTimes, moment, plural } from '../words.ts';

const REPLAY: Call = 'EvaluationService/ReplayDeadLetters';
const DROP: Call = 'EvaluationService/DropDeadLetters';
const FILTERS = ['model', 'agent', 'route'] as const;

export function DeadLettersPage({ query, identity }: { query: URLSearchParams; identity: WhoAmI }) {
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']));
  const namespace = namespaceOf(query, identity);
  const asked = { ...filter, namespace, pageToken: query.get('page') ?? '' };
  const loaded = useLoaded(`letters ${queryText(asked)}`, (signal) => api.get<Page<DeadLetter>>('/dead-letters', asked, signal), 5_000);
  const { data, error, reload } = loaded;
  const [told, setTold] = useState('');
  const now = useNow(10_000);
  const letters = data?.items ?? [];
  const done = (text: string): void => {
    setTold(text);
    reload();
  };
  return (
    <>
      <Head
        title="Dead letters"
        sub={data ? `${plural(letters.length, 'task')} given up${ofPage(data, query)}` : ' '}
        actions={
          told !== '' ? (
            <span class="told" role="status">
              {told}
            </span>
          ) : letters.length > 0 ? (
            <Withheld
              commands={[
                ['Replay', REPLAY],
                ['Drop', DROP],
              ]}
            />
          ) : undefined
        }
      />
      <Filters>
        <TextFilter name="model" label="Model" query={query} isMain />
        <TextFilter name="agent" label="Agent" query={query} />
        <TextFilter name="route" label="Route" query={query} />
        <Namespaces query={query} identity={identity} />
      </Filters>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {!data && !error ? <Loading /> : null}
      {data && letters.length === 0 && isElsewhere(namespace, identity) ? <Elsewhere namespace={namespace} /> : null}
      {data && letters.length === 0 && !isElsewhere(namespace, identity) ? (
        <Empty title="No dead letters.">
          <p>A task comes here when its agents crashed three times over it, or lost it twenty times.</p>
        </Empty>
      ) : null}
      {letters.length > 0 ? (
        <Table
          isList
          label="Dead letters"
          columns={columnsOf(now, done, namespace)}
          rows={letters}
          keyOf={({ taskId }) => taskId}
          {...(isWhole(data, query) ? { sorting: { query } } : { order: 'By evaluation, the newest first, in pages.' })}
        />
      ) : null}
      <Pager nextToken={data?.nextToken ?? ''} query={query} />
    </>
  );
}

const agentsOf = ({ attempts }: DeadLetter): string => [...new Set(attempts.map((a) => a.agent || a.agentId))].join(', ');

const columnsOf = (now: number, done: (text: string) => void, namespace: string): Column<DeadLetter>[] => [
  {
    title: 'Task',
    by: (l) => l.taskId,
    grows: true,
    cell: (l) => (
      <span class="two is-wrapped">
        <code>{l.taskId}</code>
        <small>{localTimes(l.attempts.at(-1)?.exit ?? '') || l.requirement}</small>
      </span>
    ),
  },
  {
    title: 'Evaluation',
    from: 'wide',
    by: (l) => l.evaluationId,
    cell: (l) => <a href={`/evaluations/${l.evaluationId}/samples?state=dead`}>{l.evaluationId.slice(0, 11)}…</a>,
  },
  { title: 'Model', from: 'wide', by: (l) => `${l.benchmark} ${l.model}`, cell: (l) => `${l.benchmark} · ${l.model}` },
  { title: 'Samples', right: true, by: (l) => l.unitCount, cell: (l) => count(l.unitCount) },
  { title: 'Crashes', right: true, from: 'middle', by: (l) => l.crashes, cell: (l) => count(l.crashes) },
  { title: 'Lost', right: true, from: 'wide', by: (l) => l.losses, cell: (l) => count(l.losses) },
  { title: 'Agents', from: 'wide', by: agentsOf, cell: agentsOf },
  {
    title: 'Given up',
    right: true,
    from: 'middle',
    by: (l) => l.deadAtMs,
    cell: (l) => <time title={moment(l.deadAtMs)}>{ago(l.deadAtMs, now)}</time>,
  },
  {
    title: 'Commands',
    silentTitle: true,
    right: true,
    cell: (l) => <Commands letter={l} onDone={done} namespace={namespace} />,
  },
];

function Commands({ letter, onDone, namespace }: { letter: DeadLetter; onDone: (text: string) => void; namespace: string }) {
  const who = useWho();
  const [asked, setAsked] = useState<'replay' | 'drop'>();
  const [isBusy, setBusy] = useState(false);
  const answered = (isYes: boolean): void => {
    setAsked(undefined);
    if (!isYes || !asked) return;
    setBusy(true);
    api
      .post<DeadLettersDone>(`/dead-letters/${asked}`, { filter: { taskIds: [letter.taskId], namespace } })
      .then(
        ({ letters, units, evaluations }) =>
          onDone(
            evaluations[0]?.problem ||
              (asked === 'drop' ? `${plural(letters, 'task')} dropped.` : `Run again: ${plural(units, 'sample')}.`),
          ),
        (error: unknown) => onDone(problemOf(error)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <span class="actions">
      {may(REPLAY, who) ? (
        <button type="button" disabled={isBusy} onClick={() => setAsked('replay')} aria-label={`Replay ${letter.taskId}`}>
          Replay
        </button>
      ) : null}
      {may(DROP, who) ? (
        <button type="button" disabled={isBusy} onClick={() => setAsked('drop')} aria-label={`Drop ${letter.taskId}`}>
          Drop
        </button>
      ) : null}
      {asked ? (
        <Ask
          title={asked === 'drop' ? 'Accept it as lost?' : 'Run it again?'}
          action={asked === 'drop' ? 'Drop' : 'Replay'}
          tone={asked === 'drop' ? 'bad' : undefined}
          onAnswer={answered}
        >
          <p>
            {asked === 'drop'
              ? 'It is listed no more; its samples still count as dead.'
              : `In new tasks, without the crashes behind it: ${plural(letter.unitCount, 'sample')}.`}
          </p>
        </Ask>
      ) : null}
    </span>
  );
}
