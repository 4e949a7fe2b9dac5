/** Where a page of dead letters has ended. */
import { AppError } from '../../../shared/domain/errors.ts';
import { isEvaluationId } from '../../../shared/domain/ids.ts';

export interface LettersToken {
  /** Of the page of the list of evaluations on which the next one stands. */
  listToken: string;
  evaluationId: string;
  /** Of its letters, so many were given out. */
  letters: number;
}

export const writeToken = ({ listToken, evaluationId, letters }: LettersToken): string =>
  Buffer.from(JSON.stringify([listToken, evaluationId, letters])).toString('base64url');

/** undefined: the first page. */
export function readToken(text: string): LettersToken | undefined {
  if (text === '') return undefined;
  try {
    const [listToken, evaluationId, letters] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    if (typeof listToken === 'string' && typeof evaluationId === 'string' && isEvaluationId(evaluationId) && Number.isSafeInteger(letters))
      return { listToken, evaluationId, letters: letters as number };
  } catch {
    // Falls through to the one message below.
  }
  throw new AppError('invalid', 'page_token: is none of this list; begin with the first page', {
    faults: [{ place: 'page_token', problem: 'is none of this list; begin with the first page' }],
  });
}
