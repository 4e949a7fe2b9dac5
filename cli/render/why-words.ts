/** How a reason's effect is told. Pure. */
import type { ReasonEffect } from '../../shared/client/why.ts';
import type { Colour } from './paint.ts';

export const WORD: Readonly<Record<ReasonEffect, string>> = { blocks: 'stopped', runs: 'runs', slows: 'slowed', over: 'over' };
export const COLOUR: Readonly<Record<ReasonEffect, Colour>> = { blocks: 'red', runs: 'green', slows: 'yellow', over: 'dim' };
export const WORD_WIDTH = Math.max(...Object.values(WORD).map((word) => word.length));
