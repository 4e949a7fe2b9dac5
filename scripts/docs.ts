/** `npm run docs`: writes the pages of docs/ that are made from code. Each is a row; `npm run check` compares them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiPage } from './docs-api.ts';
import { cliPage } from './docs-cli.ts';
import { configPage } from './docs-config.ts';
import { httpApiPage, openApi } from './docs-http.ts';
import { metricsPage } from './docs-metrics.ts';
import { specPage } from './docs-spec.ts';
import { specJsonSchema } from '../shared/domain/spec-json-schema.ts';

const ROOT = join(import.meta.dirname, '..');

/** File, by its place in docs/, and what makes its text. */
const PAGES: readonly (readonly [file: string, make: () => string | Promise<string>])[] = [
  ['reference/cli.md', cliPage],
  ['reference/config.md', configPage],
  ['reference/api.md', apiPage],
  ['reference/spec.md', specPage],
  ['spec.schema.json', () => `${JSON.stringify(specJsonSchema(), null, 2)}\n`],
  ['reference/metrics.md', metricsPage],
  ['reference/http-api.md', httpApiPage],
  // The coordinator serves it.
  ['../shared/http/openapi.json', openApi],
];

/** Which pages differ from what the code says, a line each; with `write` they are written instead. */
export async function generateDocs({ write }: { write: boolean }): Promise<string> {
  let drift = '';
  for (const [file, make] of PAGES) {
    const path = join(ROOT, 'docs', file);
    const [wanted, there] = [await make(), await readFile(path, 'utf8').catch(() => '')];
    if (wanted === there) continue;
    if (write) await writeFile(path, wanted);
    else drift += `docs/${file} differs from the code\n`;
  }
  return drift;
}

if (import.meta.main) await generateDocs({ write: true });
