/** What the operator's policy says of a task before any of it is run. */
import { matchesPattern } from '../../shared/domain/name-pattern.ts';
import type { TaskContext } from '../../shared/domain/manifest.ts';
import type { ModelEntry } from '../models/provider.ts';
import { namedModels } from '../spend/capped-provider.ts';

export interface ForbidsOptions {
  /** Absent: all. */
  namespaces?: readonly string[] | undefined;
  /** Why no call of a model may be made on an entry; `model` as its endpoint names it. */
  unbounded: (entry: ModelEntry, model: string) => string | undefined;
}

/** Why a task may not be run, half a sentence for people; undefined: it may. */
export function forbids(
  { namespaces, unbounded }: ForbidsOptions,
  { namespace, model }: Pick<TaskContext, 'namespace' | 'model'>,
  entry: ModelEntry,
): string | undefined {
  if (namespaces && (namespace === undefined || !namespaces.includes(namespace)))
    return `the policy of this agent does not serve the namespace ${namespace ?? '(the coordinator does not say which)'}`;
  const prefix = model.model.split('/')[0]!;
  for (const name of namedModels(model.model.slice(prefix.length + 1), model.generate_config ?? {})) {
    if (!matchesPattern(entry.match, `${prefix}/${name}`))
      return `its extra_body names the model ${JSON.stringify(name).slice(0, 100)}, which ${entry.match} does not cover`;
    const why = unbounded(entry, name);
    if (why !== undefined) return why;
  }
  return undefined;
}
