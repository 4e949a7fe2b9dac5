// A scorer of a team's own: how many of the target's words the answer has, as a grade from 0 to 1.
//
//   npm install assay-0.2.0.tgz && node scorer.ts
//
// docs/plugins.md says how an agent starts it and how a spec names it.
import { defineScorer, runScorerCommand } from 'assay/plugin';

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const overlap = defineScorer(({ output, target, args }) => {
  const said = new Set(wordsOf(output));
  if (said.size === 0) return { value: 'N', explanation: 'the answer has no words' };
  const grades = target.map((text) => {
    const wanted = wordsOf(text);
    return wanted.length === 0 ? 0 : wanted.filter((word) => said.has(word)).length / wanted.length;
  });
  const grade = Math.max(0, ...grades);
  // With {"at_least": 0.8} among the spec's args it is a verdict, not a grade.
  const least = args['at_least'];
  return { value: typeof least === 'number' ? (grade >= least ? 'C' : 'I') : grade, answer: [...said].join(' ') };
});

await runScorerCommand(overlap);
