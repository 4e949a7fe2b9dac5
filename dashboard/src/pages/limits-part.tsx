/** What coordinators let through, and what they take on: their settings, beside bounds that nobody can set. */
import type { CoordinatorStatus } from '../../../shared/client/types.ts';
import { LIMIT_PARTS, limitLines, type LimitLine, type LimitPart } from '../../../shared/domain/limit-words.ts';
import { Empty, Panel } from '../kit/parts.tsx';
import { plural } from '../words.ts';

const TITLES: Readonly<Record<LimitPart, string>> = {
  calls: 'One call',
  callers: 'Callers',
  work: 'Work',
  others: 'Others',
};

/** One line for each limit; of coordinators that differ, the values of all. */
function linesOf(coordinators: readonly CoordinatorStatus[]): { lines: LimitLine[]; note: string } {
  const all = coordinators.flatMap(({ limits }) => (limits ? [limitLines(limits)] : []));
  const values = new Map<string, Set<string>>();
  for (const { name, value } of all.flat()) values.set(name, (values.get(name) ?? new Set()).add(value));
  const byName = new Map(all.flat().map((line) => [line.name, { ...line, value: [...values.get(line.name)!].join(' or ') }]));
  const isSame = [...values.values()].every(({ size }) => size === 1);
  const silent = coordinators.length - all.length;
  const among = silent > 0 ? `; ${plural(silent, 'coordinator')} of an older release ${silent === 1 ? 'does' : 'do'} not say` : '';
  return {
    lines: [...byName.values()],
    note: `${isSame ? `of ${silent > 0 ? plural(all.length, 'coordinator') : 'every coordinator'}` : 'coordinators differ'}${among}`,
  };
}

export function LimitsPart({ coordinators }: { coordinators: readonly CoordinatorStatus[] }) {
  const { lines, note } = linesOf(coordinators);
  return (
    <Panel title="Limits" note={lines.length === 0 ? '' : note}>
      {lines.length === 0 ? (
        <Empty title="These coordinators do not say.">
          <p>They are of a release before this page.</p>
        </Empty>
      ) : (
        <div class="thirds">
          {LIMIT_PARTS.filter((part) => lines.some((line) => line.part === part)).map((part) => (
            <div key={part}>
              <h3>{TITLES[part]}</h3>
              <dl class="facts is-limits">
                {lines
                  .filter((line) => line.part === part)
                  .map(({ name, what, value }) => (
                    <div key={name}>
                      <dt>
                        {what === '' ? null : <span>{what}</span>}
                        <code>{name}</code>
                      </dt>
                      <dd>{value}</dd>
                    </div>
                  ))}
              </dl>
            </div>
          ))}
        </div>
      )}
      <p class="panel-foot">
        What a namespace may take has bounds of its own: <code>assay namespace list</code> shows them.
      </p>
    </Panel>
  );
}
