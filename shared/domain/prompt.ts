/** From a sample to the messages that a model is sent: system message, examples, the question, and what the answer begins with. */
import { withLastUserText, type ChatMessage } from './chat.ts';
import { AppError } from './errors.ts';
import type { Shot } from './manifest.ts';
import { ratedTexts, rightText } from './likelihood-texts.ts';
import { compileMultipleChoice } from './multiple-choice.ts';
import { inPlace } from './record-fields.ts';
import { inputText, variablesOf, type Sample } from './sample-mapping.ts';
import { ShotDraws } from './shot-draws.ts';
import { isLikelihoodSolver } from './solvers.ts';
import { solverOf } from './spec-defaults.ts';
import type { BenchmarkSpec, FewshotSpec } from './spec-schema.ts';
import { compileTemplate } from './template.ts';

/** What a model is sent for one sample. */
export interface Prompt {
  messages: ChatMessage[];
  /** What the answer begins with; no part of the completion. */
  prefill?: string;
}

export interface PromptMaker {
  make(sample: Sample, ordinal: number): Prompt;
  /** The same sample as an example for others. */
  shot(sample: Sample, ordinal: number): Shot;
}

/** Leaves the input as it is, messages included; nothing is rendered then. */
const AS_IT_IS = /^\{\{-?\s*input\s*-?\}\}$/;

/** `fewshot`: the benchmark's examples, at least as many as are wanted (one more where they are of its own dataset). */
export function compilePrompt(benchmark: BenchmarkSpec, fewshot: readonly Shot[]): PromptMaker {
  const { prompt } = benchmark;
  const ask = compileQuestion(benchmark);
  const examples = compileExamples(prompt.num_fewshot ?? 0, prompt.fewshot ?? {}, fewshot, prompt.gen_prefix ?? '');
  const showShot = compileShot(prompt.fewshot?.template);
  return {
    make(sample, ordinal) {
      const { input } = sample;
      const asked = ask.question(sample);
      const text = examples.inFront(ordinal, asked);
      const own: ChatMessage[] =
        typeof input === 'string' ? [{ role: 'user', content: text }] : text === inputText(sample) ? input : withLastUserText(input, text);
      const turns = examples.turns(ordinal);
      const said = examples.behind(ordinal, prompt.system_message);
      const system: ChatMessage[] = said === undefined ? [] : [{ role: 'system', content: said }];
      // A sample's own system messages stay in front of the examples.
      const first = own.findIndex((message) => message.role !== 'system');
      const messages = [...system, ...own.slice(0, first), ...turns, ...own.slice(first)];
      return prompt.gen_prefix === undefined ? { messages } : { messages, prefill: prompt.gen_prefix };
    },
    shot(sample, ordinal) {
      const { input } = sample;
      const [only] = input;
      if (typeof input !== 'string' && (input.length > 1 || typeof only !== 'object' || typeof only.content !== 'string'))
        throw new AppError(
          'invalid',
          'has several messages, or images or sound, as its input, and cannot be an example; examples are text',
        );
      const isOwn = prompt.fewshot?.uri === undefined;
      const shown = showShot(sample, ask.question(sample), ask.answer(sample));
      return { ...(isOwn ? { ordinal } : {}), ...shown };
    },
  };
}

/** By a template of its own an example is one text, and nothing is left to say behind it. */
function compileShot(source: string | undefined): (sample: Sample, question: string, answer: string) => Pick<Shot, 'user' | 'target'> {
  if (source === undefined) return (_sample, question, answer) => ({ user: question, target: answer });
  const template = inPlace('prompt.fewshot.template', () => compileTemplate(source));
  return (sample, question, answer) => {
    const variables = { ...variablesOf(sample), question, answer };
    return { user: inPlace('prompt.fewshot.template', () => template.render(variables)), target: '' };
  };
}

/** The user's text for a sample, and its answer as an example gives it. */
function compileQuestion(benchmark: BenchmarkSpec): { question(sample: Sample): string; answer(sample: Sample): string } {
  const source = benchmark.prompt.template;
  const template = AS_IT_IS.test(source) ? undefined : inPlace('prompt.template', () => compileTemplate(source));
  const solver = solverOf(benchmark);
  const checksTarget = benchmark.scorers.some((scorer) => scorer.name === 'choice');
  const rates = isLikelihoodSolver(solver.name);
  const choice = solver.name === 'multiple_choice' ? compileMultipleChoice(solver.args, checksTarget) : undefined;
  return {
    question(sample) {
      // Made where the sample runs; tried here too, so that what it lacks is known before.
      if (rates) ratedTexts(benchmark, sample);
      if (!template && !choice) return inputText(sample);
      const variables = variablesOf(sample);
      const text = template ? inPlace('prompt.template', () => template.render(variables)) : inputText(sample);
      return choice ? choice.ask(text, sample, variables) : text;
    },
    answer: (sample) => (choice ? choice.answer(sample) : rates ? rightText(benchmark, sample) : sample.target[0]!),
  };
}

interface Examples {
  /** The text with the examples in front of it, if they are text there. */
  inFront(ordinal: number, text: string): string;
  /** The system message with the examples behind it, if they are there. */
  behind(ordinal: number, system: string | undefined): string | undefined;
  /** The examples as turns of the chat, if they are. */
  turns(ordinal: number): ChatMessage[];
}

/**
 * The first `count` shots that are not the sample itself; of the sampler `lm_eval` the shots are all there are, and each sample has its own
 * draw. What all samples have is made once, and anew only for samples among them.
 */
function compileExamples(count: number, settings: Partial<FewshotSpec>, shots: readonly Shot[], genPrefix: string): Examples {
  const { as_multiturn: asTurns = false, in_system_message: inSystem = false } = settings;
  const { delimiter = '\n\n', target_delimiter: targetDelimiter = ' ' } = settings;
  // An example's answer begins as the model's own does; a space parts them as it would in a sentence.
  const prefix = genPrefix === '' || /\s$/.test(genPrefix) ? genPrefix : `${genPrefix} `;
  const isDrawn = settings.sampler === 'lm_eval' && count > 0 && shots.length > 0;
  // One more of the benchmark's own dataset, for it may be the sample itself.
  const isOwn = shots[0]?.ordinal !== undefined;
  const draws = isDrawn ? new ShotDraws(settings.seed ?? 1234, shots.length, isOwn ? count + 1 : count) : undefined;
  const chosen = isDrawn ? [] : shots.slice(0, count);
  const among = new Set(chosen.map((shot) => shot.ordinal).filter((ordinal) => ordinal !== undefined));
  const hasOwn = (ordinal: number): boolean => isDrawn || among.has(ordinal);
  const forSample = (ordinal: number): readonly Shot[] =>
    (draws ? draws.at(ordinal - 1).map((place) => shots[place]!) : shots).filter((shot) => shot.ordinal !== ordinal).slice(0, count);
  const shown = ({ user, target }: Shot): string =>
    settings.template === undefined ? `${user}${targetDelimiter}${prefix}${target}` : user;
  const textOf = (some: readonly Shot[]): string => some.map((shot) => shown(shot) + delimiter).join('');
  const turnsOf = (some: readonly Shot[]): ChatMessage[] =>
    some.flatMap((shot): ChatMessage[] => [
      { role: 'user', content: shot.user },
      { role: 'assistant', content: `${prefix}${shot.target}` },
    ]);
  const isText = !asTurns && !inSystem;
  const text = isText ? textOf(chosen) : '';
  const turns = asTurns ? turnsOf(chosen) : [];
  const listed = inSystem ? chosen.map(shown) : [];
  const systemOf = (system: string | undefined, some: readonly string[]): string | undefined =>
    system === undefined && some.length === 0 ? undefined : [...(system === undefined ? [] : [system]), ...some].join(delimiter);
  return {
    inFront: (ordinal, question) => (isText ? (hasOwn(ordinal) ? textOf(forSample(ordinal)) : text) + question : question),
    behind: (ordinal, system) => systemOf(system, inSystem && hasOwn(ordinal) ? forSample(ordinal).map(shown) : listed),
    turns: (ordinal) => (asTurns && hasOwn(ordinal) ? turnsOf(forSample(ordinal)) : turns),
  };
}
