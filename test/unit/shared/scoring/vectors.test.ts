/**
 * Scorers, filters, metrics and the like against published vectors, which lie beside the project and not in it. Absent: the tests are
 * skipped, and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADAPTERS as CHOICE } from './vectors/choice.ts';
import { ADAPTERS as ENDPOINTS } from './vectors/endpoints.ts';
import { ADAPTERS as OVERLAP } from './vectors/overlap.ts';
import { ADAPTERS as STATISTICS } from './vectors/statistics.ts';
import { ADAPTERS as TEXT } from './vectors/text.ts';
import type { Adapters, Vector } from './vectors/vector.ts';

const VECTORS = new URL('../../../../../shared/data/vectors.json', import.meta.url);

const ALL: readonly Adapters[] = [CHOICE, TEXT, OVERLAP, STATISTICS, ENDPOINTS];
const ADAPTERS: Adapters = Object.assign({}, ...ALL) as Adapters;

/** Kinds that nothing here answers to, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  promptfoo_recovery_path: "promptfoo's way back to more connections; the adaptive limit here moves as Inspect's does",
  static_shard_range: 'NeMo cuts a dataset into fixed shards; here agents are handed what they have room for',
  retry_nemo: 'NeMo repeats neither 408 nor 529, which are repeated here, as the SDKs of OpenAI and Anthropic do',
};

const kindOf = ({ scorer, metric }: Vector): string => (scorer ?? metric)!;

/** Why a single vector of a kind with an adapter is otherwise here, on purpose. */
function otherwise(vector: Vector): string | undefined {
  if (kindOf(vector) === 'retry_class_inspect' && vector['status'] === 425)
    return '425 (Too Early) asks for a repetition (RFC 8470 §5.2) and is repeated here; Inspect gives up';
  return undefined;
}

const isOfPeer = ({ params }: Vector): boolean => params?.['anti_pattern'] === true;

/** Equal: numbers within the tolerance, the rest exactly. */
function agrees(found: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof found === 'number' && typeof expected === 'number') return Math.abs(found - expected) <= tolerance;
  if (typeof found !== 'object' || typeof expected !== 'object' || found === null || expected === null) return found === expected;
  if (Array.isArray(found) !== Array.isArray(expected)) return false;
  const [own, wanted] = [found, expected].map((value) => new Map(Object.entries(value)));
  return own!.size === wanted!.size && [...wanted!].every(([key, value]) => own!.has(key) && agrees(own!.get(key), value, tolerance));
}

/** What the project says, or what it throws. */
function answerTo(vector: Vector): unknown {
  try {
    return ADAPTERS[kindOf(vector)]!(vector);
  } catch (error) {
    return String(error);
  }
}

describe.skipIf(!existsSync(VECTORS))('published vectors (skipped where ../shared/data/vectors.json is absent)', () => {
  const read = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]) : [];
  const vectors = read.filter((vector) => !isOfPeer(vector));
  const kinds = Map.groupBy(vectors, kindOf);
  const isCompared = (vector: Vector): boolean => Object.hasOwn(ADAPTERS, kindOf(vector)) && otherwise(vector) === undefined;

  it('all agree', () => {
    const differences: unknown[] = [];
    for (const [kind, own] of kinds) {
      const compared = own.filter(isCompared);
      if (compared.length === 0) continue;
      let matched = 0;
      for (const vector of compared) {
        const found = answerTo(vector);
        if (agrees(found, vector.expected, vector.tolerance ?? 1e-9)) matched++;
        else differences.push({ found, ...vector });
      }
      console.log(JSON.stringify({ [kind]: `${matched}/${compared.length}` }));
    }
    expect(differences).toEqual([]);
  });

  it('that are not compared have a reason, and are few', () => {
    const left = vectors.filter((vector) => !isCompared(vector));
    const because = (vector: Vector): string | undefined => otherwise(vector) ?? ELSEWHERE[kindOf(vector)];
    for (const [kind, own] of Map.groupBy(left, kindOf))
      console.log(JSON.stringify({ [kind]: `0/${own.length}`, because: because(own[0]!) }));
    const share = left.length / vectors.length;
    console.log(JSON.stringify({ compared: vectors.length - left.length, of: vectors.length, left: `${(100 * share).toFixed(1)} %` }));
    expect(left.filter((vector) => because(vector) === undefined).map(kindOf)).toEqual([]);
    expect(share).toBeLessThan(0.03);
  });

  it('are each answered by one adapter', () => {
    const names = [...ALL.flatMap((adapters) => Object.keys(adapters)), ...Object.keys(ELSEWHERE)];
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
