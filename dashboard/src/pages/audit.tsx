/** Who has done what, and who was denied what: the audit log. */
import type { AuditEntry } from '../../../shared/client/audit-types.ts';
import { api } from '../api.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Empty, Failed, Head, Loading } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useLoaded } from '../live.ts';
import { count, moment } from '../words.ts';

const LIMIT = 200;

export function AuditPage({ query }: { query: URLSearchParams }) {
  const asked = {
    ...Object.fromEntries(['who', 'method', 'namespace', 'outcome'].map((name) => [name, query.get(name) ?? ''])),
    limit: LIMIT,
  };
  const loaded = useLoaded(`audit ${query.toString()}`, (signal) => api.lines<AuditEntry>('/audit', asked, signal), 10_000);
  const { data, error, reload } = loaded;
  return (
    <>
      <Head title="Audit" sub={`the newest ${LIMIT} entries that fit; assay audit verify checks all of them`} />
      <Filters>
        <TextFilter name="who" label="Who" query={query} isMain />
        <TextFilter name="method" label="Method" query={query} />
        <TextFilter name="namespace" label="Namespace" query={query} />
        <ChoiceFilter
          name="outcome"
          label="Outcome"
          query={query}
          options={[
            ['', 'Any outcome'],
            ['ok', 'ok'],
            ['denied', 'denied'],
          ]}
        />
      </Filters>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {!data && !error ? <Loading /> : null}
      {data && data.length === 0 ? <Empty title="Nothing was written that fits." /> : null}
      {data && data.length > 0 ? (
        <Table
          isList
          className="is-paired"
          label="Audit"
          columns={COLUMNS}
          rows={data.toReversed()}
          keyOf={({ chain, line }) => `${chain}:${line}`}
        />
      ) : null}
    </>
  );
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'When', cell: (e) => <time>{moment(e.atMs)}</time> },
  { title: 'Outcome', cell: (e) => <Badge tone={e.outcome === 'ok' ? 'good' : 'bad'}>{e.outcome}</Badge> },
  { title: 'Who', cell: (e) => e.who },
  { title: 'Method', leads: true, cell: (e) => e.method.split('/').at(-1) ?? '' },
  {
    title: 'About',
    grows: true,
    from: 'middle',
    cell: (e) => (
      <span class="wrapped">
        {[e.target, e.reason].filter((text) => text !== '').join(': ')}
        {e.more > 0 ? ` (${count(e.more)} more)` : ''}
      </span>
    ),
  },
  { title: 'Namespace', from: 'wide', cell: (e) => e.namespace },
  { title: 'From', from: 'wide', cell: (e) => e.peer },
];
