/** The question before something is done to several at once, or for good. */
import { AppError } from '../shared/domain/errors.ts';
import { raceSignal } from '../shared/runtime/abort.ts';
import { Interrupted } from './exit.ts';
import type { Shell } from './shell.ts';

const LONGEST_ANSWER = 100;

/**
 * Asks on a terminal and throws Interrupted unless the answer is yes. Where nobody can answer, `invalid`: --yes is wanted.
 * With `yes` nothing is asked.
 */
export async function confirmed(shell: Shell, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!shell.stdin.isTTY || !shell.stderr.isTTY)
    throw new AppError('invalid', `${question} Nobody can be asked here; add --yes if that is what you want`);
  shell.stderr.write(`${question} [y/N] `);
  const answer = await raceSignal(readLine(shell.stdin), shell.interrupted);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Interrupted('Nothing was done.');
}

/** One line, at most LONGEST_ANSWER characters of it. '' at the end of input. */
function readLine(stdin: Shell['stdin']): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (): void => {
      stdin.off('data', onData).off('end', done).off('error', reject);
      stdin.pause();
      resolve(text.split('\n')[0]!.slice(0, LONGEST_ANSWER));
    };
    const onData = (data: Buffer | string): void => {
      text += data.toString();
      if (text.includes('\n') || text.length > LONGEST_ANSWER) done();
    };
    stdin.on('data', onData).once('end', done).once('error', reject);
  });
}
