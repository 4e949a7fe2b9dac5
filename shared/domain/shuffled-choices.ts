/**
 * The choices of a sample in an order of its own, and the target's letters with them. As Inspect's `shuffle_choices(seed)` of a dataset: one
 * generator, Python's `Random(seed)`, goes through the samples, and each sample's places are shuffled by `rnd.shuffle`. The number of choices
 * says how far a shuffle takes the generator, so the orders are Inspect's where all samples of a dataset have as many choices; a sample with
 * another number gets the order that it would have if all samples before it had as many as itself.
 */
import { letterOf, targetLetters } from '../scoring/scorers/answer-letters.ts';
import { AppError } from './errors.ts';
import type { Sample } from './sample-mapping.ts';
import { SeededDraws } from './seeded-draws.ts';

/** Numbers of choices whose generators are kept; datasets have few. */
const MAX_SIZES = 16;

/** `ordinal`: the sample's number in the dataset, from 1. Throws AppError invalid for a target that is no letters of choices. */
export function shuffleChoices(seed: number): (sample: Sample, ordinal: number) => Sample {
  const bySize = new Map<number, SeededDraws>();
  const drawsOf = (size: number): SeededDraws => {
    let draws = bySize.get(size);
    if (!draws) {
      if (bySize.size >= MAX_SIZES) bySize.delete(bySize.keys().next().value!);
      draws = new SeededDraws(seed, size, (random) => {
        const places = Array.from({ length: size }, (_, i) => i);
        random.shuffle(places);
        return places;
      });
      bySize.set(size, draws);
    }
    return draws;
  };
  return (sample, ordinal) => {
    const { choices } = sample;
    if (!choices || choices.length === 0) return sample; // the solver says what it lacks
    const order = drawsOf(choices.length).at(ordinal - 1);
    const letters = choices.map((_, place) => letterOf(place));
    const target = sample.target.map((text) => {
      const wanted = targetLetters(text, letters);
      if (!wanted)
        throw new AppError(
          'invalid',
          `has the target ${JSON.stringify(text.slice(0, 60))}, which names no choice by its letter, so that it cannot follow the shuffle; there are ${letters.slice(0, 30).join(', ')} (dataset.target_template can make a letter of it)`,
        );
      return wanted.map((letter) => letterOf(order.indexOf(letters.indexOf(letter)))).join(',');
    });
    // Kept where readers, templates and exports see it: the place from 0 that each choice has in the dataset.
    const metadata = { choice_order: [...order], ...sample.metadata };
    return { ...sample, choices: order.map((place) => choices[place]!), target, metadata };
  };
}
