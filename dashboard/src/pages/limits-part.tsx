/** What coordinators let through, and what they take on: their settings, beside bounds that nobody can set. */
import type { CoordinatorStatus } from '../../../shared/client/types.ts';
import { LIMIT_PARTS, LIMIT_TITLES, limitsOfAll, NO_LIMITS } from '../../../shared/domain/limit-words.ts';
import { Empty, Panel } from '../kit/parts.tsx';

export function LimitsPart({ coordinators }: { coordinators: readonly CoordinatorStatus[] }) {
  const { lines, note } = limitsOfAll(coordinators);
  return (
    <Panel title="Limits" note={lines.length === 0 ? '' : note}>
      {lines.length === 0 ? (
        <Empty title={NO_LIMITS}>
          <p>They are of a release before this page.</p>
        </Empty>
      ) : (
        <div class="thirds">
          {LIMIT_PARTS.filter((part) => lines.some((line) => line.part === part)).map((part) => (
            <div key={part}>
              <h3>{LIMIT_TITLES[part]}</h3>
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
