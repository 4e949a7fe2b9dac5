/** What a spec may say but hardly means. Warnings stop nothing. */
import type { Fault } from './errors.ts';
import { placeOfPath, showValue } from './spec-faults.ts';
import { epochsOf, generateConfigOf, solverOf } from './spec-defaults.ts';
import { judgedScorersOf, judgesOf } from './spec-judges.ts';
import type { BenchmarkSpec, EvaluationSpec } from './spec-schema.ts';

export function warningsOf(spec: EvaluationSpec): Fault[] {
  return [...benchmarkWarnings(spec), ...epochWarnings(spec), ...limitWarnings(spec), ...roleWarnings(spec)];
}

function benchmarkWarnings(spec: EvaluationSpec): Fault[] {
  return spec.benchmarks.flatMap((benchmark, i) => {
    const place = (...path: (string | number)[]): string => placeOfPath(['benchmarks', i, ...path]);
    const choice = benchmark.scorers.findIndex((scorer) => scorer.name === 'choice');
    const solver = solverOf(benchmark).name;
    const warnings: Fault[] = [];
    if (choice >= 0 && solver !== 'multiple_choice')
      warnings.push({
        place: place('scorers', choice),
        problem: `choice looks for the ANSWER: line that the solver multiple_choice asks for, but the solver is ${solver}`,
      });
    if (choice < 0 && solver === 'multiple_choice')
      warnings.push({
        place: place('scorers'),
        problem: 'the solver multiple_choice asks for an ANSWER: line; the scorer choice reads it',
      });
    if (choice >= 0 && /answer\s*:/i.test(benchmark.prompt.gen_prefix ?? ''))
      warnings.push({
        place: place('prompt', 'gen_prefix'),
        problem: 'is no part of the completion, so that choice finds no ANSWER: in it',
      });
    const { cot, multiple_correct: several } = benchmark.solver?.args ?? {};
    if (solver === 'multiple_choice' && benchmark.solver?.args['template'] !== undefined && (cot === true || several === true))
      warnings.push({
        place: place('solver', 'args'),
        problem: 'cot and multiple_correct choose between the built-in texts; a template of its own leaves them without effect',
      });
    return [...warnings, ...jsonWarnings(benchmark, spec, place('scorers'))];
  });
}

/** A bare `match` at the end of an answer that must be JSON never matches; a filter may take out what it compares. */
function jsonWarnings(benchmark: BenchmarkSpec, spec: EvaluationSpec, place: string): Fault[] {
  const isJson = spec.models.some((model) => generateConfigOf(benchmark, model).response_schema !== undefined);
  const plain = benchmark.scorers.filter(({ name, filters }) => filters === undefined && ['match', 'exact', 'choice'].includes(name));
  if (!isJson || plain.length < benchmark.scorers.length) return [];
  return [
    {
      place,
      problem: `the answer is JSON by response_schema, which ${plain.map((scorer) => scorer.name).join(' and ')} compare as text; json_match reads it, pattern and includes look inside`,
    },
  ];
}

function epochWarnings(spec: EvaluationSpec): Fault[] {
  const { count, reducers } = epochsOf(spec);
  if (count === 1) {
    const idle = reducers.filter((reducer) => reducer !== 'mean' && !reducer.includes('_from_'));
    return idle.length === 0
      ? []
      : [{ place: 'epochs', problem: `there is one epoch, so that ${idle.join(', ')} say what mean says; raise epochs.count` }];
  }
  const greedy = spec.benchmarks.flatMap((benchmark) =>
    spec.models.filter((model) => generateConfigOf(benchmark, model).temperature === 0).map((model) => model.model),
  );
  if (greedy.length === 0) return [];
  return [
    {
      place: 'epochs',
      problem: `is ${count}, but with temperature 0 all epochs of ${showValue(greedy[0])} are likely to be the same; raise the temperature, or take epochs out`,
    },
  ];
}

/** A role that nobody asks is most likely written wrongly. */
function roleWarnings(spec: EvaluationSpec): Fault[] {
  const judges = new Set(
    spec.benchmarks.flatMap((benchmark) =>
      judgedScorersOf(benchmark).flatMap((scorer) => spec.models.flatMap((model) => judgesOf(spec, scorer, model))),
    ),
  );
  return Object.entries(spec.model_roles ?? {}).flatMap(([role, model]) =>
    judges.has(model)
      ? []
      : [{ place: placeOfPath(['model_roles', role]), problem: 'is asked by no scorer; model_graded_qa and model_graded_fact ask models' }],
  );
}

function limitWarnings({ limits = {}, retry }: EvaluationSpec): Fault[] {
  const { time, working } = limits;
  const warnings: Fault[] = [];
  if (time !== undefined && working !== undefined && working > time)
    warnings.push({
      place: 'limits.working',
      problem: `is ${working} s, but limits.time ends a sample after ${time} s; it is never reached`,
    });
  if (time !== undefined && retry.timeout !== undefined && retry.timeout > time)
    warnings.push({
      place: 'retry.timeout',
      problem: `is ${retry.timeout} s, but limits.time ends a sample after ${time} s; it is never reached`,
    });
  return warnings;
}
