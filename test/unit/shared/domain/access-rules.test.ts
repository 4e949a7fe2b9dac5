/** The table of methods in docs/access.md is that of the rules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRules, RULES, type NamespaceRule } from '../../../../shared/domain/access-rules.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/access.md'), 'utf8');
const WHERE: Record<NamespaceRule, string> = {
  none: '',
  request: 'the namespace that the request names',
  evaluation: 'the evaluation’s namespace',
  own: 'what is in the caller’s namespaces',
  every: 'all namespaces',
};

test('docs/access.md says what the rules say', () => {
  const rows = Object.entries(RULES).map(([path, { needs, namespace, privileged, noted }]) => {
    const [, service, method] = path.split('/');
    return `| ${service!.split('.').at(-1)} | \`${method}\` | ${needs}${privileged ? ', told' : ''}${noted ? ', noted' : ''} | ${WHERE[namespace]} |`;
  });
  expect(PAGE.split('\n').filter((line) => /^\| \w+ \| `\w+` \|/.test(line))).toEqual([...new Set(rows)]);
});

test('what has no row is closed', () => {
  expect(() => checkRules(Object.keys(RULES))).not.toThrow();
  expect(() => checkRules(['/a.B/C', '/assay.v1.EvaluationService/getEvaluation', 'toString'])).toThrow(
    'nobody may call /a.B/C, /assay.v1.EvaluationService/getEvaluation, toString: add a row',
  );
});
