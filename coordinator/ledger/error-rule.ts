/** How many samples may err before an evaluation fails. As in Inspect, one that is judged errs once: its answer, its judges' calls, or all of them. */
import { unitsOf, type Manifest } from '../../shared/domain/manifest.ts';
import { errorsBorne } from '../../shared/domain/spec-defaults.ts';

/** For the script that makes a ledger. kin: of each group with judges, the offsets from a unit to the others of its sample. */
export function errorRuleOf({ spec, groups }: Pick<Manifest, 'spec' | 'groups'>): object {
  const answers = groups.reduce((sum, group) => sum + (group.judge ? 0 : unitsOf(group)), 0);
  const borne = errorsBorne(spec, answers);
  if (!Number.isFinite(borne)) return {};
  const families = Map.groupBy(groups, ({ index, judge }) => judge?.of ?? index);
  const kin = groups.map((group) =>
    families
      .get(group.judge?.of ?? group.index)!
      .flatMap((other) => (other === group ? [] : [other.firstUnit - group.firstUnit]))
      .join(','),
  );
  return { borne, rule: String(spec.fail_on_error), answers, ...(groups.some(({ judge }) => judge) ? { kin } : {}) };
}
