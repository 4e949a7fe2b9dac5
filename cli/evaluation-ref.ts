/** How people name an evaluation: by its id, by the beginning of its id, or as the last one. */
import type { AssayClient } from '../shared/client/client.ts';
import { AppError } from '../shared/domain/errors.ts';
import { isEvaluationId } from '../shared/domain/ids.ts';
import { pagesOf } from './pages.ts';
import { plainText } from './render/text.ts';

/** For the help of every command that takes one. */
export const EVALUATION = 'its id, the beginning of its id, or `last`';

export type EvaluationRef = { id: string } | { prefix: string } | 'last';

/** A prefix is looked for among so many of the newest evaluations. */
const MOST_LOOKED_AT = 20_000;

/** What was typed, or `invalid`: known before any coordinator is asked. */
export function parseRef(text: string): EvaluationRef {
  if (text === 'last') return 'last';
  if (isEvaluationId(text)) return { id: text };
  if (/^ev_[a-z2-7]{6,25}$/.test(text)) return { prefix: text };
  throw new AppError(
    'invalid',
    `'${plainText(text).slice(0, 80)}' is no evaluation id; one looks like ev_ and 26 letters and digits, as run and submit print it. The first 6 of them are enough, and \`last\` is the newest`,
  );
}

/** The evaluation's id. `not_found` if there is none, `invalid` if a prefix fits several. */
export async function resolveRef(client: Pick<AssayClient, 'list'>, ref: EvaluationRef, namespace?: string): Promise<string> {
  if (typeof ref === 'object' && 'id' in ref) return ref.id;
  const filter = namespace ? { namespace } : {};
  const where = namespace ? `the namespace ${plainText(namespace)}` : 'the namespace default';
  if (ref === 'last') {
    const [newest] = (await client.list(filter, { size: 1 })).items;
    if (newest) return newest.evaluationId;
    throw new AppError('not_found', `there is no evaluation in ${where} yet; begin with \`assay run SPEC\`, or name another --namespace`);
  }
  const found: string[] = [];
  for await (const items of pagesOf((page) => client.list(filter, page), MOST_LOOKED_AT))
    for (const { evaluationId } of items) if (evaluationId.startsWith(ref.prefix)) found.push(evaluationId);
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new AppError('not_found', `no evaluation in ${where} begins with ${ref.prefix}; \`assay list\` shows those that there are`);
  const some = found.slice(0, 5).join(', ');
  throw new AppError(
    'invalid',
    `${ref.prefix} begins ${found.length} evaluations (${some}${found.length > 5 ? ', …' : ''}); write more of the id`,
  );
}
