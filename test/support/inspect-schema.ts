/** Inspect's published schema of its logs, which lies beside the project and not in it. */
import { existsSync, readFileSync } from 'node:fs';
import { compileSchema } from '../../shared/scoring/json/schema.ts';

const PLACE = new URL('../../../shared/data/inspect/inspect-openapi.json', import.meta.url);
export const hasInspectSchema = existsSync(PLACE);

/** Undefined where a log is as Inspect's schema has it. */
export function inspectSchemaFault(): (log: unknown) => unknown {
  const text = readFileSync(PLACE, 'utf8').replaceAll('#/components/schemas/', '#/$defs/');
  const document = JSON.parse(text, (key, value: unknown) => (key === 'discriminator' ? undefined : value)) as {
    components: { schemas: Record<string, object> };
  };
  return compileSchema({ $ref: '#/$defs/EvalLog', $defs: document.components.schemas });
}
