/** Whether an evaluation is one of those that a filter means. Pure. */
import type { EvaluationFilter, EvaluationSummary } from '../../shared/client/types.ts';

export const DEFAULT_NAMESPACE = 'default';

/** Upper and lower case, and composed and decomposed letters, are alike. */
export const folded = (text: string): string => text.normalize('NFC').toLowerCase();

/** What can be told without reading tags and metadata. `foldedName`: the name, folded. */
export function fitsHead(
  filter: EvaluationFilter,
  head: Pick<EvaluationSummary, 'namespace' | 'state' | 'owner' | 'createdAtMs'> & { foldedName: string },
): boolean {
  if (head.namespace !== (filter.namespace || DEFAULT_NAMESPACE)) return false;
  if (filter.states?.length && !filter.states.includes(head.state)) return false;
  if (filter.owner && head.owner !== filter.owner) return false;
  if (filter.createdFromMs && head.createdAtMs < filter.createdFromMs) return false;
  if (filter.createdToMs && head.createdAtMs >= filter.createdToMs) return false;
  return !filter.name || head.foldedName.includes(folded(filter.name));
}

export const fitsTags = (filter: EvaluationFilter, tags: readonly string[]): boolean =>
  (filter.tags ?? []).every((tag) => tags.includes(tag));

/** A value that is text is compared as it is, any other one as its JSON without blanks. */
export const fitsMetadata = (filter: EvaluationFilter, metadata: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(filter.metadata ?? {}).every(([path, wanted]) => {
    const value = lookUp(metadata, path);
    return typeof value === 'string' ? value === wanted : value !== undefined && JSON.stringify(value) === compact(wanted);
  });

export const fits = (filter: EvaluationFilter, summary: EvaluationSummary): boolean =>
  fitsHead(filter, { ...summary, foldedName: folded(summary.name) }) &&
  fitsTags(filter, summary.tags) &&
  fitsMetadata(filter, summary.metadata);

/** A field by its name, else by its dotted path through objects. */
function lookUp(metadata: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(metadata, path)) return metadata[path];
  let value: unknown = metadata;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
