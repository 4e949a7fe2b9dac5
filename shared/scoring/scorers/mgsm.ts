/**
 * `mgsm`: the last number after the last "Answer" (or what that is in the language of the question) is the target. Semantics of
 * simple-evals' MGSM. Case counts; commas are left out; a number is `\d+\.?\d*`, without zeros at the end of its decimals. It has no
 * sign, so that no target below 0 is ever met. Without the word or a number the answer is the empty text.
 */
import { z } from 'zod';
import { anyTarget, type ScorerKind } from '../scorer.ts';

/** The word that simple-evals asks the model to write before its answer. */
const PREFIXES = {
  bn: 'উত্তর',
  de: 'Antwort',
  en: 'Answer',
  es: 'Respuesta',
  fr: 'Réponse',
  ja: '答え',
  ru: 'Ответ',
  sw: 'Jibu',
  te: 'సమాధానం',
  th: 'คำตอบ',
  zh: '答案',
};
const LANGUAGES = Object.keys(PREFIXES) as (keyof typeof PREFIXES)[];

const args = z.strictObject({
  language: z.enum(LANGUAGES).default('en').describe('Which word stands before the answer: "Answer" for en, "Antwort" for de, …'),
});

export const mgsm: ScorerKind<z.infer<typeof args>> = {
  args,
  create: ({ language }) => {
    const prefix = PREFIXES[language];
    return (output, targets) => {
      const answer = answerAfter(output, prefix);
      return anyTarget(targets, (target) => ({ answer, matched: target.replaceAll(',', '') === answer }));
    };
  },
};

function answerAfter(text: string, prefix: string): string {
  const at = text.lastIndexOf(prefix);
  if (at < 0) return '';
  let last = '';
  const rest = text.slice(at + prefix.length).replaceAll(',', '');
  for (const [number] of rest.matchAll(/\p{Nd}+\.?\p{Nd}*/gu)) last = number;
  let end = last.length;
  if (last.includes('.') && !last.endsWith('.')) while (last[end - 1] === '0') end--;
  return last.slice(0, last[end - 1] === '.' ? end - 1 : end);
}
