/** Where in the text of a spec the places of faults lie. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsed, spanOf, specText } from '../../../dashboard/src/spec-text.ts';

const SPEC = {
  name: 'sums "of", {two}',
  benchmarks: [{ benchmark: 'a', scorers: [{ name: 'match', args: { numeric: true } }, 'exact'] }],
  models: [{ model: 'openai/x' }],
};
const text = specText(SPEC);
const at = (place: string): string | undefined => {
  const span = spanOf(text, place);
  return span && text.slice(span.from, span.to);
};

describe('places', () => {
  it('are those of values, with the names of an object’s', () => {
    expect(at('name')).toBe('"name": "sums \\"of\\", {two}"');
    expect(at('benchmarks[0].scorers[1]')).toBe('"exact"');
    expect(at('benchmarks[0].scorers[0].args.numeric')).toBe('"numeric": true');
    expect(spanOf(text, 'models[0].model')!.line).toBe(text.split('\n').findIndex((line) => line.includes('openai/x')) + 1);
  });

  it('that are not there are told of what would have them', () => {
    expect(at('models[0].generate_config.top_p')).toBe('{\n      "model": "openai/x"\n    }');
    expect(at('models[0].model line 3')).toBe('"model": "openai/x"');
    expect([at('test.jsonl line 17'), at('')]).toEqual([undefined, undefined]);
  });

  it('are found for every value of whatever is JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.jsonValue(), { minKeys: 1 }), fc.boolean(), (spec, isTight) => {
        const own = isTight ? JSON.stringify(spec) : specText(spec);
        for (const [name, value] of Object.entries(spec)) {
          const { from, to } = spanOf(own, name)!;
          expect(JSON.parse(`{${own.slice(from, to)}}`)).toEqual({ [name]: JSON.parse(JSON.stringify(value)) });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of broken text end, wherever it breaks off', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.constantFrom('name', 'benchmarks[0].scorers[1]', 'x'), (end, place) => {
        spanOf(text.slice(0, end), place);
        spanOf(`${text.slice(0, end)}}]"${text.slice(end)}`, place);
      }),
    );
    expect(spanOf('['.repeat(100_000), 'a')).toBeUndefined();
  });
});

describe('the text', () => {
  it('says the same as the spec, and shows what cannot be seen', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (spec) => {
        expect(parsed(specText(spec))).toEqual({ spec: JSON.parse(JSON.stringify(spec)) });
      }),
    );
    expect(specText({ name: 'a\u202eb' })).toContain('a\\u202eb');
    const hidden = 'a\u00ad\u061c\u200b\u200d\u2060\ufeff\u{e0041}b 👩‍🚀';
    expect(specText({ name: hidden })).toContain('"a\\u00ad\\u061c\\u200b\\u200d\\u2060\\ufeff\\udb40\\udc41b 👩‍🚀"');
    expect(parsed(specText({ name: hidden }))).toEqual({ spec: { name: hidden } });
  });

  it('that is no JSON says where', () => {
    const broken = text.replace('"a",', '"a"');
    expect(parsed(broken)).toMatchObject({ problem: expect.any(String), span: { line: 6 } });
    expect(parsed('{')).toMatchObject({ span: { line: 1 } });
  });
});
