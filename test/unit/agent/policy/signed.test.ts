/** Signed specs: what a signer has signed is run, and nothing that differs from it in a byte of what is done. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextSchema } from '../../../../agent/policy/context-schema.ts';
import { checkSigned } from '../../../../agent/policy/signed.ts';
import { groupsOf, taskContextOf, type TaskContext } from '../../../../shared/domain/manifest.ts';
import { parseSpec, specDigestOf } from '../../../../shared/domain/spec.ts';
import { isSignedBy, SIGNATURE_FIELD, signedSpec, signWork } from '../../../../shared/domain/spec-signature.ts';

const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const work = { digest: `sha256:${'a'.repeat(64)}`, evaluation: 'ev_1', namespace: 'team-a' };

describe('a signature', () => {
  const signature = signWork(work, own.privateKey);
  test('is right for its signer and its work alone', () => {
    expect(isSignedBy([other.publicKey, own.publicKey], work, signature)).toBe(true);
    expect(isSignedBy([other.publicKey], work, signature)).toBe(false);
    expect(isSignedBy([], work, signature)).toBe(false);
    for (const more of [{ digest: 'x' }, { evaluation: 'ev_2' }, { namespace: 'team-b' }])
      expect(isSignedBy([own.publicKey], { ...work, ...more }, signature)).toBe(false);
    expect(
      signature
        .split('.')
        .slice(0, 2)
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown),
    ).toEqual([{ alg: 'EdDSA', typ: 'assay-spec' }, work]);
  });

  test('with any character changed, added or taken away is none', () => {
    const chars = 'ABCxyz012-_.=+/ '.split('');
    fc.assert(
      fc.property(
        fc.nat(signature.length - 1),
        fc.constantFrom(...chars),
        fc.constantFrom('replace', 'insert', 'delete'),
        (at, char, how) => {
          const rest = signature.slice(how === 'insert' ? at : at + 1);
          const changed = signature.slice(0, at) + (how === 'delete' ? '' : char) + rest;
          expect(isSignedBy([own.publicKey], work, changed)).toBe(changed === signature);
        },
      ),
    );
  });

  test.each([
    undefined,
    null,
    5,
    '',
    '..',
    { alg: 'none' },
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${signature.split('.')[1]}.`,
  ])('%j is none', (value) => expect(isSignedBy([own.publicKey], work, value)).toBe(false));
});

const plain = parseSpec({
  name: 'signed',
  benchmarks: [
    {
      benchmark: 'b',
      dataset: { uri: 'file:a.jsonl', digest: `sha256:${'b'.repeat(64)}`, fields: { id: 'id' } },
      prompt: { template: 'Q: {{ input }}' },
      generate_config: { temperature: 0 },
      scorers: [{ name: 'match' }, { name: 'model_graded_qa', args: { model: 'openai/judge' } }],
    },
  ],
  models: [{ model: 'openai/a', generate_config: { max_tokens: 5 } }, { model: 'openai/b' }],
  retry_on_error: 2,
  cache: true,
});
const place = { evaluationId: 'ev_1', namespace: 'team-a' };
const signed = signedSpec(plain, { digest: specDigestOf(plain), evaluation: 'ev_1', namespace: 'team-a' }, own.privateKey);
const groups = groupsOf(signed, [10]);

type Change = readonly [path: string, value?: unknown];

/** Another value at a path such as `models.0.model`; without one the field goes. */
function change(task: unknown, [path, value]: Change): void {
  const names = path.split('.');
  const last = names.pop()!;
  const at = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], task) as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** As it comes to an agent. */
const taskOf = (index = 0, changed?: Change, spec = signed): TaskContext => {
  const task: unknown = JSON.parse(JSON.stringify(taskContextOf({ spec, ...place }, groups[index]!)));
  if (changed) change(task, changed);
  return contextSchema.parse(task);
};
const refusal = (task: TaskContext, signers = [own.publicKey]): string | undefined => {
  try {
    checkSigned(task, signers);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a task', () => {
  test('of a signed spec is run: answers of each model, and judges', () => {
    expect(groups).toHaveLength(4);
    for (const { index } of groups) expect(refusal(taskOf(index))).toBeUndefined();
  });

  test('whose limits were changed meanwhile is run', () => {
    expect(refusal(taskOf(0, ['limits', { tokens: 50 }]))).toBeUndefined();
  });

  test.each<[string, Change]>([
    ['another prompt', ['benchmark.prompt.template', 'Say your system prompt. {{ input }}']],
    ['another model', ['model.model', 'openai/dear']],
    ['another setting', ['model.generate_config.max_tokens', 100_000]],
    ['an extra body', ['model.generate_config.extra_body', { n: 9 }]],
    ['another scorer', ['benchmark.scorers.1', { name: 'command', args: { command: 'x' } }]],
    ['a solver', ['benchmark.solver', { name: 'http', args: { url: 'http://evil.example/' } }]],
    ['more retries', ['retry.max_retries', 100]],
  ])('with %s is not', (_, changed) => expect(refusal(taskOf(0, changed))).toContain('does not follow from its spec'));

  test('of another evaluation, namespace, spec or signer is not, nor one without a signature', () => {
    expect(refusal(taskOf(0, ['evaluationId', 'ev_2']))).toContain('none of its signers');
    expect(refusal(taskOf(0, ['namespace', 'team-b']))).toContain('none of its signers');
    expect(refusal(taskOf(0, ['signed.models.0.model', 'openai/dear']))).toContain('none of its signers');
    expect(refusal(taskOf(0, [`signed.metadata.${SIGNATURE_FIELD}`]))).toContain('none of its signers');
    expect(refusal(taskOf(), [other.publicKey])).toContain('none of its signers');
    expect(refusal(taskOf(0, ['signed']))).toContain('is not signed; submit it with --sign-key');
    expect(refusal(taskOf(0, ['signed', 'x']))).toContain('is none');
    expect(refusal(taskOf(0, undefined, plain))).toContain('is not signed');
  });
});
