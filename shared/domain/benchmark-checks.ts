/** Checks of a benchmark's dataset and prompt beyond their shape. */
import { formatOf } from './dataset-uri.ts';
import type { FaultList, Path } from './fault-list.ts';
import { isTemplate } from './record-fields.ts';
import type { BenchmarkSpec, DatasetSpec } from './spec-schema.ts';

export function checkDataset(dataset: DatasetSpec, path: Path, faults: FaultList): void {
  faults.attempt([...path, 'uri'], () => formatOf(dataset));
  checkColumns(dataset, [...path, 'columns'], faults);
  if (dataset.input_template !== undefined) faults.checkTemplate(dataset.input_template, [...path, 'input_template']);
  if (dataset.target_template !== undefined) faults.checkTemplate(dataset.target_template, [...path, 'target_template']);
  if (dataset.ids && dataset.limit !== undefined)
    faults.add([...path, 'limit'], `is ${dataset.limit} beside ids, and both choose samples; keep one of the two`);
  faults.checkUnique((dataset.ids ?? []).map(String), (i) => [...path, 'ids', i], 'name an id once');
  const { metadata, ...single } = dataset.fields;
  for (const [name, field] of Object.entries(single)) {
    const at = [...path, 'fields', name];
    if (field === '') faults.add(at, 'is empty; name the field of the dataset, or leave it out');
    else if (isTemplate(field)) faults.checkTemplate(field, at);
  }
  faults.checkUnique(metadata, (i) => [...path, 'fields', 'metadata', i], 'name a field once');
  metadata.forEach((field, i) => {
    if (isTemplate(field))
      faults.add([...path, 'fields', 'metadata', i], 'is a template; metadata takes names of fields, and templates can read them');
  });
}

function checkColumns({ columns, ...source }: DatasetSpec, path: Path, faults: FaultList): void {
  if (!columns) return;
  faults.checkUnique(columns, (i) => [...path, i], 'give each column a name of its own');
  let format: string;
  try {
    ({ format } = formatOf(source));
  } catch {
    return; // the uri's own fault
  }
  if (format !== 'csv' && format !== 'tsv')
    faults.add(path, `names columns, which only CSV and TSV have, and this is read as ${format}; take it out, or say format: csv`);
}

export function checkPrompt(prompt: BenchmarkSpec['prompt'], path: Path, faults: FaultList): void {
  const { fewshot } = prompt;
  faults.checkTemplate(prompt.template, [...path, 'template']);
  if (prompt.gen_prefix === '') faults.add([...path, 'gen_prefix'], 'is empty; leave it out');
  if (!fewshot) return;
  const at = [...path, 'fewshot'];
  const { uri, ids, template } = fewshot;
  if (prompt.num_fewshot === undefined)
    faults.add(at, 'says how examples are shown, but not how many; add num_fewshot beside it', [...path, 'num_fewshot']);
  if (uri !== undefined) faults.attempt([...at, 'uri'], () => formatOf({ uri, format: fewshot.format }));
  else {
    for (const key of ['format', 'digest'] as const)
      if (fewshot[key] !== undefined)
        faults.add([...at, key], "is about a dataset of examples, but there is none; add uri, or leave it out for the benchmark's own", [
          ...at,
          'uri',
        ]);
  }
  if (template !== undefined) faults.checkTemplate(template, [...at, 'template']);
  for (const key of ['template', 'in_system_message'] as const)
    if (fewshot.as_multiturn && fewshot[key])
      faults.add([...at, key], 'is about examples that are text, and as_multiturn makes turns of them; keep one of the two');
  if (ids) checkShotIds(prompt, ids, at, faults);
}

function checkShotIds(
  { fewshot, num_fewshot: count }: BenchmarkSpec['prompt'],
  ids: readonly unknown[],
  at: Path,
  faults: FaultList,
): void {
  if (fewshot!.sampler !== 'first_n')
    faults.add([...at, 'ids'], `names the examples, and the sampler ${fewshot!.sampler} draws them; keep one of the two`);
  faults.checkUnique(ids.map(String), (i) => [...at, 'ids', i], 'name an example once');
  const needed = count === undefined ? 0 : fewshot!.uri === undefined && count > 0 ? count + 1 : count;
  if (ids.length < needed)
    faults.add(
      [...at, 'ids'],
      `names ${ids.length} examples, and num_fewshot is ${count}${needed === count ? '' : ', which needs one more of its own dataset (a sample is never its own example)'}; name more, or lower it`,
    );
}
