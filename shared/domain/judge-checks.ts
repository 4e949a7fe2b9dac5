/** Checks of judges beyond their shape: that the roles exist, that templates show what is judged, and that who judges can. */
import { isJudged, scorerArgs } from '../scoring/registry.ts';
import type { ModelGradedArgs } from '../scoring/scorers/model-graded.ts';
import type { FaultList, Path } from './fault-list.ts';
import { JUDGE_VARIABLES } from './judge-texts.ts';
import { nearestName } from './nearest-name.ts';
import { GRADER } from './spec-judges.ts';
import { showValue } from './spec-faults.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from './spec-schema.ts';
import { variablesIn } from './template.ts';

interface Parts {
  benchmarks: readonly Partial<BenchmarkSpec>[];
  models: readonly Partial<ModelSpec>[];
  roles: EvaluationSpec['model_roles'];
}

export function checkJudges({ benchmarks, models, roles = {} }: Parts, isModel: (model: string) => boolean, faults: FaultList): void {
  benchmarks.forEach(({ scorers = [] }, b) =>
    scorers.forEach((scorer, s) => {
      if (!isJudged(scorer.name)) return;
      const path: Path = ['benchmarks', b, 'scorers', s];
      // What is wrong with their shape is told where they are read.
      if (!scorerArgs(scorer.name)!.safeParse(scorer.args).success) return;
      const args = scorer.args as Partial<ModelGradedArgs>;
      checkTexts(args, [...path, 'args'], faults);
      const { model, model_role: role = GRADER } = args;
      if (model !== undefined) return checkModels([model].flat(), Array.isArray(model), [...path, 'args', 'model'], isModel, faults);
      if (Object.hasOwn(roles, role)) return;
      if (role !== GRADER) {
        const near = nearestName(role, Object.keys(roles));
        const remedy = near ? `did you mean ${showValue(near)}?` : `add it: {${role}: provider/name}`;
        faults.add([...path, 'args', 'model_role'], `is ${showValue(role)}, but model_roles has no such role; ${remedy}`, ['model_roles']);
      }
      const none = models.findIndex((m) => m.model?.startsWith('none/'));
      if (none >= 0)
        faults.add(
          path,
          `has no judge: ${showValue(models[none]!.model)} is no model that could judge itself; name one by model_roles: {${GRADER}: provider/name}`,
          ['model_roles'],
        );
    }),
  );
}

function checkModels(models: readonly string[], isList: boolean, path: Path, isModel: (model: string) => boolean, faults: FaultList): void {
  const at = (i: number): Path => (isList ? [...path, i] : path);
  models.forEach((model, i) => {
    if (!isModel(model)) faults.add(at(i), `is ${showValue(model)}, must be provider/name without spaces, such as openai/gpt-4o-mini`);
  });
  faults.checkUnique(models, at, 'name a judge once');
}

function checkTexts({ template, instructions }: Partial<ModelGradedArgs>, path: Path, faults: FaultList): void {
  if (instructions !== undefined && !/grade\s*:/i.test(instructions))
    faults.add([...path, 'instructions'], 'tell the judge nothing of GRADE:, without which no grade is read; say that it must end with it');
  if (template === undefined) return;
  const at = [...path, 'template'];
  let named: string[];
  try {
    named = variablesIn(template);
  } catch (error) {
    faults.attempt(at, () => {
      throw error;
    });
    return;
  }
  const unknown = named.filter((name) => !(JUDGE_VARIABLES as readonly string[]).includes(name));
  if (unknown.length > 0) faults.add(at, `names ${unknown.map(showValue).join(', ')}; there are ${JUDGE_VARIABLES.join(', ')}`);
  if (!named.includes('answer')) faults.add(at, 'has no {{ answer }}: the judge would not see what it judges');
  if (instructions !== undefined && !named.includes('instructions'))
    faults.add(at, 'has no {{ instructions }}, so that those beside it have no effect; name them, or take them out');
  if (!named.includes('instructions') && !/grade\s*:/i.test(template))
    faults.add(at, 'has no {{ instructions }} and nothing of GRADE:, without which no grade is read; add {{ instructions }}');
}
