/** What an evaluation asked and who answered: its record, made of the store while one waits, to be read, copied and kept. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EvaluationRecord, RecordGroup, RecordStep, Returned, UnitDigest } from '../../../shared/client/record.ts';
import type { Cost } from '../../../shared/client/types.ts';
import { Facts, Failed, Id, Loading, Panel } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { Way } from '../kit/way.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useSteps } from '../steps.ts';
import { count, moment, plural } from '../words.ts';
import { priceNote } from './cost-part.tsx';
import { VerifyPart } from './verify-part.tsx';

/** Of benchmarks and models, and of agents, at first. */
const SHOWN = 20;
/** So few are all opened. */
const FEW = 2;

export function RecordPart({ evaluationId, cost }: { evaluationId: string; cost: Cost | undefined }) {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}`;
  const { step, exact, isOver, error, again } = useSteps<RecordStep>(`${path}/record`);
  // While it is made anew the one before stays, and with it what else is under way here.
  const [made, setMade] = useState<{ path: string; record: EvaluationRecord; exact: string; atMs: number }>();
  useEffect(() => {
    if (step?.kind === 'record') setMade({ path, record: step.record, exact, atMs: Date.now() });
  }, [step]);
  if (made?.path !== path)
    return error ? (
      <Failed error={error} retry={again} />
    ) : (
      <>
        <Looked step={step} />
        <Loading rows={6} />
      </>
    );
  const { record } = made;
  return (
    <>
      <div class="columns">
        <div>
          <Panel title="Asked and answered" note="the same digest: the same was asked">
            <div class="record-facts">
              <Facts rows={factsOf(record, cost)} />
            </div>
          </Panel>
          <Groups groups={record.groups} />
        </div>
        <div>
          <Panel title="Keep it">
            <p class="help">
              Made at {moment(made.atMs)}, from the store, as <code>assay record</code> makes it.
            </p>
            <Looked step={step} />
            {error ? <Failed error={error} /> : null}
            <div class="actions is-record">
              <button type="button" class="main" onClick={() => keep(made.exact, evaluationId)}>
                Download JSON
              </button>
              <button type="button" disabled={!isOver && !error} onClick={again}>
                Make it anew
              </button>
            </div>
          </Panel>
          <VerifyPart path={path} />
          <Agents agents={record.assay.agents} others={record.assay.otherAgents ?? 0} />
        </div>
      </div>
    </>
  );
}

/** A large one takes a while. */
function Looked({ step }: { step: RecordStep | undefined }) {
  const { done, total } = step?.kind === 'progress' ? step.progress : { done: 0, total: 0 };
  return total > 0 ? (
    <p class="help" role="status">
      Looked at {count(done)} of {plural(total, 'unit')}.
    </p>
  ) : null;
}

/** As it was told, letter by letter: what is shown has signs for what cannot be seen. */
function keep(exact: string, evaluationId: string): void {
  const { record } = JSON.parse(exact) as { record: EvaluationRecord };
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(record, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${evaluationId}-record.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function factsOf({ digest, specDigest, prompts, completions, units, assay, createdAt }: EvaluationRecord, cost: Cost | undefined) {
  return [
    ['Digest', <Id key="digest" id={digest} />],
    ['Spec', <Id key="spec" id={specDigest} />],
    ['Prompts', <OfUnits key="prompts" of={prompts} />],
    ['Completions', <OfUnits key="completions" of={completions} />],
    ['Run', `${count(units.run)} of ${plural(units.total, 'unit')}`],
    ['Accepted', `${moment(Date.parse(createdAt))}${assay.accepted ? `, by a coordinator of ${assay.accepted}` : ''}`],
    ['Recorded', `by a coordinator of ${assay.recorded}`],
    ['Prices', cost?.costUsd !== undefined ? `${priceNote(cost)}; not a part of the record` : ''],
  ] as const;
}

const OfUnits = ({ of: { digest, units } }: { of: UnitDigest }) =>
  units === 0 ? (
    <span class="faint">none so far</span>
  ) : (
    <>
      <Id id={digest} /> <span class="faint">of {plural(units, 'unit')}</span>
    </>
  );

function Groups({ groups }: { groups: readonly RecordGroup[] }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? groups : groups.slice(0, SHOWN);
  return (
    <Panel title="Benchmarks and models" note={plural(groups.length, 'pair')}>
      <div class="record-groups">
        {shown.map((group) => (
          <details key={JSON.stringify([group.benchmark, group.model, group.judgeOf])} open={groups.length <= FEW}>
            <summary>
              <span class="record-name">
                <b>{group.benchmark}</b> {modelOf(group)}
              </span>
              <span class="faint">
                {plural(group.samples, 'sample')}
                {group.epochs > 1 ? ` × ${count(group.epochs)} epochs` : ''}
              </span>
              {group.drift ? <Badge tone="held">drift</Badge> : null}
            </summary>
            <div class="record-facts">
              <Facts rows={groupFacts(group)} />
            </div>
          </details>
        ))}
      </div>
      {shown.length < groups.length ? <More left={groups.length - shown.length} onMore={() => setAll(true)} /> : null}
    </Panel>
  );
}

const More = ({ left, onMore }: { left: number; onMore: () => void }) => (
  <div class="pager">
    <button type="button" onClick={onMore}>
      Show {count(left)} more
    </button>
  </div>
);

const modelOf = ({ model, judgeOf }: RecordGroup): string => (judgeOf ? `${model}, judging ${judgeOf.model} for ${judgeOf.scorer}` : model);

const groupFacts = (group: RecordGroup): (readonly [string, ComponentChildren])[] => [
  ['Dataset', group.dataset.uri],
  ['Dataset digest', <Id key="dataset" id={group.dataset.digest} />],
  [
    'Few-shot',
    group.fewshot ? (
      <>
        <Id id={group.fewshot.digest} /> <span class="faint">{plural(group.fewshot.shots, 'example')}</span>
      </>
    ) : (
      ''
    ),
  ],
  ['Seeds', pairs(group.seeds)],
  ['Parameters', pairs(group.parameters)],
  ['Prompts', <OfUnits key="prompts" of={group.prompts} />],
  ['Completions', <OfUnits key="completions" of={group.completions} />],
  ['Answered by', <Answered key="answered" group={group} />],
  ['From the cache', group.cached ? plural(group.cached, 'completion') : ''],
];

const pairs = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** As endpoints call themselves. */
function Answered({ group: { returned, otherReturned = 0, drift } }: { group: RecordGroup }) {
  if (returned.length === 0) return <span class="faint">nobody so far</span>;
  return (
    <ul>
      {returned.map((one, i) => (
        <li key={i}>
          {nameOf(one)} <span class="faint">{plural(one.units, 'unit')}</span>
        </li>
      ))}
      {otherReturned > 0 ? <li class="faint">{plural(otherReturned, 'unit')} by further ones</li> : null}
      {drift ? <li class="quiet-text">The model changed while the evaluation ran.</li> : null}
    </ul>
  );
}

const nameOf = ({ model, fingerprint }: Returned) => (
  <>
    {model ?? <span class="faint">without a name</span>}
    {fingerprint ? (
      <>
        {' '}
        <code>{fingerprint}</code>
      </>
    ) : null}
  </>
);

type RecordAgent = EvaluationRecord['assay']['agents'][number];

const AGENTS: readonly Column<RecordAgent>[] = [
  { title: 'Agent', grows: true, cell: (a) => <Way href={`/agents/${encodeURIComponent(a.agentId)}`}>{a.agentId}</Way> },
  { title: 'Version', cell: (a) => a.version ?? <span class="faint">not said</span> },
  { title: 'Units', right: true, cell: (a) => count(a.units) },
];

function Agents({ agents, others }: { agents: readonly RecordAgent[]; others: number }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? agents : agents.slice(0, SHOWN);
  if (agents.length === 0) return null;
  return (
    <Panel title="Agents" note={others > 0 ? `${plural(others, 'unit')} by further ones` : undefined}>
      <Table label="Agents" columns={AGENTS} rows={shown} keyOf={({ agentId, version }) => `${agentId} ${version}`} />
      {shown.length < agents.length ? <More left={agents.length - shown.length} onMore={() => setAll(true)} /> : null}
    </Panel>
  );
}
