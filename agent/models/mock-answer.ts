/** What the mock says: a right answer ends in the target, a wrong one does not contain it. Pure. */
import { textOf } from '../../shared/domain/chat.ts';
import type { GenerateRequest } from './provider.ts';
import { PLACEHOLDER, type MockKnobs, type TextField } from './mock-knobs.ts';

/** The completion for a sample that is answered rightly or not. The same request gives the same text. */
export function mockAnswer(request: Pick<GenerateRequest, 'model' | 'messages' | 'sample'>, knobs: MockKnobs, correct: boolean): string {
  const { id, epoch, target } = request.sample;
  if (knobs.text === undefined) return defaultAnswer(target, correct, knobs.completionBytes);
  const values: Record<TextField, () => string> = {
    answer: () => (correct ? (target[0] ?? '') : wrongAnswer(target)),
    target: () => target[0] ?? '',
    input: () => {
      const message = request.messages.findLast(({ role }) => role === 'user');
      return message ? textOf(message) : '';
    },
    id: () => String(id),
    epoch: () => String(epoch),
    model: () => request.model,
    correct: () => String(correct),
  };
  return filled(
    knobs.text.replace(PLACEHOLDER, (_, field: TextField) => values[field]()),
    target,
    knobs.completionBytes,
  );
}

function defaultAnswer(target: readonly string[], correct: boolean, bytes: number): string {
  if (correct) return filled(`The answer is ${target[0] ?? ''}`, [], bytes);
  const wrong = wrongAnswer(target);
  // "The answer is B" contains the target "a": then the bare wrong answer has to do.
  const sentence = `The answer is ${wrong}`;
  return filled(avoids(sentence, target) ? sentence : wrong, target, bytes);
}

const WRONG_WORDS = ['unknown', 'no idea', 'zzz', 'qqq', 'xxx', '7', '?'];

/** Something that neither is nor contains any of the targets; a number when the first target is one. */
function wrongAnswer(target: readonly string[]): string {
  const digits = (target[0] ?? '').replace(/[$£€,\s]/g, '');
  const number = digits === '' ? NaN : Number(digits);
  // Far enough away: numeric scorers compare five digits. 2n + 1 contains n only for 9, 99, …
  const numbers = Number.isFinite(number)
    ? [2 * number + 1, 3 * number + 5, -number - 3].map((n) => String(Number(n.toPrecision(12))))
    : [];
  return [...numbers, ...WRONG_WORDS].find((word) => avoids(word, target)) ?? '';
}

/** Whether no scorer that looks for a target finds one. An empty target is found everywhere: nothing avoids it. */
function avoids(text: string, target: readonly string[]): boolean {
  const plain = text.toLowerCase();
  return target.every((one) => {
    const wanted = one.trim().toLowerCase();
    // Scorers drop signs and marks at the ends: "3" would do for "-3".
    const bare = wanted.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    return wanted === '' || !(plain.includes(wanted) || (bare !== '' && plain.includes(bare)));
  });
}

const FILLERS = ['Let me think. ', 'Hmm. ', 'zz ', '. '];

/** The text with as much in front as makes `bytes` bytes, none of it containing what must be avoided. */
function filled(text: string, avoid: readonly string[], bytes: number): string {
  const missing = bytes - Buffer.byteLength(text);
  if (missing <= 0) return text;
  const longest = Math.max(0, ...avoid.map((one) => one.length));
  const filler = FILLERS.find((one) => avoids(one.repeat(2 + Math.ceil(longest / one.length)), avoid)) ?? '. ';
  return filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing - 1) + ' ' + text;
}
