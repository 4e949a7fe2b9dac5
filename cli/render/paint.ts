/** Colours: whether a stream gets them, and how they are put around text. */
import { styleText } from 'node:util';
import type { EvaluationState } from '../../shared/domain/states.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold' | 'inverse';
export type Paint = (colour: Colour, text: string) => string;

export const noPaint: Paint = (_colour, text) => text;
const colours: Paint = (colour, text) => (text === '' ? '' : styleText(colour, text, { validateStream: false }));

type Env = Readonly<Record<string, string | undefined>>;

/** As Node decides it: FORCE_COLOR goes before NO_COLOR (which counts unless it is empty), both before what the stream is. */
export function wantsColour(stream: { isTTY?: boolean }, env: Env): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return !env['NO_COLOR'] && stream.isTTY === true && env['TERM'] !== 'dumb';
}

export const paintFor = (stream: { isTTY?: boolean }, env: Env): Paint => (wantsColour(stream, env) ? colours : noPaint);

export const stateColour = (state: EvaluationState): Colour =>
  state === 'succeeded' ? 'green' : state === 'failed' ? 'red' : state === 'running' || state === 'finalizing' ? 'cyan' : 'yellow';
